/**
 * What room code threw where nobody in the room caught it. Each is counted; only some are logged, because a player who found a
 * message that makes a room throw could otherwise fill the disk.
 */
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { Log, Observe } from "./observe.ts";

const LOGGED_PER_SECOND = 2;
const LOGGED_BURST = 20;

/** `where`: in which of its callbacks the room threw. */
export type ReportFault = (where: string, roomId: string, error: unknown) => void;

const LOST_PROMISE = "a promise was rejected and nobody waited for it; the stack says whose it was";

/** `modeOf`: a room's mode, empty where there is no such room. */
export function createFaultReport(
  log: Log,
  observe: Observe,
  nowMs: () => number,
  modeOf: (roomId: string) => string,
): ReportFault {
  const budget = new TokenBucket(LOGGED_PER_SECOND, LOGGED_BURST, nowMs());
  let unlogged = 0;
  /** An exception may pass several of our fences on its way. */
  const reported = new WeakSet<object>();
  return (where, roomId, error) => {
    if (typeof error === "object" && error !== null) {
      if (reported.has(error)) return;
      reported.add(error);
    }
    const mode = modeOf(roomId);
    observe({ kind: "room-threw", where, mode });
    if (!budget.take(nowMs())) {
      unlogged++;
      return;
    }
    // A lost promise cannot be laid at a room's door: it may be the room's code or ours.
    const saying = roomId === "" && where === "promise" ? LOST_PROMISE : `a room threw in its ${where}`;
    log.error({ err: error, room: roomId, mode, ...(unlogged > 0 ? { unlogged } : {}) }, saying);
    unlogged = 0;
  };
}
