/** What is asked of a ticket before it may wait: a mode that there is, options of its shape, a player who may play; then how old it is. */

import type { Clock } from "@frontrow/shared/clock.ts";
import { checkOptions } from "@frontrow/shared/config/check-options.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { type ErrorCode, FrontrowError, refusalOf } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { type Enlist, poolKey } from "@frontrow/shared/protocol/match-link.ts";
import { refusalWire } from "@frontrow/shared/protocol/words.ts";
import type { RatingStore, Standing } from "../rating/rating-store.ts";
import { believedAgeMs } from "../ticket/age.ts";
import type { Receipts } from "../ticket/receipt.ts";
import { type EnlistedTicket, type Enlistments, type Holder, isWhole, type Part, partsOf } from "./enlisted.ts";
import { poolTicketOf } from "./pool-ticket.ts";

/** Who a holder's session is. */
export interface Member {
  readonly playerId: string;
  readonly guest: boolean;
}

export interface IntakeOptions {
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  readonly limits: Limits;
  readonly receipts: Receipts;
  readonly ratings: Pick<RatingStore, "standings">;
  readonly enlistments: Enlistments;
  /** Takes a ticket out of its pool and forgets it. */
  readonly remove: (ticket: EnlistedTicket) => void;
}

export interface Intake {
  /** The ticket that this part made whole, or undefined: others are missing, or it was refused, which its holder then knows. */
  take(holder: Holder, member: Member, wish: Enlist, mode: MatchMode | undefined): Promise<EnlistedTicket | undefined>;
  /** With a receipt of its age. */
  tellEnlisted(ticket: EnlistedTicket, part: Part, standing: { players: number; waitMs?: number }): void;
  refuse(holder: Holder, n: number, code: ErrorCode): void;
  /** Tells every holder of a ticket that it is over. */
  unlist(ticket: EnlistedTicket, code: ErrorCode): void;
}

export function createIntake({ clock, wallMs, limits, receipts, ratings, enlistments, remove }: IntakeOptions): Intake {
  const tell = ({ holder, n }: Pick<Part, "holder" | "n">, error: FrontrowError) => {
    holder.tell({ t: "unlisted", n, ...refusalWire(refusalOf(error)) });
  };

  function ageOf(wish: Enlist, { playerId }: Member): number {
    const receipt = wish.receipt && receipts.read(wish.receipt, { player: playerId, mode: wish.mode });
    return believedAgeMs(wish.ageMs, receipt || undefined, wallMs(), limits.receiptMs);
  }

  async function standingsOf(ticket: EnlistedTicket): Promise<Map<string, Standing>> {
    const players = partsOf(ticket).map(({ playerId }) => playerId);
    const standings = await ratings.standings(ticket.mode, players);
    return new Map(standings.map((standing) => [standing.playerId, standing]));
  }

  /** Throws the first reason against it. */
  function check(wish: Enlist, mode: MatchMode | undefined): Part["options"] {
    if (!mode) throw new FrontrowError("UNKNOWN_MODE");
    if ((wish.party?.parts ?? 1) > mode.partyMax) {
      throw new FrontrowError("INVALID_ATTRIBUTES", `Parties of this mode have at most ${mode.partyMax} players.`);
    }
    return checkOptions(mode, wish.options, limits.joinOptionsBytes);
  }

  function unlist(ticket: EnlistedTicket, code: ErrorCode): void {
    for (const part of partsOf(ticket)) tell(part, new FrontrowError(code));
  }

  /** The ticket that this part belongs to: the one that is there, unless it has become another wish. */
  function ticketFor(wish: Enlist, key: string, ageMs: number): EnlistedTicket {
    const sinceMs = clock.nowMs() - ageMs;
    const known = enlistments.byKey(key);
    const parts = wish.party?.parts ?? 1;
    if (known && known.parts.length === parts && known.mode === wish.mode && known.compat === wish.compat) {
      known.sinceMs = Math.min(known.sinceMs, sinceMs);
      return known;
    }
    const { mode, compat } = wish;
    return {
      key,
      mode,
      compat,
      poolKey: poolKey(wish),
      parts: Array.from({ length: parts }, () => undefined),
      sinceMs,
      inPool: undefined,
      match: undefined,
    };
  }

  return {
    async take(holder, member, wish, mode) {
      try {
        const options = check(wish, mode);
        const key = wish.party?.key ?? `${member.playerId}:${wish.ticket}`;
        const { n, rtt, metros, avoid } = wish;
        const { playerId, guest } = member;
        const nowMs = clock.nowMs();
        const leaseUntilMs = nowMs + limits.ticketLeaseMs;
        const other = enlistments.ofPlayer(playerId);
        if (other?.match !== undefined) {
          // It may have its seats in a moment; then this wish is another, or none.
          const same = enlistments.find(holder, n);
          if (same) same.part.leaseUntilMs = leaseUntilMs;
          else holder.tell({ t: "unknown", ns: [n] });
          return undefined;
        }
        // A player has one ticket: the newest wish counts.
        if (other && other.key !== key) {
          remove(other);
          unlist(other, "SUPERSEDED");
        }
        const ticket = ticketFor(wish, key, ageOf(wish, member));
        const part: Part = {
          holder,
          n,
          playerId,
          guest,
          options,
          rtt,
          metros,
          avoid,
          leaseUntilMs,
          toldMs: nowMs,
          provedMs: -Infinity,
        };
        enlistments.put(ticket, wish.party?.part ?? 0, part);
        // Whoever completes it goes on.
        if (!isWhole(ticket)) return undefined;
        const standings = await standingsOf(ticket);
        if (enlistments.byKey(key) !== ticket || !isWhole(ticket)) return undefined;
        const barredMs = Math.max(...[...standings.values()].map(({ barredUntilMs }) => barredUntilMs)) - wallMs();
        if (barredMs > 0) {
          enlistments.remove(ticket);
          for (const one of partsOf(ticket))
            tell(one, new FrontrowError("BARRED", undefined, { retryAfterMs: barredMs }));
          return undefined;
        }
        ticket.inPool = poolTicketOf(ticket, mode!, standings);
        return ticket;
      } catch (error) {
        const why = error instanceof FrontrowError ? error : new FrontrowError("INTERNAL");
        tell({ holder, n: wish.n }, why);
        return undefined;
      }
    },
    tellEnlisted(ticket, part, standing) {
      const { holder, n, playerId } = part;
      const ageMs = Math.max(0, clock.nowMs() - ticket.sinceMs);
      const receipt = receipts.sign({ player: playerId, mode: ticket.mode, ageMs, issuedAtMs: wallMs() });
      part.provedMs = clock.nowMs();
      holder.tell({ t: "enlisted", n, receipt, ageMs, ...standing });
    },
    refuse: (holder, n, code) => tell({ holder, n }, new FrontrowError(code)),
    unlist,
  };
}
