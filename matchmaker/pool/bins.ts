/**
 * Where tickets stand: per (metro, group) a row, per row and kind of ticket 256 bins of 25 rating points, each a FIFO, oldest first. A
 * bitmap per row and kind tells which bins are not empty. A ticket stands in up to eight rows at once.
 *
 * A FIFO is a chain of blocks of thirteen entries (slot, rating) in one Int32Array, 128 bytes each. A ticket remembers its places, so
 * leaving is one write per row, and walking along a bin reads memory in order: a chain through the tickets' own records costs a
 * cache miss for each ticket that is only looked at, which was most of the time of a round.
 */
import { grownFloats, grownInts } from "./records.ts";
import { METROS_PER_TICKET } from "./words.ts";

export const BIN_POINTS = 25;
export const BINS = 256;
export const BIN_WORDS = BINS / 32;
export const LINKS = METROS_PER_TICKET;
export const NONE = -1;
/** Entries keep ratings as integers in this unit, to compare distances; windows are checked on the exact ones. */
export const PER_POINT = 16;

/** Integers of a block: the next and previous block, the list, the places used and those still taken, then the entries. */
export const BLOCK = 32;
export const NEXT = 0;
const PREVIOUS = 1;
const LIST = 2;
export const USED = 3;
const TAKEN = 4;
/** Each entry is a slot, or NONE where a ticket has left, and its rating. */
export const ENTRIES = 6;
export const ENTRIES_MAX = 13;
/** A place is `block * PLACES + number`. */
const PLACES = 16;

const BLOCKS_AT_FIRST = 64;
/** One who comes back with its age goes back over so many blocks at most. */
const BLOCKS_BACK_MAX = 8;

export interface Bins {
  readonly kinds: number;
  /** By list, its first and last block. A list is `(row * kinds + kind) * BINS + bin`. */
  ends: Int32Array;
  blocks: Int32Array;
  /** By row and kind, the bins that are not empty. */
  bits: Int32Array;
  /** By list, when the youngest of all who came began to wait: whoever is not older goes to the end unseen. */
  youngestMs: Float64Array;
  addRow(): number;
  /** The place that it got, by its age. */
  enter(slot: number, rating: number, list: number, sinceMs: number): number;
  leave(place: number): void;
  listOf(place: number): number;
}

export function createBins(kinds: number, sinceMsOf: (slot: number) => number): Bins {
  let rows = 0;
  let rowsMax = 0;
  let blocksMax = 0;
  let blocksUsed = 0;
  let free = NONE;

  const newBlock = (list: number, previous: number, next: number): number => {
    if (free === NONE && blocksUsed === blocksMax) {
      blocksMax = Math.max(BLOCKS_AT_FIRST, blocksMax * 2);
      bins.blocks = grownInts(bins.blocks, blocksMax * BLOCK);
    }
    const block = free === NONE ? blocksUsed++ : free;
    const { blocks, ends } = bins;
    const at = block * BLOCK;
    if (block === free) free = blocks[at + NEXT]!;
    blocks[at + NEXT] = next;
    blocks[at + PREVIOUS] = previous;
    blocks[at + LIST] = list;
    blocks[at + USED] = 0;
    blocks[at + TAKEN] = 0;
    if (previous === NONE) ends[list * 2] = block;
    else blocks[previous * BLOCK + NEXT] = block;
    if (next === NONE) ends[list * 2 + 1] = block;
    else blocks[next * BLOCK + PREVIOUS] = block;
    return block;
  };
  const freeBlock = (block: number) => {
    const { blocks, ends, bits } = bins;
    const at = block * BLOCK;
    const list = blocks[at + LIST]!;
    const next = blocks[at + NEXT]!;
    const previous = blocks[at + PREVIOUS]!;
    if (previous === NONE) ends[list * 2] = next;
    else blocks[previous * BLOCK + NEXT] = next;
    if (next === NONE) ends[list * 2 + 1] = previous;
    else blocks[next * BLOCK + PREVIOUS] = previous;
    if (previous === NONE && next === NONE) bits[list >> 5]! &= ~(1 << (list & 31));
    blocks[at + NEXT] = free;
    free = block;
  };
  const oldestOf = (block: number): number => {
    const at = block * BLOCK + ENTRIES;
    for (let entry = at; ; entry += 2) if (bins.blocks[entry] !== NONE) return bins.blocks[entry]!;
  };
  /** The block after which one belongs who is not the youngest: right but for at most a block's worth of places. */
  const blockFor = (sinceMs: number, list: number): number => {
    const first = bins.ends[list * 2]!;
    if (first === NONE || sinceMsOf(oldestOf(first)) > sinceMs) return NONE;
    let block = bins.ends[list * 2 + 1]!;
    for (let back = 0; back < BLOCKS_BACK_MAX && sinceMsOf(oldestOf(block)) > sinceMs; back++) {
      block = bins.blocks[block * BLOCK + PREVIOUS]!;
    }
    return block;
  };

  const bins: Bins = {
    kinds,
    ends: new Int32Array(0),
    blocks: new Int32Array(0),
    bits: new Int32Array(0),
    youngestMs: new Float64Array(0),
    addRow() {
      if (rows === rowsMax) {
        rowsMax = Math.max(4, rowsMax * 2);
        bins.ends = grownInts(bins.ends, rowsMax * kinds * BINS * 2, NONE);
        bins.bits = grownInts(bins.bits, rowsMax * kinds * BIN_WORDS);
        bins.youngestMs = grownFloats(bins.youngestMs, rowsMax * kinds * BINS);
      }
      return rows++;
    },
    enter(slot, rating, list, sinceMs) {
      const last = bins.ends[list * 2 + 1]!;
      const isYoungest = last === NONE || sinceMs >= bins.youngestMs[list]!;
      if (isYoungest) bins.youngestMs[list] = sinceMs;
      let block = isYoungest ? last : blockFor(sinceMs, list);
      if (block === NONE || bins.blocks[block * BLOCK + USED] === ENTRIES_MAX) {
        const next = block === NONE ? bins.ends[list * 2]! : bins.blocks[block * BLOCK + NEXT]!;
        block = newBlock(list, block, next);
        bins.bits[list >> 5]! |= 1 << (list & 31);
      }
      const { blocks } = bins;
      const at = block * BLOCK;
      const number = blocks[at + USED]!++;
      blocks[at + TAKEN]!++;
      blocks[at + ENTRIES + number * 2] = slot;
      blocks[at + ENTRIES + number * 2 + 1] = Math.round(rating * PER_POINT);
      return block * PLACES + number;
    },
    leave(place) {
      const { blocks } = bins;
      const at = (place >> 4) * BLOCK;
      blocks[at + ENTRIES + (place & 15) * 2] = NONE;
      if (--blocks[at + TAKEN]! === 0) freeBlock(place >> 4);
    },
    listOf: (place) => bins.blocks[(place >> 4) * BLOCK + LIST]!,
  };
  return bins;
}

/** Ratings beyond the last bin stand in it. */
export function binOf(rating: number): number {
  const bin = Math.floor(rating / BIN_POINTS);
  return bin > 0 ? (bin < BINS ? bin : BINS - 1) : 0;
}
