/**
 * Proof of a membership, for the connection after the one that was lost: whose place in which party it was. A guest is somebody else on
 * every connection, and the party's owner may be another one by then, so that nobody's memory can be asked.
 */
import type { PartyResume } from "@frontrow/shared/protocol/party-link.ts";
import * as z from "zod";
import { createSealed } from "../sealed.ts";

const Claims = z.object({
  code: z.string(),
  member: z.string(),
  order: z.int().nonnegative(),
  issuedAtMs: z.number(),
});

export interface MembershipProofs {
  sign(membership: z.infer<typeof Claims>): string;
  /** Undefined: not ours, of another party or member, or older than `keptMs`. */
  read(resume: PartyResume, code: string, wallMs: number): { id: string; order: number } | undefined;
}

export function createMembershipProofs(issuerKey: string, keptMs: number): MembershipProofs {
  const { seal, open } = createSealed(issuerKey, "frontrow-party-v1", Claims);
  return {
    sign: seal,
    read({ member, receipt }, code, wallMs) {
      const claims = open(receipt);
      if (claims?.code !== code || claims.member !== member || wallMs - claims.issuedAtMs > keptMs) return undefined;
      return { id: member, order: claims.order };
    },
  };
}
