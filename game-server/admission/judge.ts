/**
 * Who may sit down, decided from what the token says and what the room table knows. Pure: no clock, no socket, no Colyseus.
 * The order of the questions matters where a token is wrong in two ways: what can be said of the token alone comes first.
 */
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";

export interface Here {
  readonly metro: string;
  readonly server: string;
  readonly boot: string;
}

/** A token against the door that it was shown at. `nowMs` is the index's clock. Undefined: nothing is wrong with it. */
export function judgeToken(claims: SeatClaims, roomId: string, here: Here, nowMs: number): ErrorCode | undefined {
  const isForHere = claims.metro === here.metro && claims.server === here.server && claims.boot === here.boot;
  if (!isForHere || claims.room !== roomId) return "SEAT_INVALID";
  return claims.exp <= nowMs ? "SEAT_EXPIRED" : undefined;
}

/** What the table knows of the room. */
export interface RoomFacts {
  /** Why the room is no more, if it was. */
  readonly ending: ErrorCode | undefined;
  /** What the token that made the room said, if there is one. */
  readonly mode: string | undefined;
  /** When room code locked it, on the index's clock. */
  readonly lockedAtMs: number | undefined;
}

/** What the table knows of the place. */
export interface PlaceFacts {
  readonly newestGen: number;
  readonly player: string;
  readonly isTaken: boolean;
}

export type Verdict =
  /** Sits down on a free place. */
  | { readonly kind: "sit" }
  /** Ends the older connection of the same place and keeps its session. */
  | { readonly kind: "take-over" }
  | { readonly kind: "refuse"; readonly code: ErrorCode };

export interface Asked {
  readonly claims: SeatClaims;
  readonly room: RoomFacts;
  /** Undefined where no token of the place was ever shown, or all that were have expired. */
  readonly place: PlaceFacts | undefined;
  /** Whether another place of the room has the token's session id. */
  readonly sidIsForeign: boolean;
  /** How long tokens live, which says when this one was signed. */
  readonly seatTokenMs: number;
}

/**
 * A valid token against its room and place. A generation that was shown is spent, whatever became of it. A lock keeps out seats
 * that were signed after it; those from before were promised.
 */
export function judgeSeat({ claims, room, place, sidIsForeign, seatTokenMs }: Asked): Verdict {
  if (room.ending) return refuse(room.ending);
  if ((room.mode ?? claims.mode) !== claims.mode || sidIsForeign) return refuse("SEAT_INVALID");
  if (claims.resume && !place?.isTaken) return refuse("RECONNECTION_EXPIRED");
  if (place) {
    if (place.player !== claims.player) return refuse("SEAT_FOREIGN");
    if (claims.gen === place.newestGen) return refuse("SEAT_USED");
    if (claims.gen < place.newestGen) return refuse("SEAT_TAKEN_OVER");
    if (place.isTaken) return { kind: "take-over" };
  }
  // A lock is against players.
  if (claims.spectator) return { kind: "sit" };
  const signedAtMs = claims.exp - seatTokenMs;
  if (room.lockedAtMs !== undefined && signedAtMs > room.lockedAtMs) return refuse("ROOM_LOCKED");
  return { kind: "sit" };
}

const refuse = (code: ErrorCode): Verdict => ({ kind: "refuse", code });
