/** What the store asks of the thread that has the file, and what comes back. */
import type { RatingRules } from "../apply-result.ts";
import type { LeaderboardQuery, MatchResult, RecordedMatch, Standing } from "../rating-store.ts";

export type Ask =
  | { readonly kind: "standings"; readonly mode: string; readonly playerIds: readonly string[] }
  | { readonly kind: "record"; readonly matches: readonly RecordedMatch[] }
  | { readonly kind: "apply"; readonly result: MatchResult; readonly nowMs: number }
  | { readonly kind: "leaderboard"; readonly query: LeaderboardQuery };

export interface Applied {
  readonly outcome: "APPLIED" | "ALREADY" | "UNKNOWN";
  readonly mode: string;
  /** As they are now. */
  readonly changed: readonly Standing[];
}
export interface AnswerTo {
  readonly standings: Standing[];
  readonly record: undefined;
  readonly apply: Applied;
  readonly leaderboard: Standing[];
}
export type Answer = AnswerTo[Ask["kind"]];
/** Of one ask in a batch. */
export type Outcome = { readonly answer: Answer } | { readonly failed: string };

export interface PlayerChange {
  readonly mode: string;
  readonly playerId: string;
}

export interface ThreadOptions {
  readonly file: string;
  readonly rules: RatingRules;
}
export type ToThread = { readonly asks: readonly Ask[] } | "close";
export type FromThread =
  | { readonly kind: "opened" }
  /** In the order of the asks. */
  | { readonly kind: "outcomes"; readonly outcomes: readonly Outcome[] }
  /** Another process wrote these; "all": too many to name. */
  | { readonly kind: "changed"; readonly players: readonly PlayerChange[] | "all" };
