/**
 * Skill, and the points that people see of it. openskill's prior says that the skills of a population lie around mu 25 with a standard
 * deviation of 25/3; 42 points a mu make that the 1,500 and 350 which players know from Elo and Glicko. Points follow mu alone and not
 * mu - 3 sigma: a round must seat a new player among the average, not among the weakest.
 */
import type { Skill } from "./rating-store.ts";

/** Weng and Lin 2011, section 5: mu 25, sigma 25/3. */
export const START_SKILL: Skill = Object.freeze({ mu: 25, sigma: 25 / 3 });

const START_POINTS = 1_500;
/** 350 points on 25/3 of mu. */
const POINTS_PER_MU = 42;

/** Rating points: 1,500 + (mu - 25) * 42. Unbounded in both directions, a new player has exactly 1,500. */
export const pointsOf = ({ mu }: Skill): number => START_POINTS + (mu - START_SKILL.mu) * POINTS_PER_MU;

/** The skill whose points these are. */
export const skillOf = (points: number, sigma: number): Skill => ({
  mu: START_SKILL.mu + (points - START_POINTS) / POINTS_PER_MU,
  sigma,
});
