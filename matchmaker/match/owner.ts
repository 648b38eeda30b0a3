/**
 * The owner of a metro's pools, or of its share of them: takes tickets in, runs rounds, brings proposals to their seats. All it knows
 * it can lose: tickets are their holders', seats the index's. Two owners of one pool, for a moment, are harmless (`commit.ts`).
 */

import { type Clock, every } from "@frontrow/shared/clock.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { createPool, estimate, type Pool } from "../pool/pool.ts";
import type { MatchProposal } from "../pool/words.ts";
import { runRound } from "../round.ts";
import { type BackfillsOptions, createBackfills } from "./backfills.ts";
import { type Commit, createCommit, type Flight, type MatchPlacer, type Release, seatsOf } from "./commit.ts";
import { createDoubts, type DoubtsOptions } from "./doubts.ts";
import { createEnlistments, type EnlistedTicket, type Holder, isWhole, partsOf } from "./enlisted.ts";
import { createIntake, type Intake, type IntakeOptions, type Member } from "./intake.ts";

/** How often leases are looked at; a twentieth of one. */
const SWEEP_MS = 250;
/** How often a waiting player hears how it stands. */
const NEWS_MS = 3_000;
/** Tickets that are told why they wait, a sweep: to find that out takes a look at the pool. */
const EXPLANATIONS = 25;

export interface OwnerOptions extends Omit<IntakeOptions, "enlistments" | "remove"> {
  /** This replica's name. */
  readonly replica: string;
  readonly modes: Readonly<Record<string, MatchMode>>;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly rng: () => number;
  readonly newMatchId: () => string;
  readonly placer: MatchPlacer;
  /** Runs its argument once the present turn is over: what arrives together is matched together. */
  readonly soon: (run: () => void) => void;
  /** Where rooms are, and those of a mode that want players; absent where rooms are not ours. */
  readonly running?: Pick<BackfillsOptions, "metro" | "list"> | undefined;
  /** Who sits in a match, as the index says; absent where rooms are not ours. */
  readonly playing?: DoubtsOptions["playing"] | undefined;
  /** False while the index is away: match modes wait. */
  readonly mayPlace: () => boolean;
  readonly observe: (event: OwnerEvent) => void;
}

export type OwnerEvent =
  | { readonly kind: "matched"; readonly flight: Flight; readonly mode: string; readonly seats: readonly Seat[] }
  | { readonly kind: "match-released"; readonly mode: string; readonly why: string }
  | { readonly kind: "match-unknown"; readonly mode: string }
  /** Waits in its pool; told again when its holder says it again. */
  | { readonly kind: "enlisted"; readonly ticket: EnlistedTicket }
  /** Is not with this owner any more. */
  | { readonly kind: "ended"; readonly ticket: EnlistedTicket; readonly how: TicketEnd; readonly flight?: Flight };

/** `moved` and `unknown` tickets live on with their holders, who enlist them again. */
export type TicketEnd = "seated" | "withdrawn" | "gone" | "superseded" | "lapsed" | "full" | "moved" | "unknown";

interface OwnedPool {
  readonly mode: MatchMode;
  readonly modeName: string;
  readonly compat: string;
  readonly pool: Pool;
  scheduled: boolean;
  /** The timer of the next thing that time does to it. */
  stopWaiting: (() => void) | undefined;
  /** Added since the last round, to be told that they wait if they then still do. */
  fresh: EnlistedTicket[];
}

export interface PoolOwner {
  hear(holder: Holder, member: Member | undefined, message: Exclude<HolderMessage, { t: "settle" }>): void;
  /** Who the replicas are now: pools of others are let go. */
  setReplicas(set: ReplicaSet): void;
  pools(): { mode: string; compat: string; tickets: number; players: number; waitMs: number | undefined }[];
  /** What keeps a ticket waiting. */
  explain(key: string, mode?: string): string[] | undefined;
  /** The ticket that a player is in. */
  ticketOf(playerId: string): { readonly key: string; readonly mode: string } | undefined;
  readonly inFlight: number;
  readonly size: number;
  stop(): void;
}

