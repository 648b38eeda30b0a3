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
  /** Player ids by team. */
  readonly teams: readonly (readonly string[])[];
  readonly startedAtMs: number;
}

export interface MatchResult {
  readonly matchId: string;
  /** By player id: 1 is the best, equal ranks are a draw. A team's rank is the best of its players'. */
  readonly ranks: Readonly<Record<string, number>>;
  /** Who never sat down, or left before the end without coming back. */
  readonly left: readonly string[];
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

export interface RatingStore {
  /** In the order asked for; a player that was never seen has the start values. */
  standings(mode: string, playerIds: readonly string[]): Promise<Standing[]>;
  /** Before its result; the same match twice changes nothing. */
  record(matches: readonly RecordedMatch[]): Promise<void>;
  /** APPLIED once a match; ALREADY the same id again; UNKNOWN no such match was recorded. */
  apply(result: MatchResult, nowMs: number): Promise<"APPLIED" | "ALREADY" | "UNKNOWN">;
  /** Best first; `limit` 1 to 100. */
  leaderboard(query: { mode: string; limit: number; offset: number }): Promise<Standing[]>;
  close(): Promise<void>;
}
