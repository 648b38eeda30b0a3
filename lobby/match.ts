/**
 * What the index says about matches: how a match that hangs ends, who the metro's replicas are, and what rooms report back.
 * A match is a reservation by its id (`Reservation.target` kind `match`, or a room with `backfill`); its commit point is the
 * index, so whoever does not know how it ended asks `settle` and is told the same as everybody else.
 */
import type { Reserved } from "./lobby.ts";

export type Settlement =
  /** The match has its seats, whether anybody has sat down or not. The roster is empty where the index learned the match anew. */
  | (Reserved & { readonly roster: string })
  /** It has none, and never will: a reservation for it is answered ABORTED, too. */
  | { readonly kind: "ABORTED" }
  /** The index may have forgotten seats of it (a gap): ask again after so many ms. */
  | { readonly kind: "WAIT"; readonly retryInMs: number };

/** The end of a match, as its room tells it. */
export interface MatchReport {
  readonly match: string;
  readonly roomId: string;
  readonly mode: string;
  /** Rank by player id, 1 the best; undefined: the match has no result. */
  readonly ranks: Readonly<Record<string, number>> | undefined;
  /** Player ids of those who left before the end. */
  readonly left: readonly string[];
  readonly players: readonly { readonly playerId: string; readonly team: number }[];
}

/** A match whose server let somebody of it not in, to be placed again. */
export interface Replacement {
  /** Its key: the ticket of its reservation. */
  readonly match: string;
  /** The room for which the seat was. */
  readonly refusedIn: string;
  /** The random end of the new room's id. */
  readonly suffix: string;
  /** Servers not to be used, at most 16, beside those that refused it. */
  readonly avoid: readonly string[];
}

/** Why a match was placed again, in its server's words: it left with the match, or let nobody of it in. */
export type ReplacedBecause = "CUT" | "REFUSED";

export type ReplaceReply =
  /**
   * Its seats, in another room than `refusedIn`: that of whoever asked first, who is told generation 1. Without `why` its seats are
   * elsewhere because its reservation was made anew.
   */
  | (Reserved & { readonly roster: string; readonly why: ReplacedBecause | undefined })
  /** Its server has not said (yet) that it let nobody in: nothing is moved on a player's word. */
  | { readonly kind: "UNREFUSED" }
  /** Somebody of it has sat down: it stays where it is. */
  | { readonly kind: "SEATED" }
  /** It was refused once more than it may be placed again, or it was to fill up a running room; from now on it is aborted. */
  | { readonly kind: "ABORTED"; readonly mode: string; readonly why: ReplacedBecause }
  /** The index knows no seats of it: `settle` says how it ended. */
  | { readonly kind: "GONE" }
  /** Not now; it keeps what it has and may ask again. */
  | { readonly kind: "NO_SERVER" | "CODE_TAKEN" }
  | { readonly kind: "PAUSED"; readonly flag: string };

export type ReportReply =
  /** Kept until it is done with; or known already: the match was reported within `reportKeptMs`. */
  | { readonly kind: "KEPT" | "REPEATED" }
  /** `reportsMax` others are waiting. `dropped` counts all that were dropped so far. */
  | { readonly kind: "DROPPED"; readonly dropped: number };

/** A report that waits to be done with; `id` is its match's. */
export interface PendingReport {
  readonly id: string;
  readonly report: MatchReport;
}

/** A room on a live server that asks for more players. */
export interface WantedRoom {
  readonly roomId: string;
  readonly compat: string;
  /** Free seats wanted, by team. */
  readonly wanted: readonly number[];
  readonly seated: number;
  /** Promised to somebody who has not sat down yet: what it wants may be on its way. */
  readonly held: number;
  readonly capacity: number;
  /** What its server says of those who are there; empty where it says nothing. */
  readonly company: string;
}

export interface ReplicaClaim {
  /** 1 to 64 characters. */
  readonly replica: string;
  /** The highest epoch that it ever saw; 0 for none. */
  readonly seenEpoch: number;
  /** It goes, and says so instead of falling silent. */
  readonly leave?: boolean | undefined;
}

export interface ReplicaSet {
  /** Goes up whenever the set changes, and never down. */
  readonly epoch: number;
  /** In order of their names. A replica that finds no place in it owns nothing. */
  readonly members: readonly string[];
  readonly nowMs: number;
}

/** The replicas of a metro's matchmaker: one record, kept by everybody who says every second that it is there. */
export interface Replicas {
  /** Takes or renews the replica's place; one that was silent for `leaseMs` has lost it. Rejects like the index. */
  claim(claim: ReplicaClaim): Promise<ReplicaSet>;
}

/** Members of a replica set at most; rendezvous over more would buy nothing, and each claim reads them all. */
export const REPLICAS_MAX = 64;
/** How often a match whose server refused it is placed again; a third room would not be better than another match. */
export const REPLACEMENTS_MAX = 2;
/** Rooms in one answer of `listWanted`. */
export const WANTED_ROOMS_MAX = 256;
/**
 * A tombstone lives so many hold lifetimes longer than a room that nobody publishes: no copy of a reservation is on its way for so
 * long.
 */
export const TOMBSTONE_HOLDS = 4;
