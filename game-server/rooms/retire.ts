/**
 * Empty rooms. Disposing one the moment its last player leaves would pull it from under the next player's feet, who may hold a
 * seat in it: so an empty room is offered to the index for retirement and ends when the index answers that no seat is held.
 * Where no index answers, it lingers for as long as a hold can live.
 */

import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { RoomRecord } from "./room-record.ts";
import type { RoomTable } from "./room-table.ts";

export interface Retirement {
  /** Empty rooms whose class lets them go. */
  candidates(): string[];
  /** The index unlisted these. One that somebody entered meanwhile stays, and is published again. */
  retired(roomIds: readonly string[]): void;
  /** Without an index: ends rooms that were empty for longer than any hold lives. */
  sweep(): void;
}

export function createRetirement(table: RoomTable, limits: Limits, nowMs: () => number): Retirement {
  const mayGo = (record: RoomRecord) =>
    record.room !== undefined && !record.isOver && record.isEmpty() && record.room.autoDispose;

  function end(record: RoomRecord): void {
    void table.end(record, "ROOM_FINISHED", errorCatalogue.ROOM_FINISHED.close);
  }

  return {
    candidates() {
      const found: string[] = [];
      for (const record of table.records()) if (mayGo(record)) found.push(record.roomId);
      return found;
    },
    retired(roomIds) {
      for (const roomId of roomIds) {
        const record = table.get(roomId);
        if (!record) continue;
        if (mayGo(record)) end(record);
        else record.isChanged = true;
      }
    },
    sweep() {
      for (const record of table.records()) {
        if (mayGo(record) && nowMs() - record.emptySinceMs >= limits.seatHoldMs) end(record);
      }
    },
  };
}
