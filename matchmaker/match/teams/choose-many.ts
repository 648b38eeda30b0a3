/**
 * Which candidates fill large teams, and who plays with whom; a heuristic. Candidates nearest first, each into the team with most free
 * seats; if seats stay empty, once more with the largest parties first, which leaves the gaps to single players. Then the teams are
 * evened out: longest processing time (the best party goes to the team that lacks most rating per seat, Graham 1969), and swaps of
 * equally large parties as long as one makes the teams' means more equal.
 */
import type { Candidates, Choice, Goal } from "../../pool/candidates.ts";
import type { TeamShape } from "../../pool/rules.ts";
import { createRoleFit } from "./roles.ts";

const SWAP_PASSES_MAX = 8;

export interface ChooseMany {
  /** `conflict(a, b)`: candidates that may not be together. */
  choose(candidates: Candidates, goal: Goal, conflict: (a: number, b: number) => boolean, choice: Choice): boolean;
  /** Evens out the teams of `choice`; `ratingOf` is the sum of a candidate's ratings. */
  balance(candidates: Candidates, goal: Goal, ratingOf: (i: number) => number, meanIn: number, choice: Choice): void;
}

export function createChooseMany(teams: readonly TeamShape[], dimensions: number): ChooseMany {
  const hasRoles = teams.some(({ roles }) => roles.length > 0);
  const rolesFit = createRoleFit();
  const masks = new Int32Array(64);
  const fills = new Int32Array(teams.length);
  const sums = new Float64Array(teams.length);
  const order = new Int32Array(256);
  const low = new Float64Array(dimensions);
  const high = new Float64Array(dimensions);
  const window = new Float64Array(dimensions);
  let players = 0;
  let flags = 0;

  /** Whether a team's members, and `extra` with them, can all have roles. */
  const rolesWork = (
    candidates: Candidates,
    goal: Goal,
    choice: Choice,
    team: number,
    extra: number,
    others: number,
  ) => {
    if (!hasRoles) return true;
    let n = 0;
    for (let k = 0; k < choice.count; k++) {
      if (choice.teams[k] === team) for (const mask of candidates.masks[choice.members[k]!]!) masks[n++] = mask;
    }
    if (extra >= 0) for (const mask of candidates.masks[extra]!) masks[n++] = mask;
    return rolesFit(teams[team]!, masks, n, goal.rolesLax ? teams[team]!.seats : others);
  };
  const agrees = (candidates: Candidates, i: number) => {
    for (let d = 0; d < dimensions; d++) {
      const at = d * candidates.max + i;
      const spread = Math.max(high[d]!, candidates.highest[at]!) - Math.min(low[d]!, candidates.lowest[at]!);
      if (spread > Math.min(window[d]!, candidates.windows[at]!)) return false;
    }
    return true;
  };
  const join = (candidates: Candidates, choice: Choice, i: number, team: number) => {
    choice.members[choice.count] = i;
    choice.teams[choice.count++] = team;
    fills[team]! += candidates.sizes[i]!;
    players += candidates.sizes[i]!;
    flags += candidates.mayStart[i]!;
    for (let d = 0; d < dimensions; d++) {
      const at = d * candidates.max + i;
      low[d] = Math.min(low[d]!, candidates.lowest[at]!);
      high[d] = Math.max(high[d]!, candidates.highest[at]!);
      window[d] = Math.min(window[d]!, candidates.windows[at]!);
    }
  };
  const roomFor = (candidates: Candidates, goal: Goal, choice: Choice, i: number) => {
    let best = -1;
    for (let team = 0; team < teams.length; team++) {
      const free = goal.free[team]! - fills[team]!;
      const party = candidates.sizes[i]!;
      if (free < party || (best >= 0 && free <= goal.free[best]! - fills[best]!)) continue;
      if (rolesWork(candidates, goal, choice, team, i, free - party)) best = team;
    }
    return best;
  };
  const fill = (candidates: Candidates, goal: Goal, conflict: (a: number, b: number) => boolean, choice: Choice) => {
    fills.fill(0);
    low.set(goal.lowest);
    high.set(goal.highest);
    window.set(goal.windows);
    choice.count = players = flags = 0;
    for (let nth = 0; nth < candidates.count; nth++) {
      const i = order[nth]!;
      let isFree = agrees(candidates, i);
      for (let k = 0; k < choice.count && isFree; k++) isFree = !conflict(i, choice.members[k]!);
      const team = isFree ? roomFor(candidates, goal, choice, i) : -1;
      if (team >= 0) join(candidates, choice, i, team);
      else if (goal.hasAnchor && i === 0) return;
    }
  };
  const suffices = (candidates: Candidates, goal: Goal, choice: Choice, wanted: number) => {
    if (players === 0) return false;
    if (players === wanted || goal.anyNumber) return true;
    if (goal.playersMin === 0 || flags === 0 || players < goal.playersMin) return false;
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    for (let team = 0; team < teams.length; team++) {
      const free = goal.free[team]! - fills[team]!;
      if (fills[team] === 0 || !rolesWork(candidates, goal, choice, team, -1, 0)) return false;
      [least, most] = [Math.min(least, free), Math.max(most, free)];
    }
    return most - least <= 1;
  };
  const meanOf = (team: number, goal: Goal, meanIn: number, delta: number) => {
    const before = teams[team]!.seats - goal.free[team]!;
    return (sums[team]! + delta + before * meanIn) / Math.max(1, fills[team]! + before);
  };

  return {
    choose(candidates, goal, conflict, choice) {
      const wanted = goal.free.reduce((sum, each) => sum + each, 0);
      if (!goal.anyNumber && goal.playersMin === 0 && candidates.players < wanted) return false;
      for (let i = 0; i < candidates.count; i++) order[i] = i;
      fill(candidates, goal, conflict, choice);
      if (players < wanted && candidates.players >= wanted) {
        const first = goal.hasAnchor ? 1 : 0;
        order.subarray(first, candidates.count).sort((a, b) => candidates.sizes[b]! - candidates.sizes[a]! || a - b);
        const nearest = players;
        fill(candidates, goal, conflict, choice);
        if (players < wanted && nearest > players) {
          for (let i = 0; i < candidates.count; i++) order[i] = i;
          fill(candidates, goal, conflict, choice);
        }
      }
      return suffices(candidates, goal, choice, wanted);
    },
    balance(candidates, goal, ratingOf, meanIn, choice) {
      const { members, teams: at, count } = choice;
      const swapGain = (a: number, b: number, x: number, y: number) => {
        // Only the two teams change; the distance between their means is what a swap can shorten.
        const delta = ratingOf(members[b]!) - ratingOf(members[a]!);
        const before = Math.abs(meanOf(x, goal, meanIn, 0) - meanOf(y, goal, meanIn, 0));
        return before - Math.abs(meanOf(x, goal, meanIn, delta) - meanOf(y, goal, meanIn, -delta));
      };
      const setOut = () => {
        sums.fill(0);
        for (let k = 0; k < count; k++) sums[at[k]!]! += ratingOf(members[k]!);
      };
      deal(candidates, choice, ratingOf, hasRoles);
      setOut();
      for (let pass = 0; pass < SWAP_PASSES_MAX; pass++) {
        let hasSwapped = false;
        for (let a = 0; a < count; a++) {
          for (let b = a + 1; b < count; b++) {
            const [x, y] = [at[a]!, at[b]!];
            if (x === y || candidates.sizes[members[a]!] !== candidates.sizes[members[b]!]) continue;
            if (swapGain(a, b, x, y) <= 1e-9) continue;
            [at[a], at[b]] = [y, x];
            const empty = (team: number) => (goal.anyNumber ? goal.free[team]! - fills[team]! : 0);
            if (
              rolesWork(candidates, goal, choice, x, -1, empty(x)) &&
              rolesWork(candidates, goal, choice, y, -1, empty(y))
            ) {
              hasSwapped = true;
              setOut();
            } else [at[a], at[b]] = [x, y];
          }
        }
        if (!hasSwapped) break;
      }
    },
  };

  /**
   * Among parties of one size the places are dealt anew: best party first, to the team with the lowest sum so far. Sizes by team
   * stay as they are, so the teams stay full and parties whole. With roles the places depend on who has them: swaps alone.
   */
  function deal(candidates: Candidates, choice: Choice, ratingOf: (i: number) => number, isFixed: boolean) {
    if (isFixed) return;
    const { members, teams: at, count } = choice;
    const rank = order.subarray(0, count);
    for (let k = 0; k < count; k++) rank[k] = k;
    const size = (k: number) => candidates.sizes[members[k]!]!;
    rank.sort((a, b) => size(b) - size(a) || ratingOf(members[b]!) - ratingOf(members[a]!));
    sums.fill(0);
    for (let from = 0; from < count; ) {
      let end = from;
      while (end < count && size(rank[end]!) === size(rank[from]!)) end++;
      const places = new Int32Array(teams.length);
      for (let k = from; k < end; k++) places[at[rank[k]!]!]!++;
      for (let k = from; k < end; k++) {
        let poorest = -1;
        for (let team = 0; team < teams.length; team++) {
          if (places[team] === 0) continue;
          if (poorest < 0 || sums[team]! / fills[team]! < sums[poorest]! / fills[poorest]!) poorest = team;
        }
        places[poorest]!--;
        at[rank[k]!] = poorest;
        sums[poorest]! += ratingOf(members[rank[k]!]!);
      }
      from = end;
    }
  }
}
