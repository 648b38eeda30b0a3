/**
 * Frontrow's matchmaker inside somebody's own HTTP server, for games whose servers are not Colyseus:
 *
 *     npx node docs/examples/own-server.ts
 *     curl -d '{"player":"ada"}' localhost:8080/play & curl -d '{"player":"bob"}' localhost:8080/play
 *
 * Both answers name the same game server and a ticket for it. A player who hangs up has left the queue.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { createMatchmaker, FrontrowError, match } from "@frontrow/matchmaker";

const gameServers = ["10.0.0.1:7777", "10.0.0.2:7777"];
let next = 0;

const mm = createMatchmaker({
  modes: {
    duel: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      skill: [
        { afterMs: 0, max: 100 },
        { afterMs: 10_000, max: null },
      ],
    }),
  },
  // Somewhere of yours: a machine from a fleet, a process, a room. If it throws, the players wait on and meet again.
  async place({ id, teams }) {
    const address = gameServers[next++ % gameServers.length]!;
    const connections = teams.flat().map((player) => [player.id, { address, game: id, secret: randomUUID() }] as const);
    return Object.fromEntries(connections);
  },
});
mm.on("match", ({ id, quality }) =>
  console.log(`match ${id}: spread ${quality.spread}, waited ${Math.round(quality.waitMs)} ms`),
);

const server = createServer(async (request, response) => {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method === "GET") return answer(200, mm.stats());
  try {
    // Who the player is comes from your own login; here anybody is whom they say.
    const { player } = (await json(request)) as { player: string };
    const ticket = mm.submit({ mode: "duel", players: [{ id: player }] });
    response.on("close", () => ticket.cancel());
    const { teams } = await ticket.matched;
    const me = teams.flat().find(({ id }) => id === player)!;
    answer(200, {
      connection: me.connection,
      opponents: teams.flat().flatMap(({ id }) => (id === player ? [] : [id])),
    });
  } catch (error) {
    if (error instanceof FrontrowError) answer(error.refusal.code === "BAD_REQUEST" ? 400 : 503, error.refusal);
    else answer(400, { message: 'POST {"player": "…"}' });
  }
});
server.listen(Number(process.env.PORT ?? 8080), () =>
  console.log(`open on port ${(server.address() as { port: number }).port}`),
);

process.once("SIGTERM", async () => {
  server.close();
  await mm.close();
});
