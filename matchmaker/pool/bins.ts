/**
 * Where tickets stand: per (metro, group) a row, per row and kind of ticket 256 bins of 25 rating points, each an intrusive FIFO,
 * oldest first. A ticket stands in up to eight rows at once by eight links of its own, so that listing and unlisting allocate
 * nothing. A bitmap per row and kind tells which bins are not empty.
 *
 * A node is `slot * LINKS + link`; the link's number is the metro's place in the ticket's list.
 */
import { grownInts } from "./columns.ts";
import { METROS_PER_TICKET } from "./words.ts";

export const BIN_POINTS = 25;
export const BINS = 256;
export const BIN_WORDS = BINS / 32;
export const LINKS = METROS_PER_TICKET;
export const NONE = -1;
/** One who comes back with its age moves past so many younger ones at most. */
const STEPS_MAX = 32;

export interface Bins {
  readonly kinds: number;
  /** By list, its first and last node. A list is `(row * kinds + kind) * BINS + bin`. */
  ends: Int32Array;
  /** By node, the next and the previous one. */
  links: Int32Array;
  /** By node, its list; NONE: not listed. */
  lists: Int32Array;
  /** By row and kind, the bins that are not empty. */
  bits: Int32Array;
  grow(capacity: number): void;
  addRow(): number;
  append(node: number, list: number, sinceMsOf: (node: number) => number): void;
  remove(node: number): void;
}

export function createBins(kinds: number): Bins {
  let rows = 0;
  let rowsMax = 0;
  const bins: Bins = {
    kinds,
    ends: new Int32Array(0),
    links: new Int32Array(0),
    lists: new Int32Array(0),
    bits: new Int32Array(0),
    grow(capacity) {
      bins.links = grownInts(bins.links, capacity * LINKS * 2, NONE);
      bins.lists = grownInts(bins.lists, capacity * LINKS, NONE);
    },
    addRow() {
      if (rows === rowsMax) {
        rowsMax = Math.max(4, rowsMax * 2);
        bins.ends = grownInts(bins.ends, rowsMax * kinds * BINS * 2, NONE);
        bins.bits = grownInts(bins.bits, rowsMax * kinds * BIN_WORDS);
      }
      return rows++;
    },
    append(node, list, sinceMsOf) {
      const { ends, links } = bins;
      let before = ends[list * 2 + 1]!;
      if (before === NONE) bins.bits[list >> 5]! |= 1 << (list & 31);
      else if (sinceMsOf(before) > sinceMsOf(node)) {
        before = sinceMsOf(ends[list * 2]!) > sinceMsOf(node) ? NONE : olderThan(node, before, sinceMsOf);
      }
      const after = before === NONE ? ends[list * 2]! : links[before * 2]!;
      links[node * 2] = after;
      links[node * 2 + 1] = before;
      if (before === NONE) ends[list * 2] = node;
      else links[before * 2] = node;
      if (after === NONE) ends[list * 2 + 1] = node;
      else links[after * 2 + 1] = node;
      bins.lists[node] = list;
    },
    remove(node) {
      const { ends, links } = bins;
      const list = bins.lists[node]!;
      const after = links[node * 2]!;
      const before = links[node * 2 + 1]!;
      if (before === NONE) ends[list * 2] = after;
      else links[before * 2] = after;
      if (after === NONE) ends[list * 2 + 1] = before;
      else links[after * 2 + 1] = before;
      if (before === NONE && after === NONE) bins.bits[list >> 5]! &= ~(1 << (list & 31));
      bins.lists[node] = NONE;
    },
  };
  const olderThan = (node: number, from: number, sinceMsOf: (node: number) => number): number => {
    let before = from;
    for (let steps = 0; steps < STEPS_MAX && before !== NONE && sinceMsOf(before) > sinceMsOf(node); steps++) {
      before = bins.links[before * 2 + 1]!;
    }
    return before;
  };
  return bins;
}

/** Ratings beyond the last bin stand in it. */
export function binOf(rating: number): number {
  const bin = Math.floor(rating / BIN_POINTS);
  return bin > 0 ? (bin < BINS ? bin : BINS - 1) : 0;
}
