/**
 * Rooms that want to know that their server leaves: those that run then, and those that seats from before still make. Each listener is
 * told once, of the deadline as it stands; what it throws is reported, and harms neither the drain nor another room.
 */
import type { ReportFault } from "../room-faults.ts";
import type { RoomRecord } from "./room-record.ts";

/** The server leaves: its rooms go on until nobody sits there, and end at the latest then. */
export interface DrainNews {
  /** Until what is left is cut, in whole milliseconds; an operator may hurry it. */
  readonly leavesInMs: number;
}
export type DrainListener = (news: DrainNews) => void | Promise<void>;

/** Listens in one room. */
export type ListenForDrain = (record: RoomRecord, told: DrainListener) => void;

export interface DrainNewsDesk {
  readonly listen: ListenForDrain;
  /** The drain has begun; `leavesInMs` is asked again for whoever comes later. */
  begin(records: Iterable<RoomRecord>, leavesInMs: () => number): void;
}

export function createDrainNews(reportFault: ReportFault): DrainNewsDesk {
  const listeners = new WeakMap<RoomRecord, DrainListener[]>();
  let leavesInMs: (() => number) | undefined;

  async function tell(roomId: string, told: DrainListener, news: DrainNews): Promise<void> {
    try {
      await told(news);
    } catch (error) {
      reportFault("onDrain", roomId, error);
    }
  }

  return {
    listen(record, told) {
      const untilMs = leavesInMs;
      if (!untilMs) return void listeners.set(record, [...(listeners.get(record) ?? []), told]);
      // Room code that has just said what it wants is not told in the same breath.
      queueMicrotask(() => void tell(record.roomId, told, { leavesInMs: untilMs() }));
    },
    begin(records, untilMs) {
      if (leavesInMs) return;
      leavesInMs = untilMs;
      const news = { leavesInMs: untilMs() };
      for (const record of records) {
        if (record.isOver) continue;
        for (const told of listeners.get(record) ?? []) void tell(record.roomId, told, news);
      }
    },
  };
}
