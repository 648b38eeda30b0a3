/**
 * A spectator's place: a token without a hold. Nothing of the room is taken, so that no player's seat ever waits for a spectator;
 * whether there is a place left is between the token's bearer and the game server (docs/adr/0009-spectators.md).
 */
import type { LobbyIndex, WatchReply } from "@frontrow/lobby/lobby.ts";
import { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
import { normaliseRoomCode } from "@frontrow/shared/metro.ts";
import type { RoundTrip, Seat, Target } from "@frontrow/shared/protocol/words.ts";
import type { Servers } from "./servers.ts";
import type { SignSeat } from "./sign-seat.ts";

export type WatchTarget = Extract<Target, { kind: `watch-${string}` }>;

export interface WatchWish {
  readonly ticket: string;
  readonly player: string;
  readonly guest: boolean;
  readonly target: WatchTarget;
  readonly compat: string;
  readonly rtt: RoundTrip;
}

export interface WatchOptions {
  readonly index: Pick<LobbyIndex, "watch">;
  readonly servers: Servers;
  readonly sign: SignSeat;
}

export const isWatch = (target: Target): target is WatchTarget =>
  target.kind === "watch-room" || target.kind === "watch-code";

const REFUSALS: Record<Exclude<WatchReply["kind"], "WATCH">, ErrorCode> = {
  ROOM_GONE: "ROOM_NOT_FOUND",
  CODE_UNKNOWN: "CODE_UNKNOWN",
  UNWATCHED: "NOT_WATCHED",
  FULL: "SPECTATORS_FULL",
};

/** Rejects with FrontrowError. */
export function createWatch({ index, servers, sign }: WatchOptions) {
  return async function watch({ target, ...wish }: WatchWish): Promise<Seat> {
    const room = await index.watch(namedBy(target), wish.compat);
    if (room.kind !== "WATCH") throw new FrontrowError(REFUSALS[room.kind]);
    const server = await servers.trusted(room.server, room.boot);
    if (!server) throw new FrontrowError("ROOM_NOT_FOUND");
    // The index's clock counts generations: whoever asks again has the newer token.
    const held = { ...room, kind: "RESERVED", generation: room.nowMs, fresh: false } as const;
    return sign({ ...wish, ticket: `watch:${wish.ticket}`, place: 0, options: {}, spectator: true }, held, server);
  };
}

function namedBy(target: WatchTarget) {
  if (target.kind === "watch-room") return { roomId: target.roomId };
  const code = normaliseRoomCode(target.code);
  if (!code) throw new FrontrowError("CODE_UNKNOWN");
  return { code };
}
