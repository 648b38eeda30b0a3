/**
 * Which candidates fill teams with roles. Roles are a matching per team, which no fill state can carry, so this is a search in depth:
 * nearest first, each party into the emptiest team that can still give everybody a role and fill its minima with the seats left.
 * The first way down already finds a match unless flexible players were spent badly; it turns back a bounded number of times.
 */
import type { Candidates, Choice, Goal } from "../../pool/candidates.ts";
import type { TeamShape } from "../../pool/rules.ts";
import { createRoleFit } from "./roles.ts";

/** Steps of a search, by candidate: enough to turn back at each a few times. */
const STEPS_PER_CANDIDATE = 4;

export type ChooseWithRoles = (candidates: Candidates, goal: Goal, choice: Choice) => boolean;

export function createChooseWithRoles(
  teams: readonly TeamShape[],
  roleCount: number,
  dimensions: number,
): ChooseWithRoles {
  const rolesFit = createRoleFit();
  /** By team: the role masks of its players, and their number. */
  const masks = teams.map(({ seats }) => new Int32Array(seats));
  /** By role, over all teams. */
  const minima = Array.from({ length: roleCount }, (_, role) =>
    teams.reduce((sum, { roles }) => sum + (roles.find(({ bit }) => bit === 1 << role)?.min ?? 0), 0),
  );
  const fills = new Int32Array(teams.length);
  const members = new Int32Array(64);
  const at = new Int32Array(64);
  let count = 0;
  let players = 0;
  let flags = 0;
  let steps = 0;
  let best = 0;
  let wanted = 0;

  const rolesLeft = (team: number, others: number, goal: Goal) =>
    rolesFit(teams[team]!, masks[team]!, fills[team]!, goal.rolesLax ? teams[team]!.seats : others);
  const freeSeats = (team: number, goal: Goal) => goal.free[team]! - fills[team]!;

  const agrees = (candidates: Candidates, goal: Goal, i: number) => {
    for (let k = 0; k < count; k++) {
      if ((candidates.conflicts[i]! >> members[k]!) & 1) return false;
    }
    for (let d = 0; d < dimensions; d++) {
      const column = d * candidates.max;
      let low = Math.min(goal.lowest[d]!, candidates.lowest[column + i]!);
      let high = Math.max(goal.highest[d]!, candidates.highest[column + i]!);
      let window = Math.min(goal.windows[d]!, candidates.windows[column + i]!);
      for (let k = 0; k < count; k++) {
        low = Math.min(low, candidates.lowest[column + members[k]!]!);
        high = Math.max(high, candidates.highest[column + members[k]!]!);
        window = Math.min(window, candidates.windows[column + members[k]!]!);
      }
      if (high - low > window) return false;
    }
    return true;
  };
  const suffices = (goal: Goal) => {
    if (players === wanted || goal.anyNumber) return true;
    if (goal.playersMin === 0 || flags === 0 || players < goal.playersMin) return false;
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    for (let team = 0; team < teams.length; team++) {
      const free = freeSeats(team, goal);
      if (fills[team] === 0 || !rolesLeft(team, 0, goal)) return false;
      [least, most] = [Math.min(least, free), Math.max(most, free)];
    }
    return most - least <= 1;
  };
  /** The team with most free seats after `after` in that order; -1: no other. */
  const roomiest = (goal: Goal, party: number, tried: number) => {
    let best = -1;
    for (let team = 0; team < teams.length; team++) {
      if ((tried >> team) & 1 || freeSeats(team, goal) < party) continue;
      if (best === -1 || freeSeats(team, goal) > freeSeats(best, goal)) best = team;
    }
    return best;
  };

  const visit = (candidates: Candidates, goal: Goal, i: number, choice: Choice): boolean => {
    if (players > best && suffices(goal)) {
      best = players;
      choice.count = count;
      choice.members.set(members.subarray(0, count));
      choice.teams.set(at.subarray(0, count));
      if (players === wanted) return true;
    }
    if (i === candidates.count || steps-- <= 0) return false;
    if (agrees(candidates, goal, i)) {
      const party = candidates.masks[i]!;
      let tried = 0;
      for (let team = roomiest(goal, party.length, 0); team >= 0; team = roomiest(goal, party.length, tried)) {
        tried |= 1 << team;
        for (let k = 0; k < party.length; k++) masks[team]![fills[team]! + k] = party[k]!;
        fills[team]! += party.length;
        if (rolesLeft(team, freeSeats(team, goal), goal)) {
          const flag = candidates.mayStart[i]!;
          members[count] = i;
          at[count++] = team;
          players += party.length;
          flags += flag;
          const isDone = visit(candidates, goal, i + 1, choice);
          flags -= flag;
          players -= party.length;
          count--;
          if (isDone) return true;
        }
        fills[team]! -= party.length;
      }
    }
    return goal.hasAnchor && i === 0 ? false : visit(candidates, goal, i + 1, choice);
  };

  /** Whether the candidates could fill the roles' minima at all, counted over all teams: what fails is mostly this. */
  const couldFill = (candidates: Candidates) => {
    for (let role = 0; role < minima.length; role++) {
      let needs = minima[role]!;
      for (let i = 0; i < candidates.count && needs > 0; i++) {
        const party = candidates.masks[i]!;
        for (let k = 0; k < party.length; k++) if ((party[k]! >> role) & 1) needs--;
      }
      if (needs > 0) return false;
    }
    return true;
  };

  return (candidates, goal, choice) => {
    wanted = goal.free.reduce((sum, each) => sum + each, 0);
    if (!goal.anyNumber && goal.playersMin === 0 && candidates.players < wanted) return false;
    if (!goal.rolesLax && !couldFill(candidates)) return false;
    fills.fill(0);
    count = players = flags = best = 0;
    choice.count = 0;
    steps = STEPS_PER_CANDIDATE * candidates.count;
    visit(candidates, goal, 0, choice);
    return choice.count > 0;
  };
}