export function createOwner(options: OwnerOptions): PoolOwner {
  const { replica, modes, clock, limits, rng, soon, observe } = options;
  const enlistments = createEnlistments();
  const pools = new Map<string, OwnedPool>();
  let explanations = EXPLANATIONS;
  let set: ReplicaSet = { epoch: 0, members: [replica] };

  const intake: Intake = createIntake({
    ...options,
    enlistments,
    remove: (ticket) => end(ticket, "superseded"),
  });
  const commit: Commit = createCommit({
    clock,
    limits,
    placer: options.placer,
    events: {
      seated(flight, seats) {
        joined(flight);
        for (const ticket of flight.tickets) end(ticket, "seated", flight);
        observe({ kind: "matched", flight, mode: flight.tickets[0]!.mode, seats });
      },
      released(flight, release) {
        joined(flight);
        observe({ kind: "match-released", mode: flight.tickets[0]!.mode, why: release.why });
        for (const ticket of flight.tickets) takeBack(ticket, release);
      },
      // Its holders keep its tickets, and enlist them again should the match turn out not to be.
      unknown(flight) {
        joined(flight);
        observe({ kind: "match-unknown", mode: flight.tickets[0]!.mode });
        for (const ticket of flight.tickets) end(ticket, "unknown", flight);
      },
    },
  });

  const backfills =
    options.running &&
    createBackfills({
      ...options.running,
      clock,
      everyMs: limits.heartbeatMs,
      modes: Object.keys(modes).filter((name) => modes[name]!.backfill),
      poolsOf: (mode) => [...pools.values()].filter(({ modeName }) => modeName === mode),
      offered({ pool }) {
        for (const owned of pools.values()) if (owned.pool === pool) schedule(owned);
      },
    });
  const joined = ({ proposal: { roomId } }: Flight) => roomId !== undefined && backfills?.settled(roomId);

  // ---- pools --------------------------------------------------------------------------------------------------------

  const owns = (poolKey: string) => rendezvous(poolKey, set.members) === replica;

  function poolOf({ poolKey, mode, compat }: EnlistedTicket): OwnedPool {
    const known = pools.get(poolKey);
    if (known) return known;
    const rules = modes[mode]!;
    const pool = createPool(rules, { ticketsMax: limits.poolTicketsMax });
    const owned = { mode: rules, modeName: mode, compat, pool, scheduled: false, stopWaiting: undefined, fresh: [] };
    pools.set(poolKey, owned);
    return owned;
  }

  function add(ticket: EnlistedTicket): void {
    const owned = poolOf(ticket);
    if (!owned.pool.add(ticket.inPool!, clock.nowMs())) {
      end(ticket, "full");
      return intake.unlist(ticket, "POOL_FULL");
    }
    schedule(owned);
  }

  function end(ticket: EnlistedTicket, how: TicketEnd, flight?: Flight): void {
    const isHere = enlistments.byKey(ticket.key) === ticket;
    pools.get(ticket.poolKey)?.pool.remove(ticket.key);
    enlistments.remove(ticket);
    if (isHere) observe({ kind: "ended", ticket, how, ...(flight ? { flight } : {}) });
  }

  /** A ticket whose match will not be. Parked ones wait outside the pool, so that a full metro is not asked all the time. */
  function takeBack(ticket: EnlistedTicket, { gone = [], seated = [], isParked = false }: Release): void {
    if (ticket.match === undefined || enlistments.byKey(ticket.key) !== ticket) return;
    ticket.match = undefined;
    if (gone.includes(ticket)) return end(ticket, "gone");
    // Meanwhile the pool may have become another's: its holders enlist it there.
    if (!owns(ticket.poolKey)) return end(ticket, "moved");
    const elsewhere = partsOf(ticket).flatMap(({ playerId }) => (seated.includes(playerId) ? [playerId] : []));
    if (elsewhere.length > 0 && doubts) return doubts.raise(ticket, elsewhere);
    if (!isParked) return add(ticket);
    clock.after(limits.placeRetryMs, () => {
      if (isWaiting(ticket) && owns(ticket.poolKey)) add(ticket);
    });
  }

  const isWaiting = (ticket: EnlistedTicket) => ticket.match === undefined && enlistments.byKey(ticket.key) === ticket;

  const doubts =
    options.playing &&
    createDoubts({
      clock,
      limits,
      playing: options.playing,
      isWaiting,
      cleared: add,
      confirmed(ticket) {
        end(ticket, "gone");
        intake.unlist(ticket, "ALREADY_SEATED");
      },
    });

  // ---- rounds -------------------------------------------------------------------------------------------------------

  function schedule(owned: OwnedPool): void {
    if (owned.scheduled) return;
    owned.scheduled = true;
    owned.stopWaiting?.();
    owned.stopWaiting = undefined;
    soon(() => {
      owned.scheduled = false;
      round(owned);
    });
  }

  function round(owned: OwnedPool): void {
    const nowMs = clock.nowMs();
    if (commit.size >= limits.matchesInFlightMax || !options.mayPlace()) {
      wakeIn(owned, limits.placeRetryMs);
      return tellFresh(owned);
    }
    const { proposals, more } = runRound(owned.pool, { nowMs, rng, anchorsMax: limits.roundAnchorsMax });
    for (const proposal of proposals) propose(proposal, owned.mode);
    tellFresh(owned);
    if (more) return schedule(owned);
    const dueMs = owned.pool.nextDueMs();
    if (dueMs < Number.POSITIVE_INFINITY) wakeIn(owned, Math.max(1, dueMs - nowMs));
  }

  function wakeIn(owned: OwnedPool, ms: number): void {
    owned.stopWaiting?.();
    owned.stopWaiting = clock.after(ms, () => schedule(owned));
  }

  function propose(proposal: MatchProposal, mode: MatchMode): void {
    const match = options.newMatchId();
    const tickets = new Map(proposal.tickets.map(({ key }) => [key, enlistments.byKey(key)!]));
    for (const ticket of tickets.values()) ticket.match = match;
    if (proposal.roomId !== undefined) backfills?.taken(proposal.roomId);
    const seats = seatsOf(proposal, tickets, mode.backfill === true);
    commit.propose({ match, proposal, tickets: [...tickets.values()], seats, epoch: set.epoch }, mode.readyCheckMs);
  }

  /** Who was matched at once needs no receipt. */
  function tellFresh(owned: OwnedPool): void {
    const { fresh } = owned;
    owned.fresh = [];
    for (const ticket of fresh) {
      if (!owned.pool.has(ticket.key)) continue;
      for (const part of partsOf(ticket)) intake.tellEnlisted(ticket, part, standingIn(owned));
    }
  }

  function standingIn({ pool }: OwnedPool): { players: number; waitMs?: number } {
    const { players, waitMs } = estimate(pool);
    return { players, ...(waitMs === undefined ? {} : { waitMs: Math.round(waitMs) }) };
  }

  // ---- holders ------------------------------------------------------------------------------------------------------

  async function enlist(
    holder: Holder,
    member: Member,
    message: Extract<HolderMessage, { t: "enlist" }>,
  ): Promise<void> {
    const poolKey = `${message.mode}|${message.compat}`;
    if (!owns(poolKey)) return holder.tell({ t: "moved", n: message.n, epoch: set.epoch });
    // Who waits already goes on waiting; more would only make it longer for all.
    if (commit.size >= limits.matchesInFlightMax && message.receipt === undefined) {
      return intake.refuse(holder, message.n, "WAITING_CAPACITY");
    }
    const ticket = await intake.take(holder, member, message, modes[message.mode]);
    if (!ticket || ticket.match !== undefined || !isWhole(ticket) || doubts?.has(ticket)) return;
    if (!owns(poolKey)) return end(ticket, "moved");
    // Before it is in the pool: a full one ends it at once.
    observe({ kind: "enlisted", ticket });
    add(ticket);
    poolOf(ticket).fresh.push(ticket);
  }

  /** What keeps everybody waiting. */
  function obstacles(): string[] {
    if (!options.mayPlace()) return ["The lobby index does not answer; no match takes seats before it does."];
    return commit.size < limits.matchesInFlightMax ? [] : [`${commit.size} matches are waiting for their seats.`];
  }

  function renew(holder: Holder, ns: readonly number[]): void {
    const nowMs = clock.nowMs();
    const unknown: number[] = [];
    for (const n of ns) {
      const found = enlistments.find(holder, n);
      if (!found) {
        unknown.push(n);
        continue;
      }
      const { ticket, part } = found;
      part.leaseUntilMs = nowMs + limits.ticketLeaseMs;
      const owned = pools.get(ticket.poolKey);
      if (!owned?.pool.has(ticket.key)) continue;
      // An older receipt no longer proves the time since; and one whose match failed at once has none.
      if (nowMs - part.provedMs >= limits.receiptMs / 2) intake.tellEnlisted(ticket, part, standingIn(owned));
      if (nowMs - part.toldMs < NEWS_MS) continue;
      part.toldMs = nowMs;
      const why = explanations-- > 0 ? owned.pool.explain(ticket.key, nowMs) : [];
      holder.tell({ t: "standing", n, ...standingIn(owned), why: [...obstacles(), ...why].slice(0, 8) });
    }
    if (unknown.length > 0) holder.tell({ t: "unknown", ns: unknown });
  }

  function withdraw(holder: Holder, n: number): void {
    const found = enlistments.find(holder, n);
    if (!found) return;
    const { ticket, part } = found;
    if (ticket.match !== undefined) commit.gone(ticket.match, part);
    end(ticket, "withdrawn");
    intake.unlist({ ...ticket, parts: ticket.parts.filter((other) => other !== part) }, "PARTY_CHANGED");
  }

  /** Tickets that nobody renewed, whole or in part. */
  function sweep(): void {
    const nowMs = clock.nowMs();
    explanations = EXPLANATIONS;
    for (const ticket of enlistments.all()) {
      // A match under way ends by itself, and soon.
      if (ticket.match !== undefined) continue;
      const lapsed = partsOf(ticket).filter(({ leaseUntilMs }) => nowMs >= leaseUntilMs);
      if (lapsed.length === 0) continue;
      end(ticket, "lapsed");
      // A holder that lives after all enlists again; a party without one of its members is no party.
      for (const { holder, n } of lapsed) holder.tell({ t: "unknown", ns: [n] });
      intake.unlist(
        { ...ticket, parts: ticket.parts.filter((part) => part && !lapsed.includes(part)) },
        "PARTY_CHANGED",
      );
    }
  }
  const stopSweeping = every(clock, SWEEP_MS, sweep);

  return {
    hear(holder, member, message) {
      if (message.t === "enlist") {
        if (member) void enlist(holder, member, message);
        return;
      }
      if (message.t === "renew") return renew(holder, message.ns);
      if (message.t === "withdraw") return withdraw(holder, message.n);
      const found = enlistments.find(holder, message.n);
      if (!found || found.ticket.match !== message.match) return;
      commit[message.t](message.match, found.part);
    },
    setReplicas(now) {
      set = now;
      for (const [poolKey, owned] of pools) {
        if (owns(poolKey)) continue;
        owned.stopWaiting?.();
        pools.delete(poolKey);
        for (const ticket of enlistments.all()) {
          if (ticket.poolKey === poolKey && ticket.match === undefined) end(ticket, "moved");
        }
      }
    },
    pools: () =>
      [...pools.values()].map(({ modeName, compat, pool }) => {
        const { players, waitMs } = estimate(pool);
        return { mode: modeName, compat, tickets: pool.size, players, waitMs: waitMs && Math.round(waitMs) };
      }),
    explain(key, mode) {
      const ticket = enlistments.byKey(key);
      if (mode !== undefined && ticket?.mode !== mode) return undefined;
      return ticket && pools.get(ticket.poolKey)?.pool.explain(key, clock.nowMs());
    },
    ticketOf: enlistments.ofPlayer,
    get inFlight() {
      return commit.size;
    },
    get size() {
      return enlistments.size;
    },
    stop() {
      stopSweeping();
      doubts?.stop();
      backfills?.stop();
      for (const { stopWaiting } of pools.values()) stopWaiting?.();
    },
  };
}
