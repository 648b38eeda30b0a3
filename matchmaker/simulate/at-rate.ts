/** The same tickets in a larger crowd. */
import type { ReplayTicket } from "./words.ts";

/** Comes `rate` times as fast: the time between tickets shrinks, what each brought along (its age, its patience) stays. `tickets` by time. */
export function atRate(tickets: readonly ReplayTicket[], rate: number): readonly ReplayTicket[] {
  if (rate === 1) return tickets;
  const firstMs = tickets[0]?.atMs ?? 0;
  return tickets.map((ticket) => {
    const atMs = firstMs + (ticket.atMs - firstMs) / rate;
    return { ...ticket, atMs, sinceMs: atMs - (ticket.atMs - ticket.sinceMs) };
  });
}
