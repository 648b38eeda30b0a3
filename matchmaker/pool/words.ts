/** What goes into a pool and what comes out of a round; the owner of the pool (`match/`) sees no more of it than this. */

/** The wish of one party, as a round sees it. */
export interface PoolTicket {
  /** Unique in the pool. */
  readonly key: string;
  /** The party; 1 to `partyMax`. */
  readonly players: readonly PoolPlayer[];
  /** Metros that the whole party can reach, nearest first, at most `METROS_PER_TICKET`: round trip of its worst placed player, ms. */
  readonly metros: readonly { readonly metro: string; readonly rttMs: number }[];
  /** What the mode's `same`, `ranges` and `priority` name. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** When it began to wait, on the clock of `nowMs`; long ago for a ticket that comes back. */
  readonly sinceMs: number;
  /** Player ids that this party will not play with, at most `AVOID_MAX`; it holds in both directions. */
  readonly avoid: readonly string[];
}

export interface PoolPlayer {
  readonly playerId: string;
  /** Rating points; 1,500 for a new player. */
  readonly rating: number;
  /** Roles that the player would take, best first; empty: any. */
  readonly roles: readonly string[];
}

export const METROS_PER_TICKET = 8;
export const AVOID_MAX = 16;

/** A running room with free seats, waiting for players like a ticket that is never chosen by another. */
export interface Backfill {
  /** The room's id. */
  readonly roomId: string;
  readonly metro: string;
  /** Free seats of each team, in the mode's order. */
  readonly free: readonly number[];
  /** Mean rating of who is in it. */
  readonly rating: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Everybody in it. */
  readonly playerIds: readonly string[];
  readonly sinceMs: number;
}

export interface TeamMember {
  readonly ticket: PoolTicket;
  /** Index into the ticket's players. */
  readonly player: number;
  /** Where the mode has roles. */
  readonly role: string | undefined;
}

/** Tickets that a round would have play together. They have left the pool; whose match fails is added again. */
export interface MatchProposal {
  readonly tickets: readonly PoolTicket[];
  /** In the mode's order; whole parties. */
  readonly teams: readonly (readonly TeamMember[])[];
  /** Seats that bots take, by team. */
  readonly bots: readonly number[];
  readonly metro: string;
  /** Set when the players join a running room. */
  readonly roomId: string | undefined;
  readonly quality: MatchQuality;
  /** Why these players, why this metro, which rule had widened: sentences. Made when asked for. */
  why(): string[];
}

export interface MatchQuality {
  /** Largest difference of ratings. */
  readonly spread: number;
  /** Difference of the teams' mean ratings, largest less smallest. */
  readonly imbalance: number;
  readonly rttMsMax: number;
  /** Largest less smallest round trip. */
  readonly rttMsSpread: number;
  /** Age of its oldest ticket, ms. */
  readonly waitMs: number;
  /** Rules that were wider than at the start for a ticket of the match: `skill`, `latency`, a range's attribute, `start`, `bots`. */
  readonly widened: readonly string[];
}

export interface RoundInput {
  readonly nowMs: number;
  /** 0 to 1. */
  readonly rng: () => number;
  /** Tickets to start from at most; the rest waits for the next slice, so that a round never blocks its process. */
  readonly anchorsMax: number;
}

export interface RoundResult {
  readonly proposals: MatchProposal[];
  /** Something is left to do at once. */
  readonly more: boolean;
}

/** Tickets that may meet. Made by `createPool(mode, …)`; `runRound(pool, input)` is the only one that matches. */
export interface PoolState {
  /** Tickets. */
  readonly size: number;
  readonly players: number;
  /** False: the pool is full (POOL_FULL). Adding a key again replaces its ticket. */
  add(ticket: PoolTicket, nowMs: number): boolean;
  /** False: it is not there. */
  remove(key: string): boolean;
  has(key: string): boolean;
  offer(backfill: Backfill): void;
  withdrawOffer(roomId: string): void;
  /** When a round next has something to do; Infinity: when a ticket is added. */
  nextDueMs(): number;
  /** What keeps a ticket waiting, sentence by sentence; empty for one that is not there. */
  explain(key: string, nowMs: number): string[];
}
