/** A clock that stands until a test moves it: timers fall due in order, each at its own time. */
import type { Clock } from "@frontrow/shared/clock.ts";

export interface ManualClock extends Clock {
  /** Moves on by `ms`; promises settle between timers. */
  pass(ms: number): Promise<void>;
}

export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  let timers: { dueMs: number; due: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    nowMs: () => nowMs,
    after(ms, due) {
      const timer = { dueMs: nowMs + ms, due };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (;;) {
        const next = timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.due();
        await settle();
      }
      nowMs = endMs;
    },
  };
}
