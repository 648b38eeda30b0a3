/**
 * Virtual time: what is due, in order of its time and then of when it was said. A step takes one event, runs it, and lets every promise
 * that it settled run on before the next, so that a seed always plays the same.
 */
import { setImmediate } from "node:timers/promises";

export interface Scheduler {
  readonly nowMs: number;
  /** Runs `work` after `ms`, however the machines' clocks stand; the answer takes it back. */
  after(ms: number, work: () => void): () => void;
  /** False: nothing is due before `untilMs`, and it is `untilMs` now. */
  step(untilMs: number): Promise<boolean>;
}

interface Due {
  readonly atMs: number;
  readonly seq: number;
  work: (() => void) | undefined;
}

export function createScheduler(): Scheduler {
  const heap: Due[] = [];
  let nowMs = 0;
  let said = 0;
  const isBefore = (a: Due, b: Due) => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);

  function push(due: Due): void {
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  function pop(): Due {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  return {
    get nowMs() {
      return nowMs;
    },
    after(ms, work) {
      const due: Due = { atMs: nowMs + Math.max(0, ms), seq: said++, work };
      push(due);
      return () => {
        due.work = undefined;
      };
    },
    async step(untilMs) {
      for (;;) {
        if (heap.length === 0 || heap[0]!.atMs > untilMs) {
          nowMs = untilMs;
          return false;
        }
        const due = pop();
        nowMs = due.atMs;
        if (!due.work) continue;
        due.work();
        // All microtasks are through before the next turn of the event loop.
        await setImmediate();
        return true;
      }
    },
  };
}
