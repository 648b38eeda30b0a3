/** `frontrow keys`: fresh keys as environment lines, each process's own under its heading or in a file of its own. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeApiKey } from "@frontrow/matchmaker/api/keys.ts";
import { API_SCOPES, type ApiScope, parseApiKey } from "@frontrow/shared/config/api-keys.ts";
import { generateSigningKey } from "@frontrow/shared/identity/signed.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import type { Command } from "commander";

export function register(program: Command): void {
  program
    .command("keys")
    .description("prints fresh keys for the three kinds of process")
    .option("--write <folder>", "one file a kind of process instead: edge.env, matchmaker.env, game-server.env")
    .option("--api <id>", "a key of the HTTP API instead, for a studio's server of that name")
    .option("--scopes <scopes>", `what it may do, of ${API_SCOPES.join("+")}`, API_SCOPES.join("+"))
    .option("--until <date>", "the day on which it ends, such as 2027-06-30; without it, when it is taken off the list")
    .option("--webhook", "a secret that webhooks are signed with instead")
    .action((options: KeysOptions) => void process.stdout.write(keysFor(options)));
}

interface KeysOptions {
  readonly write?: string;
  readonly api?: string;
  readonly scopes: string;
  readonly until?: string;
  readonly webhook?: boolean;
}

function keysFor({ write, api, scopes, until, webhook }: KeysOptions): string {
  if (api !== undefined) return freshApiKey(api, scopes, until);
  if (webhook) {
    const secret = `whsec_${randomBytes(32).toString("base64")}`;
    return `# The same on the matchmakers and at the receiver.\nFRONTROW_WEBHOOK_SECRET=${secret}\n`;
  }
  return write === undefined ? freshKeys() : writeFiles(write, makeKeys());
}

/** The key is shown once: the matchmaker keeps its hash. Throws for an id, scopes or a date that the setting would refuse. */
function freshApiKey(id: string, scopes: string, until: string | undefined): string {
  const { key, entry } = makeApiKey(id, scopes.split(/[+,]/) as ApiScope[], until);
  const problem = parseApiKey(entry);
  if (typeof problem === "string") throw new Error(optionProblem(id, until) ?? `the key ${problem}`);
  if ((problem.untilMs ?? Infinity) <= Date.now()) throw new Error(`--until: ${until} is over already`);
  return `# For ${id}, shown once: Authorization: Bearer <key>
# ${key}
# For the metro's matchmakers; further entries follow after commas.
FRONTROW_API_KEYS=${entry}
`;
}

/** The setting's own sentence speaks of a list, which nobody has written here. */
function optionProblem(id: string, until: string | undefined): string | undefined {
  if (!/^[\w-]{1,64}$/.test(id)) return "--api: the server's name is 1 to 64 letters, digits, _ or -";
  if (until !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(until)) return "--until: a day as 2027-06-30";
  return undefined;
}

type Keys = Record<"edge" | "matchmaker" | "game-server", Record<string, string>>;

/** One set: a link key for each end, a fleet key, an issuer key. What is private stands in one section only. */
function makeKeys(): Keys {
  const [edgeLink, metroLink, fleet] = [generateSigningKey(), generateSigningKey(), generateSigningKey()];
  const issuer = generateSeatKey();
  return {
    edge: { FRONTROW_LINK_KEY: edgeLink.privateText, FRONTROW_LINK_PEERS: metroLink.publicKey },
    matchmaker: {
      FRONTROW_LINK_KEY: metroLink.privateText,
      FRONTROW_LINK_PEERS: edgeLink.publicKey,
      FRONTROW_FLEET_KEYS: fleet.publicKey,
      FRONTROW_ISSUER_KEY: issuer.privateText,
    },
    "game-server": { FRONTROW_FLEET_KEY: fleet.privateText, FRONTROW_ISSUER_KEYS: issuer.publicKey },
  };
}

const ABOUT = `# Made by \`frontrow keys\`. Each section goes to one kind of process; all but *_PEERS and *_KEYS are secret.
# To replace a key: add the new public half to the lists, then change the private one, then take the old one off the lists.
`;
const HEADINGS = {
  edge: "edge",
  matchmaker: "matchmaker (the same on all of a metro's; another metro has its own)",
  "game-server": "game-server",
};
const kinds = Object.keys(HEADINGS) as (keyof Keys)[];

const sectionOf = (kind: keyof Keys, keys: Keys) =>
  [`# ${HEADINGS[kind]}`, ...Object.entries(keys[kind]).map(([name, value]) => `${name}=${value}`), ""].join("\n");

/** As the command prints them. */
export function freshKeys(): string {
  const keys = makeKeys();
  return [ABOUT, ...kinds.map((kind) => sectionOf(kind, keys))].join("\n");
}

/** Readable by their owner alone; keys that are in use already are never written over. */
function writeFiles(folder: string, keys: Keys): string {
  mkdirSync(folder, { recursive: true });
  const files = kinds.map((kind) => [join(folder, `${kind}.env`), sectionOf(kind, keys)] as const);
  for (const [file, text] of files) {
    try {
      writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new Error(`${file} exists: keys are not written over; move it away, or write to another folder`);
    }
  }
  return `${files.map(([file]) => file).join("\n")}\n`;
}
