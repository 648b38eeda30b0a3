/** Tickets and seats as the API shows them. */
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import type { z } from "@hono/zod-openapi";
import type { HeldOverHttp } from "./held-tickets.ts";
import type { MatchView, TicketView } from "./schemas.ts";

type SeatedPlayer = z.infer<typeof MatchView>["teams"][number]["players"][number];

/** A player's seat as its holder needs it: a game server's, or what an embedding server's hook gave. */
export type ShowSeat = (match: string, playerId: string, seat: Seat) => Omit<SeatedPlayer, "id">;

export function ticketView(
  { ticket, end, leaseLeftMs, endedAgoMs }: HeldOverHttp,
  show: ShowSeat,
): z.infer<typeof TicketView> {
  const { id, mode, playerIds, news } = ticket;
  const { state, metro, players, waitMs, receipt, askMs } = news;
  const isOver = end !== undefined;
  return {
    id,
    mode,
    state: isOver ? (end.ok ? "matched" : "ended") : state,
    players: [...playerIds],
    ageMs: Math.round(ticket.ageMs()),
    leaseMs: Math.round(leaseLeftMs),
    why: [...(isOver && !end.ok ? [] : news.why)],
    ...(metro === undefined ? {} : { metro }),
    ...(players === undefined || isOver ? {} : { estimate: { players, ...(waitMs === undefined ? {} : { waitMs }) } }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(askMs === undefined || isOver ? {} : { askMs }),
    ...(end?.ok ? { match: matchOf(end, endedAgoMs, show) } : {}),
    ...(isOver && !end.ok ? { error: { ...end.refusal, issues: [...(end.refusal.issues ?? [])] } } : {}),
  };
}

function matchOf(
  { match, metro, team, seats }: Extract<HeldOverHttp["end"], { ok: true }>,
  endedAgoMs: number,
  show: ShowSeat,
): NonNullable<z.infer<typeof TicketView>["match"]> {
  const players = seats.map(({ playerId, seat }) => {
    const expiresInMs = Math.max(0, Math.round(seat.expiresInMs - endedAgoMs));
    return { id: playerId, ...show(match, playerId, { ...seat, expiresInMs }) };
  });
  return { id: match, metro, team, players };
}
