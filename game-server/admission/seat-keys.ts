/** Verifies seat tokens of this boot: one key for each issuer of the metro, two while the issuer's key is being replaced. */
import { deriveSeatKey, generateSeatKey, type SeatClaims, verifySeat } from "@frontrow/shared/seat-token.ts";

export interface SeatKeys {
  /** This boot's X25519 public key, for the registration. */
  readonly publicKey: string;
  verify(token: string): SeatClaims | undefined;
}

/** Throws if an issuer's key is malformed. */
export function createSeatKeys(
  issuerKeys: readonly string[],
  server: string,
  boot: string,
  bytesMax: number,
): SeatKeys {
  const own = generateSeatKey();
  const keys = issuerKeys.map((issuer) => deriveSeatKey(own.privateText, issuer, server, boot));
  return { publicKey: own.publicKey, verify: (token) => verifySeat(token, bytesMax, keys) };
}
