/**
 * Signs seats. The key of a server's boot is derived once (45 µs) from the metro's issuer key and the server's public key,
 * and forgotten when newer boots push it out.
 */
import { deriveSeatKey, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import type { TrustedServer } from "./servers.ts";

/** Boots whose keys are kept; a metro has tens to hundreds of servers. */
const KEYS_MAX = 4_096;

export interface Issuer {
  sign(claims: SeatClaims, server: TrustedServer): string;
}

/** `issuerKey` is the metro's X25519 private half, as `frontrow keys` prints it. */
export function createIssuer(issuerKey: string): Issuer {
  const keys = new Map<string, Buffer>();

  function keyOf({ server, boot, seatKey }: TrustedServer): Buffer {
    const known = keys.get(seatKey);
    if (known) return known;
    if (keys.size >= KEYS_MAX) keys.delete(keys.keys().next().value!);
    const key = deriveSeatKey(issuerKey, seatKey, server, boot);
    keys.set(seatKey, key);
    return key;
  }

  return { sign: (claims, server) => signSeat(claims, keyOf(server)) };
}
