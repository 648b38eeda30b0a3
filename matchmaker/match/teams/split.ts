/**
 * The fairest way to put parties into teams: of all ways that fill the teams as wanted, the one in which the teams' mean ratings differ
 * least. Exact. Two teams without roles are a walk over all subsets in Gray code, one party moving at each step; everything else is
 * tried in depth, with empty teams of the same kind tried once.
 */
import type { TeamShape } from "../../pool/rules.ts";
import { createRoleFit } from "./roles.ts";

export interface Parties {
  count: number;
  readonly sizes: Int32Array;
  /** Sums of the members' ratings. */
  readonly ratings: Float64Array;
  /** Role masks of the members, only where teams have roles. */
  readonly masks: (readonly number[])[];
}

export interface SplitGoal {
  /** Free seats by team. */
  readonly free: ArrayLike<number>;
  /** Who is in the teams already: players, and the sum of their ratings. */
  readonly playersIn: ArrayLike<number>;
  readonly ratingsIn: ArrayLike<number>;
  /** Whether these fills, of newcomers by team, are wanted; undefined: all seats are taken. */
  readonly isWanted: ((fills: Int32Array) => boolean) | undefined;
  /** See `Goal`. */
  readonly rolesLax: boolean;
  readonly hasBots: boolean;
}

/** Leaves a team for each party in `teams`; the difference of the means, or Infinity when there is no way. */
export type Split = (parties: Parties, goal: SplitGoal, teams: Int32Array) => number;

export function createSplit(shapes: readonly TeamShape[]): Split {
  const hasRoles = shapes.some(({ roles }) => roles.length > 0);
  const kinds = shapes.map((shape) => JSON.stringify(shape));
  const rolesFit = createRoleFit();
  const masks = shapes.map(({ seats }) => new Int32Array(seats));
  const fills = new Int32Array(shapes.length);
  const sums = new Float64Array(shapes.length);
  const trial = new Int32Array(64);
  let best = Number.POSITIVE_INFINITY;

  const imbalance = (goal: SplitGoal) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let team = 0; team < shapes.length; team++) {
      const players = fills[team]! + goal.playersIn[team]!;
      if (players === 0) continue;
      const mean = (sums[team]! + goal.ratingsIn[team]!) / players;
      if (mean < least) least = mean;
      if (mean > most) most = mean;
    }
    return most - least;
  };
  const isFilled = (goal: SplitGoal) => {
    if (goal.isWanted) return goal.isWanted(fills);
    for (let team = 0; team < shapes.length; team++) if (fills[team] !== goal.free[team]) return false;
    return true;
  };
  const rolesWork = (parties: Parties, goal: SplitGoal) => {
    for (let team = 0; team < shapes.length; team++) {
      const shape = shapes[team]!;
      let n = 0;
      for (let i = 0; i < parties.count; i++) {
        if (trial[i] !== team) continue;
        for (const mask of parties.masks[i]!) masks[team]![n++] = mask;
      }
      const others = goal.rolesLax ? shape.seats : goal.hasBots ? goal.free[team]! - n : 0;
      if (!rolesFit(shape, masks[team]!, n, others)) return false;
    }
    return true;
  };
  const visit = (parties: Parties, goal: SplitGoal, i: number, teams: Int32Array) => {
    if (i === parties.count) {
      const difference = imbalance(goal);
      if (difference >= best || !isFilled(goal) || (hasRoles && !rolesWork(parties, goal))) return;
      best = difference;
      teams.set(trial.subarray(0, parties.count));
      return;
    }
    const party = parties.sizes[i]!;
    for (let team = 0; team < shapes.length && best > 0; team++) {
      if (fills[team]! + party > goal.free[team]! || hasEmptyTwin(goal, team)) continue;
      fills[team]! += party;
      sums[team]! += parties.ratings[i]!;
      trial[i] = team;
      visit(parties, goal, i + 1, teams);
      fills[team]! -= party;
      sums[team]! -= parties.ratings[i]!;
    }
  };
  /** An earlier team is the same in everything, and both are empty: it stands for both. */
  const hasEmptyTwin = (goal: SplitGoal, team: number) => {
    if (fills[team] !== 0 || goal.playersIn[team] !== 0) return false;
    for (let twin = 0; twin < team; twin++) {
      if (fills[twin] === 0 && goal.playersIn[twin] === 0 && kinds[twin] === kinds[team]) return true;
    }
    return false;
  };

  return (parties, goal, teams) => {
    if (shapes.length === 2 && !hasRoles && !goal.isWanted) return splitInTwo(parties, goal, teams);
    best = Number.POSITIVE_INFINITY;
    fills.fill(0);
    sums.fill(0);
    visit(parties, goal, 0, teams);
    return best;
  };
}

function splitInTwo({ count, sizes, ratings }: Parties, goal: SplitGoal, teams: Int32Array): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += ratings[i]!;
  const [freeA, inA, sumA] = [goal.free[0]!, goal.playersIn[0]!, goal.ratingsIn[0]!];
  const [freeB, inB, sumB] = [goal.free[1]!, goal.playersIn[1]!, goal.ratingsIn[1]!];
  const [playersA, playersB] = [Math.max(1, freeA + inA), Math.max(1, freeB + inB)];
  // Two equal teams: the last party may as well be in the second one.
  const isMirrored = freeA === freeB && inA === 0 && inB === 0;
  const subsets = 2 ** (isMirrored ? count - 1 : count);
  let best = Number.POSITIVE_INFINITY;
  let bestSet = 0;
  let set = 0;
  let size = 0;
  let sum = 0;
  for (let n = 1; ; n++) {
    if (size === freeA) {
      const difference = Math.abs((sum + sumA) / playersA - (total - sum + sumB) / playersB);
      if (difference < best) {
        best = difference;
        bestSet = set;
      }
    }
    if (n >= subsets) break;
    // Gray code: the party that moves at step n is the number of zeros at n's end.
    const moves = 31 - Math.clz32(n & -n);
    set ^= 1 << moves;
    const sign = (set >> moves) & 1 ? 1 : -1;
    size += sign * sizes[moves]!;
    sum += sign * ratings[moves]!;
  }
  for (let i = 0; i < count; i++) teams[i] = (bestSet >> i) & 1 ? 0 : 1;
  return best;
}
