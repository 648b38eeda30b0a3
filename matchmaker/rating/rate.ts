/**
 * Skills after one match: the Plackett-Luce model of Weng and Lin 2011 ("A Bayesian approximation method for online ranking", algorithm
 * 4), as openskill computes it. Pinned to openskill 4.1: 5.0 computes the same values with 161 packages where 4.1 has eight.
 */
import { rate as openskillRate } from "openskill";
import type { Skill } from "./rating-store.ts";

/**
 * Uncertainty that a match adds to each player before it is counted (openskill's tau, a hundredth of the start's sigma): skills change,
 * and a rating that had become certain could not follow.
 */
const TAU = 25 / 300;

/**
 * Teams of any sizes; a team's strength is the sum of its players', so that a larger team is expected to win. `ranks` are by team: 1 is
 * the best, equal ranks are a draw. Fewer than two teams have nobody to be compared with: their skills stay.
 */
export function rate(teams: readonly (readonly Skill[])[], ranks: readonly number[]): Skill[][] {
  const given = teams.map((team) => team.map(({ mu, sigma }) => ({ mu, sigma })));
  return given.length < 2 ? given : openskillRate(given, { rank: [...ranks], tau: TAU });
}
