/**
 * The line of those who come back. When every connection of a server breaks at once all its players return at once, and each is
 * worth half a millisecond of the thread that ticks: so they are let in one by one at `returnsPerSecond`. Stock SDKs come back in
 * step, without jitter, so that most wait in line for a moment; who would wait too long is told to come again, which costs
 * next to nothing.
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

export function createReturns({ limits, nowMs }: ReturnsOptions): Returns {
  const stepMs = 1_000 / limits.returnsPerSecond;
  /** When the next one may come in. */
  let freeMs = Number.NEGATIVE_INFINITY;

  return {
    async turn() {
      const now = nowMs();
      const atMs = Math.max(now, freeMs);
      if (atMs - now > limits.returnWaitMs) {
        throw new FrontrowError("RATE_LIMITED", undefined, { retryAfterMs: Math.ceil(atMs - now) });
      }
      freeMs = atMs + stepMs;
      // Timers count whole milliseconds: those of one wake up together, and are no more than it holds.
      if (atMs > now) await new Promise((resolve) => setTimeout(resolve, atMs - now));
    },
  };
}
