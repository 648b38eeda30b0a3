/** What a studio looks at and switches: paused modes, pools, why a ticket waits, leaderboards. */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { matchModeNamed } from "../../embed/submission.ts";
import { readLeaderboard } from "../../rating/leaderboard.ts";
import {
  ExplainedView,
  LeaderboardQuery,
  LeaderboardView,
  ModePath,
  PauseView,
  PlayerPath,
  PoolsView,
  TicketPath,
} from "../schemas.ts";
import { type ApiEnv, type ApiWorld, needs, problems } from "../world.ts";

const pauseJson = (description: string) => ({ description, content: { "application/json": { schema: PauseView } } });

const getPause = createRoute({
  method: "get",
  path: "/v1/modes/{mode}/pause",
  operationId: "getPause",
  summary: "Whether a mode is paused in this metro",
  tags: ["modes"],
  ...needs("read"),
  request: { params: ModePath },
  responses: { 200: pauseJson("As it is now."), ...problems },
});

const putPause = createRoute({
  method: "put",
  path: "/v1/modes/{mode}/pause",
  operationId: "setPause",
  summary: "Pause a mode in this metro, or let it go on",
  description: "Nobody gets a seat in a paused mode; tickets wait, and running matches go on.",
  tags: ["modes"],
  ...needs("modes"),
  request: { params: ModePath, body: { content: { "application/json": { schema: PauseView } }, required: true } },
  responses: { 200: pauseJson("As it is from now on."), ...problems },
});

const pools = createRoute({
  method: "get",
  path: "/v1/pools",
  operationId: "listPools",
  summary: "The pools that this replica owns",
  tags: ["pools"],
  ...needs("read"),
  responses: {
    200: { description: "Those in which somebody has waited.", content: { "application/json": { schema: PoolsView } } },
    ...problems,
  },
});

const explain = createRoute({
  method: "get",
  path: "/v1/pools/{mode}/tickets/{id}",
  operationId: "explainTicket",
  summary: "What keeps a ticket waiting",
  description: "Of a ticket of this API its id; of a player at an edge `player:ticket`.",
  tags: ["pools"],
  ...needs("read"),
  request: { params: ModePath.extend(TicketPath.shape) },
  responses: {
    200: { description: "Sentence by sentence.", content: { "application/json": { schema: ExplainedView } } },
    ...problems,
  },
});

const explainPlayer = createRoute({
  method: "get",
  path: "/v1/pools/{mode}/players/{playerId}",
  operationId: "explainPlayer",
  summary: "What keeps a player waiting",
  description:
    "Whoever submitted the ticket: an edge, or a server. Of several replicas, to be asked of the one that owns the pool.",
  tags: ["pools"],
  ...needs("read"),
  request: { params: ModePath.extend(PlayerPath.shape) },
  responses: {
    200: { description: "Sentence by sentence.", content: { "application/json": { schema: ExplainedView } } },
    ...problems,
  },
});

const leaderboard = createRoute({
  method: "get",
  path: "/v1/leaderboards/{mode}",
  operationId: "getLeaderboard",
  summary: "The best players of a mode",
  tags: ["ratings"],
  ...needs("read"),
  request: { params: ModePath, query: LeaderboardQuery },
  responses: {
    200: { description: "Best first.", content: { "application/json": { schema: LeaderboardView } } },
    ...problems,
  },
});

export function operationRoutes(app: OpenAPIHono<ApiEnv>, world: ApiWorld): void {
  const { modes, pauses, matches, ratings, replica } = world;

  /** First of all that nobody is seated. What the pool says is told while the index is away, too. */
  const whyOf = async (mode: string, why: readonly string[]) =>
    (await pauses.isPaused(mode).catch(() => false)) ? ["the mode is paused", ...why] : [...why];

  app.openapi(getPause, async (c) => {
    const { mode } = c.req.valid("param");
    matchModeNamed(mode, modes);
    return c.json({ paused: await pauses.isPaused(mode) }, 200);
  });

  app.openapi(putPause, async (c) => {
    const { mode } = c.req.valid("param");
    const { paused } = c.req.valid("json");
    matchModeNamed(mode, modes);
    await pauses.setPaused(mode, paused);
    return c.json({ paused }, 200);
  });

  app.openapi(pools, (c) => {
    const list = matches.owner.pools().map(({ waitMs, ...pool }) => ({
      ...pool,
      ...(waitMs === undefined ? {} : { waitMs }),
    }));
    return c.json({ replica, pools: list }, 200);
  });

  app.openapi(explain, async (c) => {
    const { mode, id } = c.req.valid("param");
    matchModeNamed(mode, modes);
    const why = matches.owner.explain(id, mode);
    if (!why) throw new FrontrowError("TICKET_UNKNOWN");
    return c.json({ id, mode, why: await whyOf(mode, why) }, 200);
  });

  app.openapi(explainPlayer, async (c) => {
    const { mode, playerId } = c.req.valid("param");
    matchModeNamed(mode, modes);
    const ticket = matches.owner.ticketOf(playerId);
    const why = ticket?.mode === mode ? matches.owner.explain(ticket.key) : undefined;
    if (!ticket || !why) throw new FrontrowError("TICKET_UNKNOWN");
    return c.json({ id: ticket.key, mode, why: await whyOf(mode, why) }, 200);
  });

  app.openapi(leaderboard, async (c) => {
    const { mode } = c.req.valid("param");
    matchModeNamed(mode, modes);
    const entries = await readLeaderboard(ratings, modes, { mode, ...c.req.valid("query") });
    return c.json({ mode, entries: [...entries] }, 200);
  });
}
