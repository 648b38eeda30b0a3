/**
 * A server's way out. `drain` ends its offer in the index at once; whoever holds a seat by then is still let in, and rooms go
 * on. `endRooms` ends every room: sockets close with 4001, upon which SDKs do not come back to this server.
 */
import { CloseCode } from "@colyseus/core";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Lease } from "./lease/lease.ts";
import type { Log } from "./observe.ts";
import type { RoomTable } from "./rooms/room-table.ts";
import { within } from "./within.ts";

export interface DrainOptions {
  readonly lease: Lease;
  readonly table: RoomTable;
  readonly limits: Limits;
  readonly log: Log;
}

export interface Drain {
  drain(): Promise<void>;
  /** Rooms may take their time in onLeave and onDispose, within a bound. */
  endRooms(): Promise<void>;
}

export function createDrain({ lease, table, limits, log }: DrainOptions): Drain {
  return {
    async drain() {
      try {
        await lease.drain();
      } catch (error) {
        log.warn({ err: error }, "the lobby index did not hear of the drain; it will be told again");
      }
    },

    async endRooms() {
      const ends = [...table.records()].map((record) => table.end(record, "ROOM_FINISHED", CloseCode.SERVER_SHUTDOWN));
      await within(Promise.allSettled(ends), limits.admissionMs, () => {
        log.warn({ rooms: ends.length }, "rooms did not end in time");
      });
    },
  };
}
