/** How even a match is: the predicted chance to win of its likeliest winner. */
import { predictWin } from "openskill";
import { skillOf } from "../rating/skill.ts";
import type { ReplayPlayer } from "./words.ts";

/**
 * 0.5 to 1 for two teams, 1/n to 1 for n; undefined for fewer than two. A lone team is a free-for-all. Openskill's prediction, which
 * knows no draws; its beta is half of a new player's sigma.
 */
export function favouriteOf(teams: readonly (readonly ReplayPlayer[])[]): number | undefined {
  const sides = teams.length === 1 ? teams[0]!.map((player) => [player]) : teams.filter((team) => team.length > 0);
  if (sides.length < 2) return undefined;
  return Math.max(...predictWin(sides.map((side) => side.map(({ rating, sigma }) => skillOf(rating, sigma)))));
}
