/** Tickets on their way to another owner: paced, the oldest first, so that it is not buried under what the last one held. */
import { type Clock, every } from "../clock.ts";
import type { Limits } from "../limits.ts";

export interface Waits {
  readonly sinceMs: number;
  owner: string | undefined;
}

export function createResend<Ticket extends Waits>({
  clock,
  limits,
  send,
}: {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "ticketsPerResend" | "resendEveryMs">;
  /** Not called for a ticket that found an owner meanwhile: that is for it to see. */
  readonly send: (ticket: Ticket) => void;
}) {
  const waiting: Ticket[] = [];
  let isSorted = true;
  let stop: (() => void) | undefined;

  function sendSome(): void {
    // Once a turn: thousands come one by one.
    if (!isSorted) waiting.sort((a, b) => a.sinceMs - b.sinceMs);
    isSorted = true;
    for (const ticket of waiting.splice(0, limits.ticketsPerResend)) send(ticket);
    if (waiting.length > 0) return;
    stop?.();
    stop = undefined;
  }

  return {
    /** They have no owner from now on. */
    add(tickets: readonly Ticket[]): void {
      for (const ticket of tickets) {
        ticket.owner = undefined;
        waiting.push(ticket);
      }
      isSorted = false;
      stop ??= every(clock, limits.resendEveryMs, sendSome);
    },
    stop: () => stop?.(),
  };
}
