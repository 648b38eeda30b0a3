/**
 * Claims that come back from where they were sent: signed under a key that a metro's replicas derive from their issuer key (HKDF-SHA256,
 * RFC 5869), one for each purpose, so that nothing is stored and any replica reads what another one signed.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type * as z from "zod";

const MAC_CHARS = 43;

export interface Sealed<Claims> {
  seal(claims: Claims): string;
  /** Undefined: not ours. */
  open(text: string): Claims | undefined;
}

/** `issuerKey` is the metro's private half, as `frontrow keys` prints it. */
export function createSealed<Claims>(issuerKey: string, purpose: string, shape: z.ZodType<Claims>): Sealed<Claims> {
  const key = Buffer.from(hkdfSync("sha256", issuerKey, "", purpose, 32));
  const macOf = (payload: string) => createHmac("sha256", key).update(payload).digest("base64url");
  return {
    seal(claims) {
      const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return payload + macOf(payload);
    },
    open(text) {
      const payload = text.slice(0, -MAC_CHARS);
      const mac = Buffer.from(text.slice(-MAC_CHARS));
      const wanted = Buffer.from(macOf(payload));
      if (mac.length !== wanted.length || !timingSafeEqual(mac, wanted)) return undefined;
      return shape.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString())).data;
    },
  };
}
