/** Turns that took longer than their room's period: each is counted by its mode, and some are logged, because they come in crowds. */
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { Log, Observe } from "../observe.ts";

const LOGGED_PER_SECOND = 0.5;
const LOGGED_BURST = 5;

export interface Turn {
  readonly roomId: string;
  readonly mode: string;
  readonly tookMs: number;
  readonly everyMs: number;
}

export function createOverrunReport(log: Log, observe: Observe, nowMs: () => number): (turn: Turn) => void {
  const budget = new TokenBucket(LOGGED_PER_SECOND, LOGGED_BURST, nowMs());
  let unlogged = 0;
  return ({ roomId, mode, tookMs, everyMs }) => {
    observe({ kind: "overrun", mode });
    if (!budget.take(nowMs())) {
      unlogged++;
      return;
    }
    const fields = { room: roomId, mode, tookMs: Math.round(tookMs), everyMs: Math.round(everyMs) };
    log.warn({ ...fields, ...(unlogged > 0 ? { unlogged } : {}) }, "a room's tick took longer than the room gives it");
    unlogged = 0;
  };
}
