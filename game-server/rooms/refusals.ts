/**
 * Seats of live tokens that this server let nobody sit in, though nothing was wrong with them: their room could not be made, or had no
 * place. The lobby index is told, so that a match can be placed again elsewhere; and because it may be there already, nobody of a
 * match that was refused comes into that room any more. A match in which somebody sits, sat or is about to is not refused: it stays.
 */
import type { RefusedSeat } from "@frontrow/lobby/lobby.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import type { RoomRecord } from "./room-record.ts";

export type Refusal = "ROOM_FULL" | "ROOM_FAILED";

/** Refused seats kept at most: a hundred a second for as long as their tokens live. */
const REFUSED_MAX = 10_000;

export interface Refusals {
  /** Why nobody of the token's match comes into its room any more. */
  of(claims: SeatClaims): Refusal | undefined;
  /** A token was refused; `record` is its room's, while there is one. */
  note(claims: SeatClaims, why: Refusal, record: RoomRecord | undefined): void;
  /** Those that the index has not been told of, at most `max`. */
  untold(max: number): RefusedSeat[];
  told(seats: readonly RefusedSeat[]): void;
  /** Forgets those whose tokens have all expired. */
  prune(): void;
}

export interface RefusalsOptions {
  /** Longer than any token of a refused ticket lives. */
  readonly keepMs: number;
  readonly nowMs: () => number;
  /** The index should hear of it soon. */
  readonly onRefused: () => void;
}

interface Kept {
  readonly seat: RefusedSeat;
  readonly why: Refusal;
  fallsAtMs: number;
  isTold: boolean;
}

const keyOf = ({ ticket, roomId }: RefusedSeat) => `${roomId} ${ticket}`;

export function createRefusals({ keepMs, nowMs, onRefused }: RefusalsOptions): Refusals {
  const refused = new Map<string, Kept>();

  return {
    of({ ticket, room, match }) {
      return match === undefined ? undefined : refused.get(keyOf({ ticket, roomId: room }))?.why;
    },
    note(claims, why, record) {
      const seat = { ticket: claims.ticket, roomId: claims.room };
      // A room of a fill mode that is full is no fault of its server: others have sat down in it.
      if (refused.has(keyOf(seat)) || (claims.match === undefined && why !== "ROOM_FAILED")) return;
      if (record && isSomebodyThere(record, claims)) return;
      if (refused.size >= REFUSED_MAX) refused.delete(refused.keys().next().value!);
      refused.set(keyOf(seat), { seat, why, fallsAtMs: nowMs() + keepMs, isTold: false });
      onRefused();
    },
    untold(max) {
      const found: RefusedSeat[] = [];
      for (const { seat, isTold } of refused.values()) {
        if (found.length >= max) break;
        if (!isTold) found.push(seat);
      }
      return found;
    },
    told(seats) {
      for (const seat of seats) {
        const kept = refused.get(keyOf(seat));
        if (!kept) continue;
        kept.isTold = true;
        kept.fallsAtMs = nowMs() + keepMs;
      }
    },
    prune() {
      for (const [key, { fallsAtMs }] of refused) if (fallsAtMs <= nowMs()) refused.delete(key);
    },
  };
}

/** Of the same ticket: whoever is arriving may sit down yet, and says itself if it may not. */
function isSomebodyThere(record: RoomRecord, { ticket, match }: SeatClaims): boolean {
  for (const { state, claims } of record.places()) if (claims.ticket === ticket && state !== "vacant") return true;
  for (const came of record.cameIn.values()) if (match !== undefined && came.match === match) return true;
  return false;
}
