/**
 * Which candidates fill small teams: a dynamic program over fill states. It takes candidates nearest first and stops as soon as the
 * teams are full, so the farthest member is as near as it can be; among the sets that do it, the one with the smallest sum of
 * distances. One set is kept per state (as a bit mask, with its lowest, highest and narrowest window), so a set that would agree
 * can be missed when nearer tickets do not agree among themselves: `choose` then looks again within stretches of the anchor's window.
 */
import type { Candidates, Goal } from "../../pool/candidates.ts";
import type { FillStates } from "./fill-states.ts";

const NONE = -1;
const UNREACHED = Number.POSITIVE_INFINITY;
/** Where the stretches begin, in windows below the anchor: around it, above it, below it, and between. */
const STRETCHES = [0.5, 0, 1, 0.25, 0.75];

export interface ChooseFew {
  /** The members as a mask and their fill state, or false. */
  choose(candidates: Candidates, goal: Goal): boolean;
  mask: number;
  state: number;
}

export function createChooseFew(
  states: FillStates,
  dimensions: number,
  seats: readonly number[],
  mayStartShort: boolean,
): ChooseFew {
  /** Whether somebody in the set lets it start short is part of a state, where that matters: number `state * flags + (0 or 1)`. */
  const flags = mayStartShort ? 2 : 1;
  const size = states.count * flags;
  const costs = new Float64Array(size);
  const masks = new Int32Array(size);
  const lowest = new Float64Array(size * dimensions);
  const highest = new Float64Array(size * dimensions);
  const windows = new Float64Array(size * dimensions);
  const fills = new Int32Array(seats.length);
  const { next, nextAt, sizes } = states;
  /** The last state reached so far. */
  let last = 0;
  let isTooWide = false;

  const begin = (candidates: Candidates, goal: Goal): boolean => {
    costs.fill(UNREACHED);
    for (let team = 0; team < seats.length; team++) fills[team] = seats[team]! - goal.free[team]!;
    const start = states.of(fills) * flags;
    last = start + flags - 1;
    costs[start] = 0;
    masks[start] = 0;
    for (let d = 0; d < dimensions; d++) {
      lowest[d * size + start] = goal.lowest[d]!;
      highest[d * size + start] = goal.highest[d]!;
      windows[d * size + start] = goal.windows[d]!;
    }
    if (!goal.hasAnchor) return true;
    // A party whose own members are too far apart agrees with nobody, not even with itself.
    for (let d = 0; d < dimensions; d++) if (goal.highest[d]! - goal.lowest[d]! > goal.windows[d]!) return false;
    extend(candidates, 0);
    costs[start] = UNREACHED;
    return last > start + flags - 1;
  };

  /** Every set that candidate `i` can join, fullest first, so that it joins each once. */
  const extend = (candidates: Candidates, i: number) => {
    const party = candidates.sizes[i]!;
    if (party > sizes) return;
    const conflicts = candidates.conflicts[i]!;
    const distance = candidates.distances[i]! * party;
    const flag = candidates.mayStart[i]! & (flags - 1);
    const mineLow = candidates.lowest[i]!;
    const mineHigh = candidates.highest[i]!;
    const mineWindow = candidates.windows[i]!;
    for (let from = last; from >= 0; from--) {
      const cost = costs[from]!;
      if (cost === UNREACHED) continue;
      const row = (flags === 1 ? from : from >> 1) * (sizes + 1) + party;
      const end = nextAt[row + 1]!;
      const first = nextAt[row]!;
      if (first === end || (conflicts & masks[from]!) !== 0) continue;
      const low = mineLow < lowest[from]! ? mineLow : lowest[from]!;
      const high = mineHigh > highest[from]! ? mineHigh : highest[from]!;
      const window = mineWindow < windows[from]! ? mineWindow : windows[from]!;
      if (high - low > window || (dimensions > 1 && !rangesAgree(candidates, i, from))) {
        isTooWide = true;
        continue;
      }
      for (let at = first; at < end; at++) {
        const to = flags === 1 ? next[at]! : next[at]! * 2 + ((from & 1) | flag);
        if (cost + distance >= costs[to]!) continue;
        costs[to] = cost + distance;
        masks[to] = masks[from]! | (1 << i);
        if (to > last) last = to;
        lowest[to] = low;
        highest[to] = high;
        windows[to] = window;
        if (dimensions > 1) widenRanges(candidates, i, from, to);
      }
    }
  };
  const rangesAgree = (candidates: Candidates, i: number, from: number) => {
    for (let d = 1; d < dimensions; d++) {
      const [mine, its] = [d * candidates.max + i, d * size + from];
      const low = Math.min(candidates.lowest[mine]!, lowest[its]!);
      const high = Math.max(candidates.highest[mine]!, highest[its]!);
      if (high - low > Math.min(candidates.windows[mine]!, windows[its]!)) return false;
    }
    return true;
  };
  const widenRanges = (candidates: Candidates, i: number, from: number, to: number) => {
    for (let d = 1; d < dimensions; d++) {
      const [mine, its, theirs] = [d * candidates.max + i, d * size + from, d * size + to];
      lowest[theirs] = Math.min(candidates.lowest[mine]!, lowest[its]!);
      highest[theirs] = Math.max(candidates.highest[mine]!, highest[its]!);
      windows[theirs] = Math.min(candidates.windows[mine]!, windows[its]!);
    }
  };

  const isFull = () => last >= states.full * flags;
  const pass = (candidates: Candidates, goal: Goal, floor: number, ceiling: number) => {
    if (!begin(candidates, goal)) return false;
    for (let i = goal.hasAnchor ? 1 : 0; i < candidates.count && !isFull(); i++) {
      if (candidates.isUnjudged && !candidates.judge(i)) continue;
      if (candidates.lowest[i]! >= floor && candidates.highest[i]! <= ceiling) extend(candidates, i);
    }
    return true;
  };

  const chooser: ChooseFew = {
    mask: 0,
    state: NONE,
    choose(candidates, goal) {
      // The unjudged are tried once, for a full match; whoever gathered them comes back with more otherwise.
      if (candidates.isUnjudged) {
        const isDone = pass(candidates, goal, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) && isFull();
        return isDone && pick(goal);
      }
      const wanted = goal.free.reduce((sum, each) => sum + each, 0);
      const isShort = goal.anyNumber || goal.playersMin > 0;
      if (!isShort && candidates.players < wanted) return false;
      isTooWide = false;
      if (!pass(candidates, goal, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) return false;
      if (!isFull() && isTooWide && candidates.players >= wanted && Number.isFinite(goal.windows[0]!)) {
        for (const stretch of STRETCHES) {
          const floor = goal.lowest[0]! - stretch * goal.windows[0]!;
          const ceiling = Math.max(floor + goal.windows[0]!, goal.highest[0]!);
          if (playersWithin(candidates, floor, ceiling) < wanted) continue;
          pass(candidates, goal, floor, ceiling);
          if (isFull()) break;
        }
        // Nothing full: the best of all candidates counts, not that of the last stretch.
        if (!isFull() && isShort) pass(candidates, goal, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      }
      return pick(goal);
    },
  };

  /** The fullest state that the goal takes; then the most even one, then the nearest. */
  const pick = (goal: Goal): boolean => {
    let best = NONE;
    for (let at = last; at >= 0; at--) {
      if (costs[at] === UNREACHED || masks[at] === 0 || !suffices(at, goal)) continue;
      if (best === NONE || compare(at, best) > 0) best = at;
    }
    if (best === NONE) return false;
    chooser.mask = masks[best]!;
    chooser.state = stateOf(best);
    return true;
  };
  const stateOf = (at: number) => (flags === 1 ? at : at >> 1);
  const suffices = (at: number, goal: Goal) => {
    const state = stateOf(at);
    if (state === states.full || goal.anyNumber) return true;
    if (goal.playersMin === 0 || flags === 1 || (at & 1) === 0) return false;
    return (
      states.players[state]! >= goal.playersMin && states.everywhere[state] === 1 && states.unevenness[state]! <= 1
    );
  };
  const compare = (a: number, b: number) =>
    states.players[stateOf(a)]! - states.players[stateOf(b)]! ||
    states.unevenness[stateOf(b)]! - states.unevenness[stateOf(a)]! ||
    costs[b]! - costs[a]!;
  return chooser;
}

function playersWithin(candidates: Candidates, floor: number, ceiling: number): number {
  let players = 0;
  for (let i = 0; i < candidates.count; i++) {
    if (candidates.lowest[i]! >= floor && candidates.highest[i]! <= ceiling) players += candidates.sizes[i]!;
  }
  return players;
}
