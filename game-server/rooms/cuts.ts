/**
 * Matches that this server ended before their end, because it leaves. The lobby index is told, so that each is placed again as a whole
 * elsewhere; kept until it has answered. A room of a fill mode is nobody's in particular: its players play their wish again.
 */
import type { RefusedSeat } from "@frontrow/lobby/lobby.ts";
import type { RoomRecord } from "./room-record.ts";

export interface Cuts {
  /** The room is about to be ended with players in it. */
  note(record: RoomRecord): void;
  /** Those that the index has not been told of, at most `max`. */
  untold(max: number): RefusedSeat[];
  told(cut: readonly RefusedSeat[]): void;
}

export function createCuts(): Cuts {
  /** As many as there are matches and backfills in one server's rooms: it cuts them once. */
  const waiting = new Map<string, RefusedSeat>();
  const keyOf = ({ ticket, roomId }: RefusedSeat) => `${roomId} ${ticket}`;

  return {
    note(record) {
      const { origin, roomId } = record;
      if (origin.match === undefined) return;
      const tickets = new Set([origin.ticket, ...[...record.places()].map(({ claims }) => claims.ticket)]);
      for (const ticket of tickets) waiting.set(keyOf({ ticket, roomId }), { ticket, roomId });
    },
    untold: (max) => [...waiting.values()].slice(0, max),
    told(cut) {
      for (const one of cut) waiting.delete(keyOf(one));
    },
  };
}
