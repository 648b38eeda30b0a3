/**
 * Who looks for a match next: longest waiting first, ties in the order of arrival. A ticket is in it because something changed for it
 * (it came, its hold ended, a rule widened), not because a round has come. Most come in the order of their age and stand in a
 * queue; whoever is older than the queue's last stands in a heap beside it. Entries of tickets that have left stay until they
 * are met; their sequence number tells.
 */
import { grownFloats, grownInts } from "./records.ts";

const ENTRIES_AT_FIRST = 64;

export interface Looks {
  readonly count: number;
  push(slot: number, seq: number, sinceMs: number): void;
  /** Leaves slot and sequence number of the first in `slot` and `seq`; false: nobody is left. */
  pop(): boolean;
  readonly slot: number;
  readonly seq: number;
  /** Forgets whoever `isStill` does not know. */
  compact(isStill: (slot: number, seq: number) => boolean): void;
}

export function createLooks(): Looks {
  const queue = createEntries();
  const heap = createEntries();
  let head = 0;
  let tail = 0;
  let lates = 0;

  const enqueue = (slot: number, seq: number, sinceMs: number) => {
    if (tail === queue.max) {
      // What was taken from the front is given up first; the queue grows when that is less than half of it.
      if (head * 2 > tail) {
        queue.move(head, tail);
        tail -= head;
        head = 0;
      } else queue.grow();
    }
    queue.put(tail++, slot, seq, sinceMs);
  };
  const rise = (slot: number, seq: number, sinceMs: number) => {
    if (lates === heap.max) heap.grow();
    let at = lates++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(sinceMs, seq, heap.since[up]!, heap.seqs[up]!)) break;
      heap.put(at, heap.slots[up]!, heap.seqs[up]!, heap.since[up]!);
      at = up;
    }
    heap.put(at, slot, seq, sinceMs);
  };
  const sink = (slot: number, seq: number, sinceMs: number) => {
    let at = 0;
    for (let down = 1; down < lates; down = 2 * at + 1) {
      const right = down + 1;
      if (right < lates && isBefore(heap.since[right]!, heap.seqs[right]!, heap.since[down]!, heap.seqs[down]!))
        down = right;
      if (isBefore(sinceMs, seq, heap.since[down]!, heap.seqs[down]!)) break;
      heap.put(at, heap.slots[down]!, heap.seqs[down]!, heap.since[down]!);
      at = down;
    }
    heap.put(at, slot, seq, sinceMs);
  };

  const looks = {
    slot: 0,
    seq: 0,
    get count() {
      return tail - head + lates;
    },
    push(slot: number, seq: number, sinceMs: number) {
      if (head === tail || !isBefore(sinceMs, seq, queue.since[tail - 1]!, queue.seqs[tail - 1]!))
        enqueue(slot, seq, sinceMs);
      else rise(slot, seq, sinceMs);
    },
    pop() {
      const isLate =
        lates > 0 && (head === tail || isBefore(heap.since[0]!, heap.seqs[0]!, queue.since[head]!, queue.seqs[head]!));
      if (isLate) {
        looks.slot = heap.slots[0]!;
        looks.seq = heap.seqs[0]!;
        lates--;
        if (lates > 0) sink(heap.slots[lates]!, heap.seqs[lates]!, heap.since[lates]!);
        return true;
      }
      if (head === tail) return false;
      looks.slot = queue.slots[head]!;
      looks.seq = queue.seqs[head]!;
      head++;
      if (head === tail) head = tail = 0;
      return true;
    },
    compact(isStill: (slot: number, seq: number) => boolean) {
      const [from, to, late] = [head, tail, lates];
      head = tail = lates = 0;
      for (let at = from; at < to; at++) {
        if (isStill(queue.slots[at]!, queue.seqs[at]!))
          queue.put(tail++, queue.slots[at]!, queue.seqs[at]!, queue.since[at]!);
      }
      for (let at = 0; at < late; at++) {
        if (isStill(heap.slots[at]!, heap.seqs[at]!)) rise(heap.slots[at]!, heap.seqs[at]!, heap.since[at]!);
      }
    },
  };
  return looks;
}

const isBefore = (sinceA: number, seqA: number, sinceB: number, seqB: number) =>
  sinceA < sinceB || (sinceA === sinceB && seqA < seqB);

function createEntries() {
  const entries = {
    max: ENTRIES_AT_FIRST,
    since: new Float64Array(ENTRIES_AT_FIRST),
    slots: new Int32Array(ENTRIES_AT_FIRST),
    seqs: new Int32Array(ENTRIES_AT_FIRST),
    put(at: number, slot: number, seq: number, sinceMs: number) {
      entries.since[at] = sinceMs;
      entries.slots[at] = slot;
      entries.seqs[at] = seq;
    },
    move(from: number, end: number) {
      entries.since.copyWithin(0, from, end);
      entries.slots.copyWithin(0, from, end);
      entries.seqs.copyWithin(0, from, end);
    },
    grow() {
      entries.max *= 2;
      entries.since = grownFloats(entries.since, entries.max);
      entries.slots = grownInts(entries.slots, entries.max);
      entries.seqs = grownInts(entries.seqs, entries.max);
    },
  };
  return entries;
}
