/**
 * A server's way out. It leaves the index at once; whoever holds a seat by then is still let in, and rooms go on until nobody sits or
 * can still come, or until the deadline. Then nobody comes in any more, the index is told which matches are cut, and only then are
 * the rooms ended: their players find their match waiting for another place. Once begun it is not taken back.
 */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Lease } from "./lease/lease.ts";
import type { Log, Observe } from "./observe.ts";
import type { Cuts } from "./rooms/cuts.ts";
import type { RoomRecord } from "./rooms/room-record.ts";
import type { RoomTable } from "./rooms/room-table.ts";
import { within } from "./within.ts";

export interface DrainOptions {
  readonly lease: Pick<Lease, "drain" | "shut">;
  readonly table: RoomTable;
  readonly cuts: Cuts;
  readonly limits: Limits;
  /** How long players may play on. */
  readonly drainMs: number;
  /** Rooms are told that it begins. */
  readonly tellRooms: (leavesInMs: () => number) => void;
  /** Nobody comes in any more. */
  readonly closeDoors: () => void;
  readonly log: Log;
  readonly observe: Observe;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export interface Drain {
  /** Resolves when the index has heard, or could not be told now. */
  begin(): Promise<void>;
  /** Begins, and resolves when every room has ended. */
  leave(): Promise<void>;
  /** Nobody is waited for any longer. */
  cut(): void;
  /** Until the deadline, in whole milliseconds; undefined: it has not begun. */
  leavesInMs(): number | undefined;
}

/** How often it looks whether anybody is left. */
const LOOK_MS = 50;

export function createDrain(options: DrainOptions): Drain {
  const { lease, table, cuts, limits, drainMs, tellRooms, closeDoors, log, observe, nowMs } = options;
  let deadlineMs: number | undefined;
  let isHurried = false;
  let begun: Promise<void> | undefined;
  let left: Promise<void> | undefined;

  const open = () => [...table.records()].filter((record) => !record.isOver);
  const sitting = () => open().filter((record) => !record.isEmpty());
  const seatedIn = (records: readonly RoomRecord[]) => records.reduce((sum, record) => sum + record.seated(), 0);

  async function tellIndex(): Promise<void> {
    const rooms = sitting();
    log.info({ rooms: rooms.length, players: seatedIn(rooms), withinMs: drainMs }, "this server leaves");
    try {
      await lease.drain();
    } catch (error) {
      log.warn({ err: error }, "the lobby index did not hear of the drain; it will be told again");
    }
  }

  /** Tokens that were signed until the index heard may still be on their way. */
  async function untilEmpty(): Promise<void> {
    const lastTokenMs = nowMs() + limits.seatTokenMs;
    const isDone = () => nowMs() >= lastTokenMs && sitting().length === 0;
    while (!isHurried && nowMs() < deadlineMs! && !isDone()) await pause(LOOK_MS);
  }

  /** All of them at once, so that none of their players finds a place in another one of them. */
  function buryAll(): readonly RoomRecord[] {
    const records = open();
    for (const record of records) {
      if (!record.isEmpty()) {
        cuts.note(record);
        observe({ kind: "cut", mode: record.origin.mode, players: record.seated() });
      }
      table.bury(record, "ROOM_FINISHED");
    }
    const cut = records.filter((record) => !record.isEmpty());
    if (cut.length > 0) log.warn({ rooms: cut.length, players: seatedIn(cut) }, "rooms are cut: their players go back");
    return records;
  }

  async function end(): Promise<void> {
    await begun;
    await untilEmpty();
    closeDoors();
    await within(table.arrivals(), limits.admissionMs, () => {});
    const records = buryAll();
    await lease.shut();
    const ends = records.map((record) => table.end(record, "ROOM_FINISHED", errorCatalogue.SERVER_LEFT.close));
    // Rooms may take their time in onLeave and onDispose, within a bound.
    await within(Promise.allSettled(ends), limits.admissionMs, () => {
      log.warn({ rooms: ends.length }, "rooms did not end in time");
    });
  }

  function begin(): Promise<void> {
    deadlineMs ??= nowMs() + drainMs;
    begun ??= tellIndex();
    tellRooms(() => leavesInMs() ?? 0);
    left ??= end();
    return begun;
  }

  function leavesInMs(): number | undefined {
    if (deadlineMs === undefined) return undefined;
    return isHurried ? 0 : Math.max(0, Math.round(deadlineMs - nowMs()));
  }

  return {
    begin,
    leave() {
      void begin();
      return left!;
    },
    cut() {
      isHurried = true;
    },
    leavesInMs,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
