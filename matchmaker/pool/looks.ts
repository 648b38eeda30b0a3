/**
 * Who looks for a match next: a heap, longest waiting first, ties in the order of arrival. A ticket is in it because something
 * changed for it (it came, its hold ended, a rule widened), not because a round has come. Entries of tickets that have left stay
 * until they are met; their sequence number tells.
 */
import { grownFloats, grownInts } from "./columns.ts";

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
  let since = new Float64Array(64);
  let slots = new Int32Array(64);
  let seqs = new Int32Array(64);
  let orders = new Float64Array(64);
  let order = 0;
  const looks = {
    count: 0,
    slot: 0,
    seq: 0,
    push(slot: number, seq: number, sinceMs: number) {
      if (looks.count === since.length) grow();
      rise(looks.count++, sinceMs, slot, seq, order++);
    },
    pop() {
      if (looks.count === 0) return false;
      looks.slot = slots[0]!;
      looks.seq = seqs[0]!;
      const last = --looks.count;
      if (last > 0) sink(since[last]!, slots[last]!, seqs[last]!, orders[last]!);
      return true;
    },
    compact(isStill: (slot: number, seq: number) => boolean) {
      const all = looks.count;
      looks.count = 0;
      for (let at = 0; at < all; at++) {
        if (isStill(slots[at]!, seqs[at]!)) rise(looks.count++, since[at]!, slots[at]!, seqs[at]!, orders[at]!);
      }
    },
  };
  const grow = () => {
    since = grownFloats(since, since.length * 2);
    orders = grownFloats(orders, orders.length * 2);
    slots = grownInts(slots, slots.length * 2);
    seqs = grownInts(seqs, seqs.length * 2);
  };
  const put = (at: number, sinceMs: number, slot: number, seq: number, nth: number) => {
    since[at] = sinceMs;
    slots[at] = slot;
    seqs[at] = seq;
    orders[at] = nth;
  };
  const rise = (from: number, sinceMs: number, slot: number, seq: number, nth: number) => {
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (since[up]! < sinceMs || (since[up] === sinceMs && orders[up]! < nth)) break;
      put(at, since[up]!, slots[up]!, seqs[up]!, orders[up]!);
      at = up;
    }
    put(at, sinceMs, slot, seq, nth);
  };
  const sink = (sinceMs: number, slot: number, seq: number, nth: number) => {
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= looks.count) break;
      const right = down + 1;
      if (
        right < looks.count &&
        (since[right]! < since[down]! || (since[right] === since[down] && orders[right]! < orders[down]!))
      ) {
        down = right;
      }
      if (sinceMs < since[down]! || (sinceMs === since[down] && nth < orders[down]!)) break;
      put(at, since[down]!, slots[down]!, seqs[down]!, orders[down]!);
      at = down;
    }
    put(at, sinceMs, slot, seq, nth);
  };
  return looks;
}
