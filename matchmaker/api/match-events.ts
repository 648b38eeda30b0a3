/** What webhooks say of matches. No token is in them: a seat is its player's alone. */
import type { OwnerEvent } from "../match/owner.ts";
import type { ResultEvent } from "../rating/collect-results.ts";

type Matched = Extract<OwnerEvent, { kind: "matched" }>;
type Result = Extract<ResultEvent, { kind: "result" }>;

/** `match.seated`: seats are given out; who does not sit down is the room's to notice. */
export function seatedEvent({ flight, mode, seats }: Matched): object {
  const { proposal } = flight;
  const { metro, bots, quality } = proposal;
  const teams = bots.map((_, team) => ({
    players: flight.seats
      .filter((seat) => seat.team === team)
      .map(({ playerId, role }) => ({ id: playerId, ...(role === undefined ? {} : { role }) })),
  }));
  return { match: flight.match, mode, metro, roomId: seats[0]?.roomId, teams, bots, quality };
}

/** `match.finished`: the room told its result, and it counts. */
export function finishedEvent({ report }: Result): object {
  const { match, mode, roomId, ranks, left, players } = report;
  return { match, mode, roomId, ranks: ranks ?? null, left, players };
}
