/** What goes into a simulation and what comes out of it. All of a report is plain JSON, the same for the same input and seed. */
import type { PoolPlayer, PoolTicket } from "../pool/words.ts";

export interface ReplayPlayer extends PoolPlayer {
  /** Uncertainty of the rating, in openskill's terms; 0 where the log does not say. */
  readonly sigma: number;
}

/** A ticket that was once asked for, or could have been. `sinceMs` is when it began to wait, `atMs` when it came into this pool. */
export interface ReplayTicket extends PoolTicket {
  readonly players: readonly ReplayPlayer[];
  /** Milliseconds, of any beginning. */
  readonly atMs: number;
  /** Tickets of different compats never meet. */
  readonly compat: string;
  /** The age at which its player gave up; undefined: nobody knows, so not before the mode's timeout. */
  readonly leavesAfterMs?: number | undefined;
}

/** Why a ticket found no match. */
export const unmatchedWhys = {
  timedOut: "it waited until the mode's timeout",
  left: "its player gave up, at the age at which he did when it was recorded",
  unreachable: "no metro that the mode allows was in its reach",
} as const;
export type UnmatchedWhy = keyof typeof unmatchedWhys;

/** Quantiles by nearest rank. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** 101 values, at 0, 1, … 100 %: for charts. */
  readonly curve: readonly number[];
}

/** One mode's results. Distributions are absent where nothing was counted. */
export interface ModeReport {
  readonly name: string;
  /** That came in; `repeated` ones are not among them. */
  readonly tickets: number;
  /** Tickets that nobody would have asked for here: somebody of them still waited with an earlier one. */
  readonly repeated: number;
  /** Different ones. */
  readonly players: number;
  readonly matchedTickets: number;
  readonly matches: number;
  /** Matches in which bots sit. */
  readonly withBots: number;
  /** Matches that began with fewer players than seats, bots apart. */
  readonly short: number;
  readonly unmatched: Readonly<Record<UnmatchedWhy, number>>;
  /** From a ticket's beginning to its match, of those that were matched. */
  readonly waitMs?: Distribution;
  /** Largest difference of ratings within a match of two players and more. */
  readonly spread?: Distribution;
  /** The predicted chance to win of a match's likeliest winner: 0.5 is an even duel. */
  readonly favourite?: Distribution;
  /** Round trip of each player to the match's metro. */
  readonly rttMs?: Distribution;
  /** How much longer that is than to the nearest metro. */
  readonly deltaMs?: Distribution;
  /** Matches for which a rule had widened, by rule. */
  readonly widened: Readonly<Record<string, number>>;
  /** In equal steps from the first ticket to the last. */
  readonly timeline: readonly { readonly atMs: number; readonly tickets: number; readonly waitMs: number | null }[];
}

export interface Report {
  readonly seed: number;
  /** From the first ticket to the last. */
  readonly spanMs: number;
  /** The mode, and beside it what it was compared with. */
  readonly modes: readonly ModeReport[];
}
