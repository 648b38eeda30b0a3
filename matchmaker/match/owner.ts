/**
 * The owner of a metro's pools, or of its share of them: takes tickets in, runs rounds, brings proposals to their seats. All it knows
 * it can lose: tickets are their holders', seats the index's. Two owners of one pool, for a moment, are harmless (`commit.ts`).
 */

import type { Clock } from "@frontrow/shared/clock.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { type HolderMessage, poolKey, type ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import type { MatchProposal } from "../pool/words.ts";
import { type BackfillsOptions, createBackfills } from "./backfills.ts";
import { type Commit, createCommit, type Flight, type MatchPlacer, type Release, seatsOf } from "./commit.ts";
import { createDoubts, type DoubtsOptions } from "./doubts.ts";
import { createEnlistments, type EnlistedTicket, type Holder, isWhole, partsOf } from "./enlisted.ts";
import { createIntake, type Intake, type IntakeOptions, type Member } from "./intake.ts";
import { createLeases } from "./leases.ts";
import { createRounds, standingIn } from "./rounds.ts";

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
  const { replica, modes, clock, limits, observe } = options;
  const enlistments = createEnlistments();
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

  const rounds = createRounds({
    ...options,
    mayPropose: () => commit.size < limits.matchesInFlightMax && options.mayPlace(),
    propose,
    waits(ticket, pool) {
      for (const part of partsOf(ticket)) intake.tellEnlisted(ticket, part, standingIn(pool));
    },
  });
  const leases = createLeases({
    ...{ clock, limits, enlistments, intake, obstacles },
    poolOf: ({ poolKey }) => rounds.find(poolKey),
    lapsed: (ticket) => end(ticket, "lapsed"),
  });

  const backfills =
    options.running &&
    createBackfills({
      ...options.running,
      clock,
      everyMs: limits.heartbeatMs,
      modes: Object.keys(modes).filter((name) => modes[name]!.backfill),
      poolsOf: (mode) => [...rounds.all()].filter(({ modeName }) => modeName === mode),
      offered({ pool }) {
        for (const owned of rounds.all()) if (owned.pool === pool) rounds.schedule(owned);
      },
    });
  const joined = ({ proposal: { roomId } }: Flight) => roomId !== undefined && backfills?.settled(roomId);

  // ---- tickets ------------------------------------------------------------------------------------------------------

  const owns = (key: string) => rendezvous(key, set.members) === replica;

  function add(ticket: EnlistedTicket): void {
    const owned = rounds.poolOf(ticket);
    if (!owned.pool.add(ticket.inPool!, clock.nowMs())) {
      end(ticket, "full");
      return intake.unlist(ticket, "POOL_FULL");
    }
    rounds.schedule(owned);
  }

  function end(ticket: EnlistedTicket, how: TicketEnd, flight?: Flight): void {
    const isHere = enlistments.byKey(ticket.key) === ticket;
    rounds.find(ticket.poolKey)?.pool.remove(ticket.key);
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

  function propose(proposal: MatchProposal, mode: MatchMode): void {
    const match = options.newMatchId();
    const tickets = new Map(proposal.tickets.map(({ key }) => [key, enlistments.byKey(key)!]));
    for (const ticket of tickets.values()) ticket.match = match;
    if (proposal.roomId !== undefined) backfills?.taken(proposal.roomId);
    const seats = seatsOf(proposal, tickets, mode.backfill === true);
    commit.propose({ match, proposal, tickets: [...tickets.values()], seats, epoch: set.epoch }, mode.readyCheckMs);
  }

  // ---- holders ------------------------------------------------------------------------------------------------------

  async function enlist(
    holder: Holder,
    member: Member,
    message: Extract<HolderMessage, { t: "enlist" }>,
  ): Promise<void> {
    const key = poolKey(message);
    if (!owns(key)) return holder.tell({ t: "moved", n: message.n, epoch: set.epoch });
    // Who waits already goes on waiting; more would only make it longer for all.
    if (commit.size >= limits.matchesInFlightMax && message.receipt === undefined) {
      return intake.refuse(holder, message.n, "WAITING_CAPACITY");
    }
    const ticket = await intake.take(holder, member, message, modes[message.mode]);
    if (!ticket || ticket.match !== undefined || !isWhole(ticket) || doubts?.has(ticket)) return;
    if (!owns(key)) return end(ticket, "moved");
    // Before it is in the pool: a full one ends it at once.
    observe({ kind: "enlisted", ticket });
    add(ticket);
    rounds.poolOf(ticket).fresh.push(ticket);
  }

  /** What keeps everybody waiting. */
  function obstacles(): string[] {
    if (!options.mayPlace()) return ["The lobby index does not answer; no match takes seats before it does."];
    return commit.size < limits.matchesInFlightMax ? [] : [`${commit.size} matches are waiting for their seats.`];
  }

  function withdraw(holder: Holder, n: number): void {
    const found = enlistments.find(holder, n);
    if (!found) return;
    const { ticket, part } = found;
    if (ticket.match !== undefined) commit.gone(ticket.match, part);
    end(ticket, "withdrawn");
    intake.unlist({ ...ticket, parts: ticket.parts.filter((other) => other !== part) }, "PARTY_CHANGED");
  }

  return {
    hear(holder, member, message) {
      if (message.t === "enlist") {
        if (member) void enlist(holder, member, message);
        return;
      }
      if (message.t === "renew") return leases.renew(holder, message.ns);
      if (message.t === "withdraw") return withdraw(holder, message.n);
      const found = enlistments.find(holder, message.n);
      if (!found || found.ticket.match !== message.match) return;
      commit[message.t](message.match, found.part);
    },
    setReplicas(now) {
      set = now;
      for (const pool of rounds.all()) {
        if (owns(pool.poolKey)) continue;
        rounds.letGo(pool);
        for (const ticket of enlistments.all()) {
          if (ticket.poolKey === pool.poolKey && ticket.match === undefined) end(ticket, "moved");
        }
      }
    },
    pools: () =>
      [...rounds.all()].map((owned) => {
        const { players, waitMs } = standingIn(owned);
        return { mode: owned.modeName, compat: owned.compat, tickets: owned.pool.size, players, waitMs };
      }),
    explain(key, mode) {
      const ticket = enlistments.byKey(key);
      if (mode !== undefined && ticket?.mode !== mode) return undefined;
      return ticket && rounds.find(ticket.poolKey)?.pool.explain(key, clock.nowMs());
    },
    ticketOf: enlistments.ofPlayer,
    get inFlight() {
      return commit.size;
    },
    get size() {
      return enlistments.size;
    },
    stop() {
      leases.stop();
      rounds.stop();
      doubts?.stop();
      backfills?.stop();
    },
  };
}
