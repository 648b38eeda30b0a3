/**
 * Tickets as a structure of arrays: what a round compares stands in two short records per slot (one cache line of doubles, one of
 * integers), so that looking at a candidate touches no object. Slots come from a free list; a slot's `SEQ` changes whenever it is
 * given out, so that whoever remembers a slot can tell whether it still means the same ticket.
 */
import type { Backfill, PoolTicket } from "./words.ts";

/** Doubles of a slot. */
export const FACTS = 8;
export const SINCE = 0;
export const LOWEST = 1;
export const HIGHEST = 2;
export const MEAN = 3;
/** The first of at most four ranges. */
export const RANGE = 4;

/** Integers of a slot. */
export const WORDS = 8;
export const GROUP = 0;
export const SIZE = 1;
export const KIND = 2;
export const STAGE = 3;
export const SEQ = 4;
/** Bloom filters of 32 bits: whom the party avoids, and who is in it. */
export const AVOIDS = 5;
export const PLAYERS = 6;

const SLOTS_AT_FIRST = 256;
/** Of a slot that nobody has. */
const FREE = 0;

export interface Columns {
  capacity: number;
  facts: Float64Array;
  words: Int32Array;
  /** Until when it lets others choose it, ms. */
  heldUntilMs: Float64Array;
  readonly entries: (PoolTicket | Backfill | undefined)[];
  /** By slot, its players' role masks; only of modes with roles. */
  readonly masks: (readonly number[] | undefined)[];
  take(entry: PoolTicket | Backfill): number;
  giveBack(slot: number): void;
  /** Whether `slot` still holds what it held when its sequence number was `seq`. */
  isStill(slot: number, seq: number): boolean;
}

/** `grown` is told the new capacity, for those who keep columns of their own. */
export function createColumns(grown: (capacity: number) => void): Columns {
  let free = new Int32Array(0);
  let freeCount = 0;
  let used = 0;
  let seq = 0;
  const columns: Columns = {
    capacity: 0,
    facts: new Float64Array(0),
    words: new Int32Array(0),
    heldUntilMs: new Float64Array(0),
    entries: [],
    masks: [],
    take(entry) {
      if (freeCount === 0 && used === columns.capacity) grow();
      const slot = freeCount > 0 ? free[--freeCount]! : used++;
      // 0 means free, so it is left out when the counter comes round.
      seq = (seq + 1) & 0x3fffffff || 1;
      columns.entries[slot] = entry;
      columns.words[slot * WORDS + SEQ] = seq;
      return slot;
    },
    giveBack(slot) {
      columns.entries[slot] = undefined;
      columns.words[slot * WORDS + SEQ] = FREE;
      free[freeCount++] = slot;
    },
    isStill: (slot, was) => columns.words[slot * WORDS + SEQ] === was,
  };
  const grow = () => {
    columns.capacity = Math.max(SLOTS_AT_FIRST, columns.capacity * 2);
    columns.facts = grownFloats(columns.facts, columns.capacity * FACTS);
    columns.words = grownInts(columns.words, columns.capacity * WORDS);
    columns.heldUntilMs = grownFloats(columns.heldUntilMs, columns.capacity);
    free = grownInts(free, columns.capacity);
    grown(columns.capacity);
  };
  return columns;
}

export function grownInts(old: Int32Array, length: number, fill = 0): Int32Array<ArrayBuffer> {
  const ints = new Int32Array(length);
  if (fill !== 0) ints.fill(fill, old.length);
  ints.set(old);
  return ints;
}

export function grownFloats(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const floats = new Float64Array(length);
  floats.set(old);
  return floats;
}
