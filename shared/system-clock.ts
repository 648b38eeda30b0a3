/** The clock of this machine, for whoever wires a process. */
import type { Clock } from "./clock.ts";

/** `nowMs` must only go forward. */
export function createSystemClock(nowMs = () => performance.now()): Clock {
  return {
    nowMs,
    after(ms, due) {
      const timer = setTimeout(due, ms);
      return () => clearTimeout(timer);
    },
  };
}
