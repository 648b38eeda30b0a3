/**
 * Group commit: reservations that arrive while batches are in flight wait and leave together, so that the store's price of a
 * call (its clock, its pauses, a round trip) is paid once for all of them. A batch leaves at once when fewer than
 * `batchesInFlight` are under way: nobody waits for a batch to fill, and what is asked for in one turn leaves together. Where
 * that is much and several may leave, it is shared out among them, so that the store works on one while we work on another.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";

/** Sharing out fewer costs the store more calls than it saves anybody time. */
const SHARED_FROM = 16;

export interface BatcherOptions<In, Out> {
  readonly limits: Pick<Limits, "batchMax" | "batchesInFlight" | "batchQueueMax" | "redisCommandMs">;
  /** One answer or error for each item, in order; `sinceMs` is when the oldest of them was asked for. A rejection is everybody's. */
  send(items: In[], sinceMs: number): Promise<(Out | Error)[]>;
  /** A clock that only goes forward, in milliseconds. */
  nowMs(): number;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly sinceMs: number;
  resolve(answer: Out): void;
  reject(error: Error): void;
}

export interface Batcher<In, Out> {
  /** The item's answer. Rejects with INDEX_BUSY when too much waits, or when its turn comes too late. */
  add(item: In): Promise<Out>;
}

export function createBatcher<In, Out>({ limits, send, nowMs }: BatcherOptions<In, Out>): Batcher<In, Out> {
  let queue: Waiting<In, Out>[] = [];
  let inFlight = 0;
  let isLeaving = false;

  function leaveSoon() {
    if (isLeaving) return;
    isLeaving = true;
    queueMicrotask(() => {
      isLeaving = false;
      while (inFlight < limits.batchesInFlight && queue.length > 0) void leave();
    });
  }

  function sizeOf(waiting: number): number {
    const free = Number.isFinite(limits.batchesInFlight) ? limits.batchesInFlight - inFlight : 1;
    return Math.min(limits.batchMax, waiting < SHARED_FROM ? waiting : Math.ceil(waiting / free));
  }

  async function leave() {
    const overdueMs = nowMs() - limits.redisCommandMs;
    const batch: Waiting<In, Out>[] = [];
    for (const waiting of queue.splice(0, sizeOf(queue.length))) {
      if (waiting.sinceMs < overdueMs) waiting.reject(new FrontrowError("INDEX_BUSY"));
      else batch.push(waiting);
    }
    if (batch.length === 0) return;
    inFlight++;
    try {
      const answers = await send(
        batch.map((waiting) => waiting.item),
        batch[0]!.sinceMs,
      );
      for (const [i, waiting] of batch.entries()) {
        const answer = answers[i] as Out | Error;
        if (answer instanceof Error) waiting.reject(answer);
        else waiting.resolve(answer);
      }
    } catch (error) {
      // What waits behind a failed batch fails with it: its own turn would end after its deadline.
      const behind = queue;
      queue = [];
      for (const waiting of [...batch, ...behind]) waiting.reject(error as Error);
    } finally {
      inFlight--;
      if (queue.length > 0) leaveSoon();
    }
  }

  return {
    add(item) {
      if (queue.length >= limits.batchQueueMax) return Promise.reject(new FrontrowError("INDEX_BUSY"));
      return new Promise((resolve, reject) => {
        queue.push({ item, sinceMs: nowMs(), resolve, reject });
        leaveSoon();
      });
    },
  };
}
