/**
 * Who is near: from the bin of whoever looks outwards, nearest bin first, oldest first within a bin, at most so many nodes of each list
 * and so many candidates of each kind. Both sides' windows must accept, in skill and in every range; the rest of a match's rules are
 * about all of its members together and are the choosers' business.
 */
import { avoidEachOther } from "./avoids.ts";
import { BIN_POINTS, BIN_WORDS, BINS, BLOCK, binOf, ENTRIES, NEXT, NONE, PER_POINT, USED } from "./bins.ts";
import { nextBit, previousBit } from "./bits.ts";
import { type Candidates, createCandidates, type Goal } from "./candidates.ts";
import type { Core } from "./core.ts";
import { AVOIDS, FLOATS, GROUP, HIGHEST, INTS, LOWEST, MEAN, RANGE, SINCE, SIZE, STAGE } from "./records.ts";

/** Nodes of one list that a search looks at: what bounds it in a pool that piled up. */
export const NODES_MAX = 64;
/** Tickets of other groups that a search steps over beside those, where groups share a row (`rows.ts`). */
export const STRANGERS_MAX = 2_048;

/** Of a set of candidates as a mask. */
const MASK_BITS = 32;

export interface Gather {
  readonly candidates: Candidates;
  /** Entries looked at since it was made: what a search costs, whatever the machine. */
  effort: number;
  /**
   * Fills `candidates` for who looks from `slot` in `row`, and the windows of `goal`. With `isFirst` no more of them than a match
   * mostly takes, and unjudged.
   */
  around(slot: number, row: number, goal: Goal, isFirst: boolean): void;
}

