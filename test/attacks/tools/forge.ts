/**
 * Seat tokens as a thief would want them, and as one could make them who had stolen the issuer key of the metro: what is wrong
 * with a token is then one thing only, and its MAC is true.
 */
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { Registration } from "@frontrow/shared/identity/registration.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, peekSeat, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import { vi } from "vitest";
import type { Fleet } from "../../support/fleet.ts";

export interface ForgeWith {
  /** X25519 private half; the metro's own unless given. */
  readonly issuer?: string;
  /** What the key is derived for; the running boot unless given. */
  readonly boot?: string;
}

/** Makes tokens for server `server` of the fleet: the claims of `token` with others over them. */
export async function createForge({ redis }: Fleet, server: string) {
  const lobby = createRedisLobby({ metro: "fra", limits: resolveLimits(), redis: redis.target });
  // Away until it has connected.
  const signed = await vi.waitUntil(() => lobby.index.registration(server).catch(() => undefined));
  await lobby.close();
  const registration = Registration.parse(JSON.parse(signed.text));
  return (token: string, claims: Partial<SeatClaims> = {}, { issuer, boot }: ForgeWith = {}): string => {
    const honest = peekSeat(token);
    if (!honest) throw new Error("that is no seat token");
    const { seatKey } = registration;
    const key = deriveSeatKey(issuer ?? devKeys.issuer.privateText, seatKey, server, boot ?? registration.boot);
    return signSeat({ ...honest, ...claims }, key);
  };
}
