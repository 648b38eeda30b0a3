/**
 * The line of those who come back. When every connection of a server breaks at once all its players return at once, and each is
 * worth half a millisecond of the thread that ticks: so they are let in one by one at `returnsPerSecond`. Stock SDKs come back in
 * step, without jitter, so that most wait in line for a moment; who would wait too long is told to come again, which costs
 * next to nothing. When the thread itself was held up their timers wake up together: a few of them are let in at once, and the
 * whole line moves back by the rest.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";

export interface Returns {
  /** Resolves when it is one's turn. Rejects with RATE_LIMITED, and with when to come again. */
  turn(): Promise<void>;
}

export interface ReturnsOptions {
  readonly limits: Pick<Limits, "returnsPerSecond" | "returnWaitMs">;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** As much as that may be made up for at once: a tick's worth. Timers count whole milliseconds, and those of one wake up together. */
const CLUMP_MS = 50;

export function createReturns({ limits, nowMs }: ReturnsOptions): Returns {
  const stepMs = 1_000 / limits.returnsPerSecond;
  /** When the next one may come in, in the line's own time; */
  let freeMs = Number.NEGATIVE_INFINITY;
  /** which is so much behind the clock. */
  let behindMs = 0;

  return {
    async turn() {
      const now = nowMs();
      const placeMs = Math.max(now - behindMs, freeMs);
      const waitMs = placeMs + behindMs - now;
      if (waitMs > limits.returnWaitMs) {
        throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: Math.ceil(waitMs) });
      }
      freeMs = placeMs + stepMs;
      for (let lateMs = -waitMs; lateMs < 0; lateMs = nowMs() - behindMs - placeMs) {
        await new Promise((resolve) => setTimeout(resolve, Math.ceil(-lateMs)));
      }
      behindMs += Math.max(0, nowMs() - behindMs - placeMs - CLUMP_MS);
    },
  };
}
