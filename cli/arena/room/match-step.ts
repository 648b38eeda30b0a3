/**
 * A match is the arena's own step, with a score for each team and an end: so many wrecks, the time, or nobody left to fight.
 * Nothing here waits, looks at a clock or rolls dice.
 */
import { COME_WITHIN_MS } from "./rules.ts";
import type { MatchState } from "./state.ts";
import { type Step, stepArena } from "./step.ts";

export function stepMatch(state: MatchState, step: Step): void {
  const before = wrecksOf(state);
  stepArena(state, step);
  const after = wrecksOf(state);
  // Added up rather than summed over ships: the wrecks of a player who leaves stay the team's.
  after.forEach((wrecks, team) => {
    if (wrecks > before[team]!) state.scores[team]! += wrecks - before[team]!;
  });
}

/** By team. */
function wrecksOf(state: MatchState): number[] {
  const wrecks = Array.from(state.scores, () => 0);
  for (const { team, score } of state.ships.values()) wrecks[team - 1]! += score;
  return wrecks;
}

/** The team that has won, from 1; 0: a draw; undefined: the match goes on. `came` are the teams that ever had a ship. */
export function winnerOf(state: MatchState, came: ReadonlySet<number>, nowMs: number): number | undefined {
  const here = new Set([...state.ships.values()].map(({ team }) => team));
  const teams = Array.from(state.scores, (_score, index) => index + 1);
  const left = teams.filter((team) => here.has(team) || (!came.has(team) && nowMs < COME_WITHIN_MS));
  if (left.length === 1) return left[0];
  const best = Math.max(...state.scores);
  if (best < state.toWin && nowMs < state.endsMs) return undefined;
  const leaders = teams.filter((team) => state.scores[team - 1] === best);
  return leaders.length === 1 ? leaders[0] : 0;
}
