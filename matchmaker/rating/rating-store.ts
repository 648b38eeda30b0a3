/**
 * Where ratings live. They come from here and never from a client. A match is recorded when its seats are given out; its result is
 * applied once, however often a room reports it. Memory, SQLite and a studio's own database pass one contract suite.
 */

/** Of one player in one mode, in the terms of openskill: Weng and Lin 2011, "A Bayesian approximation method for online ranking". */
export interface Skill {
  readonly mu: number;
  readonly sigma: number;
}

export interface RecordedMatch {
  readonly matchId: string;
  readonly mode: string;
  /** Player ids by team, without bots; a lone team is a free-for-all. No player is in it twice. */
  readonly teams: readonly (readonly string[])[];
  readonly startedAtMs: number;
}

export interface MatchResult {
  readonly matchId: string;
  /** By player id: 1 is the best, equal ranks are a draw. A team's rank is the best of its players'; none at all: nothing is rated. */
  readonly ranks: Readonly<Record<string, number>>;
  /** Who left before the end without coming back. */
  readonly left: readonly string[];
  /** Everybody who ever sat down, where the reporter knows: players of the match who are not among them have left, too. */
  readonly sat?: readonly string[] | undefined;
}

export interface Standing {
  readonly playerId: string;
  /** Rating points: what rounds and leaderboards show. */
  readonly rating: number;
  readonly skill: Skill;
  readonly matches: number;
  readonly leaves: number;
  /** May not enlist before this Unix time because of leaves; 0: may. */
  readonly barredUntilMs: number;
}

/** A match whose room never reported (it crashed, or never finishes) is given up; no match lasts a day. */
export const MATCH_FORGOTTEN_MS = 86_400_000;
/** After its result a match is remembered as long as the index answers a repeated report, and then is UNKNOWN. */
export const RESULT_REMEMBERED_MS = 3_600_000;

/** One page of a leaderboard, and how far down it can be asked: a store walks over what it skips. */
export const LEADERBOARD_PAGE_MAX = 100;
export const LEADERBOARD_DEPTH = 10_000;

export interface LeaderboardQuery {
  readonly mode: string;
  /** 1 to `LEADERBOARD_PAGE_MAX`. */
  readonly limit: number;
  /** 0 to `LEADERBOARD_DEPTH`. */
  readonly offset: number;
}

export interface RatingStore {
  /** In the order asked for; a player that was never seen has the start values. */
  standings(mode: string, playerIds: readonly string[]): Promise<Standing[]>;
  /** Before its result; the same match twice changes nothing. Forgotten after `MATCH_FORGOTTEN_MS` without a result. */
  record(matches: readonly RecordedMatch[]): Promise<void>;
  /** APPLIED once a match; ALREADY the same id again; UNKNOWN no such match was recorded. */
  apply(result: MatchResult, nowMs: number): Promise<"APPLIED" | "ALREADY" | "UNKNOWN">;
  /** Best first, equals by player id; only who has finished matches. Rejects with RangeError for a page that is none. */
  leaderboard(query: LeaderboardQuery): Promise<Standing[]>;
  close(): Promise<void>;
}
