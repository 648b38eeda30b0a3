/**
 * A server's way out. `drain` ends its offer in the index at once; whoever holds a seat by then is still let in, and rooms go
 * on. `stop` drains first, then ends every room: sockets close with 4001, upon which SDKs do not come back to this server.
 */
import { CloseCode } from "@colyseus/core";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Lease } from "./lease/lease.ts";
import type { Log } from "./observe.ts";
import type { RoomTable } from "./rooms/room-table.ts";

export interface DrainOptions {
  readonly lease: Lease;
  readonly table: RoomTable;
  readonly limits: Limits;
  readonly log: Log;
}

export function createDrain({ lease, table, limits, log }: DrainOptions) {
  async function drain(): Promise<void> {
    await lease
      .drain()
      .catch((error) => log.warn({ err: error }, "the lobby index did not hear of the drain; it will be told again"));
  }

  /** Rooms may take their time in onLeave and onDispose, within a bound. */
  async function endRooms(): Promise<void> {
    const ends = [...table.records()].map((record) => table.end(record, "ROOM_FINISHED", CloseCode.SERVER_SHUTDOWN));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log.warn({ rooms: ends.length }, "rooms did not end in time");
        resolve();
      }, limits.admissionMs);
    });
    await Promise.race([Promise.allSettled(ends), late]);
    clearTimeout(timer);
  }

  return {
    drain,
    async stop(): Promise<void> {
      await drain();
      lease.stop();
      await endRooms();
    },
  };
}
