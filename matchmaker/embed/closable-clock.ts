/** A clock whose timers end together: a server that closes its matchmaker is kept alive by none of them. */
import type { Clock } from "@frontrow/shared/clock.ts";

export function createClosableClock(clock: Clock): Clock & { close(): void } {
  const waiting = new Set<() => void>();
  let isClosed = false;
  return {
    nowMs: () => clock.nowMs(),
    after(ms, due) {
      if (isClosed) return () => {};
      const stop = clock.after(ms, () => {
        waiting.delete(stop);
        due();
      });
      waiting.add(stop);
      return () => {
        waiting.delete(stop);
        stop();
      };
    },
    close() {
      isClosed = true;
      for (const stop of waiting) stop();
      waiting.clear();
    },
  };
}
