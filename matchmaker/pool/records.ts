/**
 * Tickets as records of 256 bytes in one buffer, seen as doubles and as integers: all that a round compares, so that looking at a
 * candidate touches no object, and all of one ticket in one place, because in a pool of 100,000 each page touched costs more than
 * what is done there. The lowest free slot is given out first: who came together stands together, and a pool that was large once
 * is small in memory again. A slot's `SEQ` changes whenever it is given out, so that whoever remembers a slot can tell whether
 * it still means the same ticket.
 */
import { nextBit } from "./bits.ts";
import type { Backfill, PoolTicket } from "./words.ts";

/**
 * Doubles of a record (FLOATS), and integers over the same bytes (INTS); the names below are their places. They stand by cache line: age,
 * rating and timer; what it is and where it stands; its metros; and what only few need.
 */
export const FLOATS = 32;
export const INTS = 64;

export const SINCE = 0;
export const LOWEST = 1;
export const HIGHEST = 2;
export const MEAN = 3;
/** When its timer is due, and until when it lets others choose it, ms. */
export const DUE = 4;
export const HELD_UNTIL = 5;
/** Of its timer: the next and the previous one, and where it hangs. */
export const TIMER_NEXT = 12;
export const TIMER_PREVIOUS = 13;
export const TIMER_PLACE = 14;
/** Of its key. */
export const HASH = 15;

export const GROUP = 16;
export const SIZE = 17;
export const KIND = 18;
export const STAGE = 19;
export const SEQ = 20;
/** Bloom filters of 32 bits: whom the party avoids, and who is in it. */
export const AVOIDS = 21;
export const PLAYERS = 22;
/** 1: its `SINCE` is earlier than it came, by the mode's head start. */
export const PRIORITY = 23;
/** The first of eight places in the bins, by metro; -1: not listed there. */
export const PLACE = 24;

/** The first of the numbers of at most eight metros, nearest first; behind the last one -1. */
export const METRO = 32;
/** The first of eight round trips to them, ms. */
export const RTT = 20;

/** The first of at most four ranges. */
export const RANGE = 28;

const BYTES = 256;
const SLOTS_AT_FIRST = 256;
/** Growing copies everything: four steps to 64,000 slots, the last one copies 4 MB. */
const GROWTH = 4;
/** Of a slot that nobody has. */
const FREE = 0;
const NONE = -1;

export interface Records {
  floats: Float64Array;
  ints: Int32Array;
  readonly entries: (PoolTicket | Backfill | undefined)[];
  /** By slot, its players' role masks; only of modes with roles. */
  readonly masks: (readonly number[] | undefined)[];
  /** A slot for `entry`, without a timer. It may replace the arrays. */
  take(entry: PoolTicket | Backfill): number;
  giveBack(slot: number): void;
  /** Whether `slot` still holds what it held when its sequence number was `seq`. */
  isStill(slot: number, seq: number): boolean;
}

export function createRecords(slotsMax: number): Records {
  let capacity = 0;
  /** Free slots, as a bitmap; none is below `lowest`. */
  let free = new Int32Array(0);
  let lowest = 0;
  let seq = 0;
  const records: Records = {
    floats: new Float64Array(0),
    ints: new Int32Array(0),
    entries: [],
    masks: [],
    take(entry) {
      let slot = nextBit(free, lowest, capacity);
      if (slot < 0) {
        slot = capacity;
        grow();
      }
      free[slot >> 5]! &= ~(1 << (slot & 31));
      lowest = slot + 1;
      // 0 means free, so it is left out when the counter comes round.
      seq = (seq + 1) & 0x3fffffff || 1;
      records.entries[slot] = entry;
      records.ints[slot * INTS + SEQ] = seq;
      records.ints[slot * INTS + TIMER_PLACE] = NONE;
      return slot;
    },
    giveBack(slot) {
      records.entries[slot] = undefined;
      records.ints[slot * INTS + SEQ] = FREE;
      free[slot >> 5]! |= 1 << (slot & 31);
      if (slot < lowest) lowest = slot;
    },
    isStill: (slot, was) => records.ints[slot * INTS + SEQ] === was,
  };
  const grow = () => {
    capacity = Math.min(Math.max(SLOTS_AT_FIRST, capacity * GROWTH), Math.ceil(slotsMax / 32) * 32);
    const floats = new Float64Array((capacity * BYTES) / Float64Array.BYTES_PER_ELEMENT);
    floats.set(records.floats);
    records.floats = floats;
    records.ints = new Int32Array(floats.buffer);
    free = grownInts(free, capacity / 32, -1);
  };
  return records;
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
