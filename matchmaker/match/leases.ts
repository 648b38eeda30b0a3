/**
 * Leases of enlisted tickets: each is renewed by its holder, who hears now and then how it stands; what nobody renews is over. A ticket
 * with several holders, a party's, ends with the first that is silent.
 */
import { type Clock, every } from "@frontrow/shared/clock.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { type EnlistedTicket, type Enlistments, type Holder, partsOf } from "./enlisted.ts";
import type { Intake } from "./intake.ts";
import { type OwnedPool, standingIn } from "./rounds.ts";

/** How often leases are looked at; a twentieth of one. */
const SWEEP_MS = 250;
/** How often a waiting player hears how it stands. */
const NEWS_MS = 3_000;
/** Tickets that are told why they wait, a sweep: to find that out takes a look at the pool. */
const EXPLANATIONS = 25;

export interface LeasesOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly enlistments: Enlistments;
  readonly intake: Intake;
  readonly poolOf: (ticket: EnlistedTicket) => OwnedPool | undefined;
  /** What keeps everybody waiting. */
  readonly obstacles: () => readonly string[];
  readonly lapsed: (ticket: EnlistedTicket) => void;
}

export interface Leases {
  renew(holder: Holder, ns: readonly number[]): void;
  stop(): void;
}

export function createLeases(options: LeasesOptions): Leases {
  const { clock, limits, enlistments, intake, poolOf, obstacles, lapsed } = options;
  let explanations = EXPLANATIONS;

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
      const owned = poolOf(ticket);
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

  /** Tickets that nobody renewed, whole or in part. */
  function sweep(): void {
    const nowMs = clock.nowMs();
    explanations = EXPLANATIONS;
    for (const ticket of enlistments.all()) {
      // A match under way ends by itself, and soon.
      if (ticket.match !== undefined) continue;
      const silent = partsOf(ticket).filter(({ leaseUntilMs }) => nowMs >= leaseUntilMs);
      if (silent.length === 0) continue;
      lapsed(ticket);
      // A holder that lives after all enlists again; a party without one of its members is no party.
      for (const { holder, n } of silent) holder.tell({ t: "unknown", ns: [n] });
      intake.unlist(
        { ...ticket, parts: ticket.parts.filter((part) => part && !silent.includes(part)) },
        "PARTY_CHANGED",
      );
    }
  }

  return { renew, stop: every(clock, SWEEP_MS, sweep) };
}