export function createGather(core: Core, max: number): Gather {
  const { records, bins, kinds, rules } = core;
  const dimensions = 1 + rules.ranges.length;
  const candidates = createCandidates(max, dimensions);
  const union = new Int32Array(BIN_WORDS);
  const left = new Int32Array(kinds.count);
  const hasRoles = rules.roleNames.length > 0;
  /** Of the search under way: who looks, for what, and which candidates avoid anybody. */
  let looking = NONE;
  let goalNow: Goal;
  let firstBin = 0;
  let lastBin = 0;
  const avoiders = new Int32Array(max);
  let avoiderCount = 0;
  let strangersLeft = 0;

  /** The bins in reach that are not empty, of kinds that are still wanted. */
  const unite = (row: number) => {
    for (let word = firstBin >> 5; word <= lastBin >> 5; word++) union[word] = 0;
    for (let kind = 0; kind < kinds.count; kind++) {
      if (left[kind] === 0) continue;
      const from = (row * kinds.count + kind) * BIN_WORDS;
      for (let word = firstBin >> 5; word <= lastBin >> 5; word++) union[word]! |= bins.bits[from + word]!;
    }
  };
  /** Keeps them nearest first; the farthest falls out of a full list. Number 0 of a ticket that looks stays. */
  const insert = (slot: number, distance: number, first: number) => {
    const { slots, distances } = candidates;
    if (candidates.count === max && distance >= distances[max - 1]!) return;
    let at = candidates.count < max ? candidates.count++ : max - 1;
    while (at > first && distances[at - 1]! > distance) {
      distances[at] = distances[at - 1]!;
      slots[at] = slots[at - 1]!;
      at--;
    }
    distances[at] = distance;
    slots[at] = slot;
  };

  /** Candidates of one list; `slot` looks. */
  const walk = (slot: number, list: number, kind: number, goal: Goal, first: number) => {
    const { blocks } = bins;
    const { isUnjudged } = candidates;
    const rating = Math.round(records.floats[slot * FLOATS + MEAN]! * PER_POINT);
    let looked = 0;
    for (let block = bins.ends[list * 2]!; block !== NONE; block = blocks[block * BLOCK + NEXT]!) {
      const from = block * BLOCK + ENTRIES;
      const end = from + 2 * blocks[block * BLOCK + USED]!;
      for (let at = from; at < end; at += 2) {
        const other = blocks[at]!;
        gather.effort++;
        if (other === NONE || other === slot) continue;
        if (!isUnjudged && isStranger(slot, other)) {
          if (strangersLeft-- <= 0) return;
          continue;
        }
        if (looked++ === NODES_MAX) return;
        if (!isUnjudged && !accept(slot, other, goal)) continue;
        insert(other, rules.isSkilled ? Math.abs(blocks[at + 1]! - rating) : ageOrder(other), first);
        if (--left[kind]! === 0) return;
      }
    }
  };
  const isStranger = (slot: number, other: number) =>
    records.ints[other * INTS + GROUP] !== records.ints[slot * INTS + GROUP];
  const accept = (slot: number, other: number, goal: Goal): boolean => {
    const { floats, ints } = records;
    const { skill, ranges } = rules;
    const fact = other * FLOATS;
    if (isStranger(slot, other)) return false;
    const stage = ints[other * INTS + STAGE]!;
    const spread =
      Math.max(goal.highest[0]!, floats[fact + HIGHEST]!) - Math.min(goal.lowest[0]!, floats[fact + LOWEST]!);
    if (spread > goal.windows[0]! || spread > skill[stage]!) return false;
    for (let range = 0; range < ranges.length; range++) {
      const apart = Math.abs(floats[fact + RANGE + range]! - floats[slot * FLOATS + RANGE + range]!);
      if (apart > goal.windows[range + 1]! || apart > ranges[range]![stage]!) return false;
    }
    return !avoidEachOther(records, slot, other);
  };
  /** Without skill whoever waits longest is nearest. */
  const ageOrder = (other: number) => records.floats[other * FLOATS + SINCE]! - core.nowMs;

  const walkOutwards = (slot: number, row: number, goal: Goal, first: number) => {
    const mean = records.floats[slot * FLOATS + MEAN]!;
    const window = goal.windows[0]!;
    firstBin = rules.isSkilled ? binOf(goal.highest[0]! - window) : 0;
    lastBin = rules.isSkilled ? binOf(goal.lowest[0]! + window) : 0;
    unite(row);
    const center = rules.isSkilled ? binOf(mean) : 0;
    let up = nextBit(union, center, lastBin + 1);
    let down = previousBit(union, center - 1, firstBin);
    while (up !== NONE || down !== NONE) {
      const isUp = down === NONE || (up !== NONE && up - center <= center - down);
      const bin = isUp ? up : down;
      const apart = bin === center ? 0 : isUp ? bin * BIN_POINTS - mean : mean - (bin + 1) * BIN_POINTS;
      if (candidates.count === max && apart * PER_POINT >= candidates.distances[max - 1]!) return;
      let isDone = false;
      for (let kind = 0; kind < kinds.count; kind++) {
        if (left[kind]! === 0) continue;
        walk(slot, (row * kinds.count + kind) * BINS + bin, kind, goal, first);
        if (left[kind] === 0) isDone = true;
      }
      if (isDone) unite(row);
      if (isUp) up = nextBit(union, bin + 1, lastBin + 1);
      else down = previousBit(union, bin - 1, firstBin);
    }
  };

  /** What choosers compare. */
  const describe = (i: number) => {
    const { floats, ints } = records;
    const slot = candidates.slots[i]!;
    const stage = ints[slot * INTS + STAGE]!;
    candidates.sizes[i] = ints[slot * INTS + SIZE]!;
    candidates.mayStart[i] = rules.mayStart[stage]!;
    candidates.lowest[i] = floats[slot * FLOATS + LOWEST]!;
    candidates.highest[i] = floats[slot * FLOATS + HIGHEST]!;
    candidates.windows[i] = rules.skill[stage]!;
    for (let range = 0; range < rules.ranges.length; range++) {
      const at = (range + 1) * max + i;
      candidates.lowest[at] = floats[slot * FLOATS + RANGE + range]!;
      candidates.highest[at] = candidates.lowest[at]!;
      candidates.windows[at] = rules.ranges[range]![stage]!;
    }
    if (hasRoles) candidates.masks[i] = records.masks[slot]!;
    candidates.conflicts[i] = 0;
    if (ints[slot * INTS + AVOIDS] !== 0) {
      for (let before = 0; before < i && before < MASK_BITS; before++) separate(i, before);
      avoiders[avoiderCount++] = i;
    } else for (let k = 0; k < avoiderCount; k++) separate(i, avoiders[k]!);
  };
  /** Only masks of the few are asked for; the many ask in pairs. */
  const separate = (a: number, b: number) => {
    if (a >= MASK_BITS || b >= MASK_BITS || !avoidEachOther(records, candidates.slots[a]!, candidates.slots[b]!))
      return;
    candidates.conflicts[a]! |= 1 << b;
    candidates.conflicts[b]! |= 1 << a;
  };
  candidates.judge = (i) => {
    if (!accept(looking, candidates.slots[i]!, goalNow)) return false;
    describe(i);
    return true;
  };

  const gather: Gather = {
    candidates,
    effort: 0,
    around(slot, row, goal, isFirst) {
      const { floats, ints } = records;
      const stage = ints[slot * INTS + STAGE]!;
      goal.lowest[0] = floats[slot * FLOATS + LOWEST]!;
      goal.highest[0] = floats[slot * FLOATS + HIGHEST]!;
      goal.windows[0] = rules.skill[stage]!;
      for (let range = 0; range < rules.ranges.length; range++) {
        goal.lowest[range + 1] = floats[slot * FLOATS + RANGE + range]!;
        goal.highest[range + 1] = goal.lowest[range + 1]!;
        goal.windows[range + 1] = rules.ranges[range]![stage]!;
      }
      looking = slot;
      goalNow = goal;
      avoiderCount = 0;
      strangersLeft = STRANGERS_MAX;
      candidates.isUnjudged = isFirst;
      candidates.count = 0;
      if (goal.hasAnchor) {
        candidates.slots[0] = slot;
        candidates.distances[0] = Number.NEGATIVE_INFINITY;
        candidates.count = 1;
      }
      const first = candidates.count;
      for (let kind = 0; kind < kinds.count; kind++) left[kind] = isFirst ? kinds.firstQuota(kind) : kinds.quota(kind);
      walkOutwards(slot, row, goal, first);
      if (goal.hasAnchor) candidates.distances[0] = 0;
      if (goal.hasAnchor) describe(0);
      if (isFirst) return;
      candidates.players = goal.hasAnchor ? candidates.sizes[0]! : 0;
      for (let i = first; i < candidates.count; i++) {
        describe(i);
        candidates.players += candidates.sizes[i]!;
      }
    },
  };
  return gather;
}
