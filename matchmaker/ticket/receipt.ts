/**
 * Proof of a ticket's age for the pool's next owner, when the present one, or the player's edge, is lost. Signed under a key that a
 * metro's replicas derive from their issuer key (HKDF-SHA256, RFC 5869), so that nothing is stored and no client can age its ticket.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import * as z from "zod";

const Claims = z.object({
  player: z.string(),
  mode: z.string(),
  ageMs: z.number().nonnegative(),
  issuedAtMs: z.number(),
});
export type ReceiptClaims = z.infer<typeof Claims>;

const MAC_CHARS = 43;

export interface Receipts {
  sign(claims: ReceiptClaims): string;
  /** Undefined: not ours, or not of this player and mode. */
  read(receipt: string, expected: Pick<ReceiptClaims, "player" | "mode">): ReceiptClaims | undefined;
}

/** `issuerKey` is the metro's private half, as `frontrow keys` prints it. */
export function createReceipts(issuerKey: string): Receipts {
  const key = Buffer.from(hkdfSync("sha256", issuerKey, "", "frontrow-receipt-v1", 32));
  const macOf = (payload: string) => createHmac("sha256", key).update(payload).digest("base64url");
  return {
    sign(claims) {
      const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return payload + macOf(payload);
    },
    read(receipt, { player, mode }) {
      const payload = receipt.slice(0, -MAC_CHARS);
      const mac = Buffer.from(receipt.slice(-MAC_CHARS));
      const wanted = Buffer.from(macOf(payload));
      if (mac.length !== wanted.length || !timingSafeEqual(mac, wanted)) return undefined;
      const claims = Claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString()));
      return claims.success && claims.data.player === player && claims.data.mode === mode ? claims.data : undefined;
    },
  };
}
