/**
 * A seat is a bearer capability; where the player's own JWT comes with it, which stock SDKs append to the URL, the two must
 * name the same player.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";

/** Rejects with FrontrowError AUTH_INVALID, AUTH_EXPIRED or AUTH_UNAVAILABLE. */
export type VerifyPlayer = (jwt: string) => Promise<{ readonly playerId: string }>;

/** For a fresh seat: a token that cannot be verified is refused like a foreign one. */
export async function checkPlayer(
  jwt: string | undefined,
  player: string,
  verify: VerifyPlayer | undefined,
): Promise<void> {
  if (jwt === undefined || !verify) return;
  const { playerId } = await verify(jwt);
  if (playerId !== player) throw new FrontrowError("SEAT_FOREIGN");
}

/** For a reconnection: the JWT that the SDK kept since the join may have expired by now, which is no reason to lose the place. */
export async function checkReturningPlayer(
  jwt: string | undefined,
  player: string,
  verify: VerifyPlayer | undefined,
): Promise<void> {
  if (jwt === undefined || !verify) return;
  const verified = await verify(jwt).catch(() => undefined);
  if (verified && verified.playerId !== player) throw new FrontrowError("SEAT_FOREIGN");
}
