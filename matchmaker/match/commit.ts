/**
 * From a proposal to seats in hand. Every holder of every ticket must lock before anything is reserved; the reservation in the match's
 * metro, by match id, is the commit point. What is known to have failed lets the tickets go again; what nobody knows (the index did
 * not answer) is left to the holders, who ask the index themselves when their locks have run out.
 *
 *   proposed ──all locked──▶ reserving ──▶ seated
 *       └─one is gone, or silent─▶ released ◀─no seats─┘
 */
import type { Clock } from "@frontrow/shared/clock.ts";
import { type FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import type { MatchProposal } from "../pool/words.ts";
import { type EnlistedTicket, type Part, partsOf } from "./enlisted.ts";

/** One seat of a match, in the order of the reservation's places. */
export interface MatchSeat {
  readonly playerId: string;
  readonly guest: boolean;
  readonly team: number;
  readonly role: string | undefined;
  /** Where the mode takes backfill: what those who may join later are weighed against. */
  readonly rating?: number | undefined;
  readonly options: Record<string, unknown>;
  readonly rtt: Part["rtt"];
}

export interface MatchToPlace {
  readonly match: string;
  readonly mode: string;
  readonly compat: string;
  readonly metro: string;
  /** Set when they join a running room. */
  readonly roomId: string | undefined;
  readonly seats: readonly MatchSeat[];
  /** Bots by team. */
  readonly bots: readonly number[];
  /** Not to be reserved later than this many ms from now. */
  readonly withinMs: number;
}

export interface MatchPlacer {
  /**
   * A seat for each place, or why there are none for sure; `seated`: because these players sit in another match, says the index.
   * Rejects when nobody knows.
   */
  place(
    match: MatchToPlace,
  ): Promise<{ seats: readonly Seat[] } | { refused: FrontrowError; seated?: readonly string[] }>;
}

/** Why a match will never be, and what that means for its tickets: those that are not `gone` may be proposed again. */
export interface Release {
  readonly why: string;
  /** Left. */
  readonly gone?: readonly EnlistedTicket[];
  /** Players who sit in another match. */
  readonly seated?: readonly string[];
  /** Not at once, but a little later. */
  readonly isParked?: boolean;
}

export interface CommitEvents {
  /** Seats are out, in the order of the flight's. */
  seated(flight: Flight, seats: readonly Seat[]): void;
  released(flight: Flight, release: Release): void;
  /** Nobody knows; its holders will ask. */
  unknown(flight: Flight): void;
}

export interface Flight {
  readonly match: string;
  readonly proposal: MatchProposal;
  readonly tickets: readonly EnlistedTicket[];
  readonly seats: readonly (MatchSeat & { readonly part: Part })[];
  readonly epoch: number;
}

interface Open extends Flight {
  phase: "proposed" | "reserving";
  readonly waitingFor: Set<Part>;
  readonly lockedUntilMs: number;
  readonly stopWaiting: () => void;
}

export interface CommitOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly placer: MatchPlacer;
  readonly events: CommitEvents;
}

export function createCommit({ clock, limits, placer, events }: CommitOptions) {
  const flights = new Map<string, Open>();
  /** Locks are waited for as long as leaves a command's time, and as much again, for the reservation. */
  const lockingMs = Math.max(limits.ticketLockMs - 2 * limits.redisCommandMs, limits.ticketLockMs / 4);

  const tellAll = (flight: Flight, tell: (seat: Flight["seats"][number], place: number) => void) =>
    flight.seats.forEach(tell);

  function release(flight: Open, how: Release): void {
    flights.delete(flight.match);
    flight.stopWaiting();
    const { match } = flight;
    tellAll(flight, ({ part }) => part.holder.tell({ t: "released", n: part.n, match }));
    events.released(flight, how);
  }

  const ticketOf = (flight: Flight, part: Part) => flight.tickets.find((ticket) => ticket.parts.includes(part));

  function overdue(flight: Open): void {
    if (flight.phase !== "proposed") return;
    release(flight, { why: "silent", gone: [...flight.waitingFor].flatMap((part) => ticketOf(flight, part) ?? []) });
  }

  async function reserve(flight: Open): Promise<void> {
    flight.phase = "reserving";
    flight.stopWaiting();
    const { match, proposal, tickets, seats, lockedUntilMs } = flight;
    const { mode, compat } = tickets[0]!;
    const { metro, roomId, bots } = proposal;
    try {
      const withinMs = lockedUntilMs - clock.nowMs();
      if (withinMs <= 0) return release(flight, { why: "late" });
      const placed = await placer.place({ match, mode, compat, metro, roomId, bots, seats, withinMs });
      if ("refused" in placed) return release(flight, refusedBy(placed));
      flights.delete(match);
      const why = proposal.why().slice(0, 32);
      tellAll(flight, ({ part, team }, place) => {
        part.holder.tell({ t: "seated", n: part.n, match, metro, place, team, why, seat: placed.seats[place]! });
      });
      events.seated(flight, placed.seats);
    } catch {
      flights.delete(match);
      events.unknown(flight);
    }
  }

  return {
    propose(flight: Flight, askMs: number | undefined): void {
      const { match, epoch } = flight;
      const lockMs = limits.ticketLockMs;
      const waitMs = (askMs ?? 0) + lockingMs;
      const open: Open = {
        ...flight,
        phase: "proposed",
        waitingFor: new Set(flight.seats.map(({ part }) => part)),
        // From when it was asked, which is before any holder's lock begins.
        lockedUntilMs: clock.nowMs() + (askMs ?? 0) + lockMs,
        stopWaiting: clock.after(waitMs, () => overdue(open)),
      };
      flights.set(match, open);
      const { metro } = flight.proposal;
      const ask = askMs ? { askMs } : {};
      tellAll(flight, ({ part }) => {
        part.holder.tell({ t: "propose", n: part.n, match, epoch, metro, lockMs, ...ask });
      });
    },
    locked(match: string, part: Part): void {
      const flight = flights.get(match);
      if (flight?.phase !== "proposed" || !flight.waitingFor.delete(part)) return;
      if (flight.waitingFor.size === 0) void reserve(flight);
    },
    /** The ticket of `part` left, or never was there. */
    gone(match: string, part: Part): void {
      const flight = flights.get(match);
      if (flight?.phase !== "proposed") return;
      const ticket = ticketOf(flight, part);
      if (ticket) release(flight, { why: "gone", gone: [ticket] });
    },
    /** Its proposals are on their way, or its seats. */
    has: (match: string) => flights.has(match),
    get size() {
      return flights.size;
    },
  };
}

/** Who wants to play and may is not kept waiting by who sits elsewhere; what else is in the way is there for all of them. */
function refusedBy({ refused, seated = [] }: { refused: FrontrowError; seated?: readonly string[] }): Release {
  return { why: refusalOf(refused).code, seated, isParked: seated.length === 0 };
}

export type Commit = ReturnType<typeof createCommit>;

/** The seats of a proposal, in the order of its teams. */
export function seatsOf(
  proposal: MatchProposal,
  tickets: ReadonlyMap<string, EnlistedTicket>,
  withRatings: boolean,
): Flight["seats"] {
  return proposal.teams.flatMap((team, index) =>
    team.map(({ ticket, player, role }) => {
      const part = partsOf(tickets.get(ticket.key)!)[player]!;
      const { playerId, guest, options, rtt } = part;
      const rating = withRatings ? { rating: Math.round(ticket.players[player]!.rating) } : {};
      return { playerId, guest, team: index, role, ...rating, options, rtt, part };
    }),
  );
}
