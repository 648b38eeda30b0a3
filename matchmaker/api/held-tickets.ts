/**
 * Tickets over HTTP: the same as every held ticket, with a long poll or an event stream as its lease. Whoever asks for it keeps it;
 * without anybody for a ticket's lease it ends, and seats that nobody came for are given back. Its end is kept a while to be read.
 */
import { type Clock, every } from "@frontrow/shared/clock.ts";
import { FrontrowError, refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Desk } from "../embed/desk.ts";
import type { DeskTicket, TicketEnd } from "../embed/desk-ticket.ts";
import type { Submission } from "../embed/submission.ts";

/** How often leases are looked at; a twentieth of one. */
const SWEEP_MS = 250;
/** Requests that may wait for one ticket at once: a poll, the next one that overlaps it, an event stream, one by hand. */
const WATCHERS_MAX = 4;

export interface HeldOverHttp {
  readonly ticket: DeskTicket;
  readonly end: TicketEnd | undefined;
  readonly leaseLeftMs: number;
  /** 0 while it has not. */
  readonly endedAgoMs: number;
}

export interface HeldTickets {
  submit(submission: Submission): HeldOverHttp;
  /** Throws TICKET_UNKNOWN. Whoever asks renews the lease. */
  get(id: string): HeldOverHttp;
  /** Until the ticket ends, is asked, or `waitMs` have passed; until then the lease stands. */
  wait(id: string, waitMs: number, gone: AbortSignal): Promise<HeldOverHttp>;
  /** Calls `tell` now and at each change, until it ended or `gone`. Resolves then. */
  follow(id: string, tell: (held: HeldOverHttp) => void, gone: AbortSignal): Promise<void>;
  /** Ends it, and gives back the seats in which nobody sits yet. */
  cancel(id: string): HeldOverHttp;
  /** Every waiting request is answered now. */
  close(): void;
}

export interface HeldTicketsOptions {
  readonly desk: Desk;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "ticketLeaseMs" | "apiTicketsMax" | "apiEndedKeptMs">;
  /** Seats that nobody came for. */
  readonly giveBack: (match: string, place: number) => Promise<void>;
}

class Kept implements HeldOverHttp {
  end: TicketEnd | undefined;
  readonly changed = new Set<() => void>();
  leaseUntilMs = 0;
  endedAtMs: number | undefined;
  /** Somebody was told of the end. */
  isRead = false;
  ticket!: DeskTicket;
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  get leaseLeftMs(): number {
    return Math.max(0, this.leaseUntilMs - this.#clock.nowMs());
  }
  get endedAgoMs(): number {
    return this.endedAtMs === undefined ? 0 : this.#clock.nowMs() - this.endedAtMs;
  }
  tell(): void {
    for (const told of [...this.changed]) told();
  }
}

export function createHeldTickets({ desk, clock, limits, giveBack }: HeldTicketsOptions): HeldTickets {
  const tickets = new Map<string, Kept>();
  const closing = new AbortController();

  function touch(kept: Kept): Kept {
    kept.leaseUntilMs = clock.nowMs() + limits.ticketLeaseMs;
    if (kept.end) kept.isRead = true;
    return kept;
  }

  function find(id: string): Kept {
    const kept = tickets.get(id);
    if (!kept) throw new FrontrowError("TICKET_UNKNOWN");
    return kept;
  }

  /** Resolves at the next change, or when `until` is aborted. */
  function change(kept: Kept, until: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        kept.changed.delete(done);
        until.removeEventListener("abort", done);
        resolve();
      };
      kept.changed.add(done);
      until.addEventListener("abort", done);
      if (until.aborted) done();
    });
  }

  function watched(id: string): Kept {
    const kept = find(id);
    if (kept.changed.size >= WATCHERS_MAX) throw new FrontrowError("RATE_LIMITED", "The ticket is waited for already.");
    return kept;
  }

  const stopSweeping = every(clock, SWEEP_MS, () => {
    const nowMs = clock.nowMs();
    for (const [id, kept] of tickets) {
      if (kept.endedAgoMs >= limits.apiEndedKeptMs) tickets.delete(id);
      if (kept.changed.size > 0) touch(kept);
      if (nowMs < kept.leaseUntilMs) continue;
      if (!kept.end) kept.ticket.end(refusal("CANCELLED", "Nobody asked for it within its lease."));
      else if (!kept.isRead) returnSeats(kept, "Nobody came for its seats within its lease.");
    }
  });

  function returnSeats(kept: Kept, why?: string): void {
    if (!kept.end?.ok) return;
    for (const { place } of kept.end.seats) void giveBack(kept.end.match, place).catch(() => {});
    kept.end = { ok: false, refusal: refusal("CANCELLED", why) };
  }

  return {
    submit(submission) {
      if (tickets.size >= limits.apiTicketsMax) throw new FrontrowError("POOL_FULL");
      const kept = new Kept(clock);
      kept.ticket = desk.submit(submission, {
        changed: () => kept.tell(),
        ended(_, end) {
          kept.end = end;
          kept.endedAtMs = clock.nowMs();
          if (kept.changed.size > 0) kept.isRead = true;
          kept.tell();
        },
      });
      tickets.set(kept.ticket.id, kept);
      return touch(kept);
    },
    get: (id) => touch(find(id)),
    async wait(id, waitMs, gone) {
      const kept = watched(id);
      const overdue = new AbortController();
      const stop = clock.after(waitMs, () => overdue.abort());
      const until = AbortSignal.any([gone, overdue.signal, closing.signal]);
      const isOfInterest = () => kept.end !== undefined || kept.ticket.news.state === "asked";
      while (!isOfInterest() && !until.aborted) await change(kept, until);
      stop();
      // A caller that is gone has read nothing, and leaves a lease that runs out.
      return gone.aborted ? kept : touch(kept);
    },
    async follow(id, tell, gone) {
      const kept = watched(id);
      const until = AbortSignal.any([gone, closing.signal]);
      tell(touch(kept));
      while (!kept.end && !until.aborted) {
        await change(kept, until);
        if (!until.aborted) tell(kept);
      }
      if (!gone.aborted) touch(kept);
    },
    cancel(id) {
      const kept = find(id);
      kept.ticket.end(refusal("CANCELLED"));
      returnSeats(kept);
      return touch(kept);
    },
    close() {
      closing.abort();
      stopSweeping();
    },
  };
}
