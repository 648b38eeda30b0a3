/**
 * What a holder of a ticket (an edge session, a long poll, an embedding server) and the owner of the ticket's pool say to one another.
 * Every message may be lost, late or said twice: each names the ticket by the holder's own number `n` and, where it is about one, the
 * match, and what no longer fits is ignored. `shared/ticket/` is the holder's side, `matchmaker/match/` the owner's.
 */
import * as z from "zod";
import { JoinOptions, MatchId, MetroCode, ModeName, RefusalWire, RoomId, RoundTrip, Seat, TicketId } from "./words.ts";

/** The holder's number for the ticket; never used again in its process. */
const n = z.int().nonnegative();
const ns = z.array(n).max(512);
const sid = z.string().min(1).max(64);
const Receipt = z.string().max(512);

/** The wish, complete: said again whenever the pool has a new owner or the old one forgot it. */
export const Enlist = z.object({
  t: z.literal("enlist"),
  n,
  sid,
  ticket: TicketId,
  /** Of a party's ticket: its key, and which of how many members this is. Alone: absent. */
  party: z
    .object({ key: z.string().min(1).max(64), part: z.int().min(0).max(63), parts: z.int().min(1).max(64) })
    .optional(),
  mode: ModeName,
  compat: z.string().max(64),
  options: JoinOptions,
  /** Nearest first. */
  metros: z.array(z.object({ metro: MetroCode, rttMs: z.number().nonnegative() })).max(8),
  rtt: RoundTrip,
  /** How long the ticket has waited, by the holder's clock; believed as far as `receipt` proves it. */
  ageMs: z.number().nonnegative(),
  receipt: Receipt.optional(),
  /** Player ids not to be met. */
  avoid: z.array(z.string().max(64)).max(16),
  /** The highest epoch that the holder has heard of: lower ones it declines, so an index that forgot goes on from here. */
  epoch: z
    .int()
    .min(0)
    .max(2 ** 48)
    .optional(),
});
export type Enlist = z.infer<typeof Enlist>;

/** Still wanted, all of them. */
export const Renew = z.object({ t: z.literal("renew"), ns });
/** Not wanted any more. */
export const Withdraw = z.object({ t: z.literal("withdraw"), n });
/** Until `lockMs` after the proposal was heard the ticket is in no other match. */
export const Locked = z.object({ t: z.literal("locked"), n, match: MatchId });
/** The ticket is cancelled, locked by another match, unknown, or its player declined. */
export const Gone = z.object({ t: z.literal("gone"), n, match: MatchId });
/** The lock has run out and nobody said how the match ended; or its seat is wanted again. To any matchmaker of its metro. */
export const Settle = z.object({
  t: z.literal("settle"),
  n,
  sid,
  match: MatchId,
  options: JoinOptions,
  rtt: RoundTrip,
  /** The player was let not into this room: the match is placed again if the room's server says so too. */
  refusedIn: RoomId.optional(),
});
export const HolderMessage = z.discriminatedUnion("t", [Enlist, Renew, Withdraw, Locked, Gone, Settle]);
export type HolderMessage = z.infer<typeof HolderMessage>;

/** How it stands in the pool. */
const Waiting = {
  /** Players in the pool. */
  players: z.int().nonnegative(),
  /** What recent rounds suggest, from when the ticket began; absent while nobody knows. */
  waitMs: z.number().nonnegative().optional(),
};
/** The ticket is in the pool; the receipt proves its age to the next owner. */
export const Enlisted = z.object({
  t: z.literal("enlisted"),
  n,
  receipt: Receipt,
  /** As far as it was believed. */
  ageMs: z.number().nonnegative(),
  ...Waiting,
});
/** News for tickets that wait. */
export const Standing = z.object({ t: z.literal("standing"), n, ...Waiting, why: z.array(z.string()).max(8) });
/** These are not in the pool (any more): to be enlisted again. */
export const Unknown = z.object({ t: z.literal("unknown"), ns });
/** The pool belongs to another replica of the set with this epoch. */
export const Moved = z.object({ t: z.literal("moved"), n, epoch: z.int().nonnegative() });
export const Propose = z.object({
  t: z.literal("propose"),
  n,
  match: MatchId,
  epoch: z.int().nonnegative(),
  metro: MetroCode,
  /** How long the lock is to hold. */
  lockMs: z.number().positive(),
  /** The player is to be asked first, and has this long. */
  askMs: z.number().positive().optional(),
});
/** The match will never be: the ticket is free again, and still in the pool if its owner says nothing else. */
export const Released = z.object({ t: z.literal("released"), n, match: MatchId });
export const SeatedInMatch = z.object({
  t: z.literal("seated"),
  n,
  match: MatchId,
  metro: MetroCode,
  /** Index of the seat in the match's reservation. */
  place: z.int().nonnegative(),
  team: z.int().nonnegative(),
  why: z.array(z.string()).max(32),
  seat: Seat,
});
/** Nobody knows yet how the match ended: ask again. */
export const Unsettled = z.object({ t: z.literal("unsettled"), n, match: MatchId, retryInMs: z.number().positive() });
/** The owner will not have the ticket. */
export const Unlisted = z.object({ t: z.literal("unlisted"), n, ...RefusalWire.shape });
/** Who the metro's replicas are; said first, and whenever it changes. */
export const Replicas = z.object({
  t: z.literal("replicas"),
  /** Who says it. */
  replica: z.string().max(64),
  epoch: z.int().nonnegative(),
  members: z.array(z.string().max(64)).max(64),
});
export interface ReplicaSet {
  readonly epoch: number;
  readonly members: readonly string[];
}

/** What names the owner of a pool among a metro's replicas. */
export const poolKey = ({ mode, compat }: { readonly mode: string; readonly compat: string }) => `${mode}|${compat}`;

export const OwnerMessage = z.discriminatedUnion("t", [
  Enlisted,
  Standing,
  Unknown,
  Moved,
  Propose,
  Released,
  SeatedInMatch,
  Unsettled,
  Unlisted,
]);
export type OwnerMessage = z.infer<typeof OwnerMessage>;
