/**
 * `Idempotency-Key`: a request said again answers what it answered first, a different one under the same key is refused. Kept by this
 * process for a while; failures are not kept, so that they can be tried again.
 */
import { createHash } from "node:crypto";
import type { Clock } from "@frontrow/shared/clock.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";

export interface Idempotency<T> {
  /** `work` once a key and body; everybody who asks again meanwhile gets the same answer. Throws IDEMPOTENCY_CONFLICT. */
  once(key: string, body: unknown, work: () => Promise<T>): Promise<{ readonly value: T; readonly isRepeat: boolean }>;
}

interface Kept<T> {
  readonly bodyHash: string;
  readonly answer: Promise<T>;
  readonly untilMs: number;
}

export function createIdempotency<T>(clock: Clock, keptMs: number, keysMax: number): Idempotency<T> {
  // Oldest first.
  const kept = new Map<string, Kept<T>>();

  function sweep(): void {
    for (const [key, { untilMs }] of kept) {
      if (untilMs > clock.nowMs() && kept.size <= keysMax) return;
      kept.delete(key);
    }
  }

  return {
    async once(key, body, work) {
      sweep();
      const bodyHash = createHash("sha256").update(JSON.stringify(body)).digest("base64url");
      const before = kept.get(key);
      if (before) {
        if (before.bodyHash !== bodyHash) throw new FrontrowError("IDEMPOTENCY_CONFLICT");
        return { value: await before.answer, isRepeat: true };
      }
      const answer = work();
      kept.set(key, { bodyHash, answer, untilMs: clock.nowMs() + keptMs });
      try {
        return { value: await answer, isRepeat: false };
      } catch (error) {
        kept.delete(key);
        throw error;
      }
    },
  };
}
