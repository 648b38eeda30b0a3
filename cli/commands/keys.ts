/** `frontrow keys`: fresh keys as environment lines, each process's own under its heading. */
import { generateSigningKey } from "@frontrow/shared/identity/signed.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import type { Command } from "commander";

export function register(program: Command): void {
  program
    .command("keys")
    .description("prints fresh keys for the three kinds of process")
    .action(() => {
      process.stdout.write(freshKeys());
    });
}

/** One set: a link key for each end, a fleet key, an issuer key. What is private stands in one section only. */
export function freshKeys(): string {
  const [edgeLink, metroLink, fleet] = [generateSigningKey(), generateSigningKey(), generateSigningKey()];
  const issuer = generateSeatKey();
  return `# Made by \`frontrow keys\`. Each section goes to one kind of process; all but *_PEERS and *_KEYS are secret.
# To replace a key: add the new public half to the lists, then change the private one, then take the old one off the lists.

# edge
FRONTROW_LINK_KEY=${edgeLink.privateText}
FRONTROW_LINK_PEERS=${metroLink.publicKey}

# matchmaker (the same on all of a metro's; another metro has its own)
FRONTROW_LINK_KEY=${metroLink.privateText}
FRONTROW_LINK_PEERS=${edgeLink.publicKey}
FRONTROW_FLEET_KEYS=${fleet.publicKey}
FRONTROW_ISSUER_KEY=${issuer.privateText}

# game-server
FRONTROW_FLEET_KEY=${fleet.privateText}
FRONTROW_ISSUER_KEYS=${issuer.publicKey}
`;
}
