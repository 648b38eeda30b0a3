/**
 * One result, applied: the same for every store, which only keeps what comes out. Of a match without ranks nothing is rated, and who left
 * has left all the same.
 */
import { barredUntilMs, LEAVE_RULES, type LeaveRules, withLeave } from "./bar-leaver.ts";
import { isRanked, rateMatch } from "./rate-match.ts";
import type { MatchResult, RecordedMatch, Skill, Standing } from "./rating-store.ts";
import { pointsOf, START_SKILL } from "./skill.ts";

/** What a store keeps of a player in a mode. */
export interface Career {
  readonly skill: Skill;
  /** Matches with a result. */
  readonly matches: number;
  readonly leaves: number;
  /** Unix times of the leaves that may count yet, oldest first. */
  readonly leftAtMs: readonly number[];
  readonly barredUntilMs: number;
}

export interface RatingRules {
  readonly leaves: LeaveRules;
  /** A leaderboard lists who has as many matches with a result: one lucky match is no rank. */
  readonly leaderboardMatchesMin: number;
}
export const RATING_RULES: RatingRules = Object.freeze({ leaves: LEAVE_RULES, leaderboardMatchesMin: 1 });

export const NEW_CAREER: Career = Object.freeze({
  skill: START_SKILL,
  matches: 0,
  leaves: 0,
  leftAtMs: [],
  barredUntilMs: 0,
});

export const standingOf = (playerId: string, { skill, matches, leaves, barredUntilMs }: Career): Standing =>
  Object.freeze({ playerId, rating: pointsOf(skill), skill, matches, leaves, barredUntilMs });

/** The careers that change, by player id. */
export function applyResult(
  match: RecordedMatch,
  result: MatchResult,
  careerOf: (playerId: string) => Career,
  nowMs: number,
  rules: LeaveRules,
): Map<string, Career> {
  const players = match.teams.flat();
  const left = leftOf(players, result);
  const skills = rateMatch(match, result, left, (playerId) => careerOf(playerId).skill);
  const played = isRanked(match, result) ? 1 : 0;
  const changed = new Map<string, Career>();
  for (const playerId of players) {
    if (!played && !left.has(playerId)) continue;
    const before = careerOf(playerId);
    const leftAtMs = left.has(playerId) ? withLeave(before.leftAtMs, nowMs, rules) : before.leftAtMs;
    changed.set(playerId, {
      skill: skills.get(playerId) ?? before.skill,
      matches: before.matches + played,
      leaves: before.leaves + (left.has(playerId) ? 1 : 0),
      leftAtMs,
      barredUntilMs: left.has(playerId) ? barredUntilMs(leftAtMs, rules) : before.barredUntilMs,
    });
  }
  return changed;
}

/** Of the match's players: who is said to have left, and who never sat down. */
function leftOf(players: readonly string[], { left, sat }: MatchResult): Set<string> {
  const gone = new Set(left);
  const came = sat && new Set(sat);
  return new Set(players.filter((playerId) => gone.has(playerId) || came?.has(playerId) === false));
}
