/** Proof of a ticket's age for the pool's next owner, when the present one, or the player's edge, is lost: no client can age its ticket. */
import * as z from "zod";
import { createSealed } from "../sealed.ts";

const Claims = z.object({
  player: z.string(),
  mode: z.string(),
  ageMs: z.number().nonnegative(),
  issuedAtMs: z.number(),
});
export type ReceiptClaims = z.infer<typeof Claims>;

export interface Receipts {
  sign(claims: ReceiptClaims): string;
  /** Undefined: not ours, or not of this player and mode. */
  read(receipt: string, expected: Pick<ReceiptClaims, "player" | "mode">): ReceiptClaims | undefined;
}

/** `issuerKey` is the metro's private half, as `frontrow keys` prints it. */
export function createReceipts(issuerKey: string): Receipts {
  const { seal, open } = createSealed(issuerKey, "frontrow-receipt-v1", Claims);
  return {
    sign: seal,
    read(receipt, { player, mode }) {
      const claims = open(receipt);
      return claims?.player === player && claims.mode === mode ? claims : undefined;
    },
  };
}
