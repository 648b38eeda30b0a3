/** Matches whose rosters are given, as in a tournament: nobody waits, the seats are reserved at once. */
import { createHash } from "node:crypto";
import { checkOptions } from "@frontrow/shared/config/check-options.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import { compatOf, idIssues, matchModeNamed } from "../../embed/submission.ts";
import type { MatchSeat, MatchToPlace } from "../../match/commit.ts";
import { IdempotencyHeaderNeeded, MatchRequest, MatchView } from "../schemas.ts";
import { type ApiEnv, type ApiWorld, needs, problems } from "../world.ts";

const make = createRoute({
  method: "post",
  path: "/v1/matches",
  operationId: "makeMatch",
  summary: "Seats for a fixed roster",
  description:
    "All seats or none. Said again with its Idempotency-Key it answers with the same seats and fresh tokens, for as long as the match keeps them.",
  tags: ["matches"],
  ...needs("matches"),
  request: {
    headers: IdempotencyHeaderNeeded,
    body: { content: { "application/json": { schema: MatchRequest } }, required: true },
  },
  responses: {
    201: { description: "Everybody has a seat.", content: { "application/json": { schema: MatchView } } },
    ...problems,
  },
});

/** What the server says of its players is all that is known of their distance. */
const UNMEASURED = { minMs: 0, jitterMs: 0, loss: 0, samples: 0, verified: false };

export function matchRoutes(app: OpenAPIHono<ApiEnv>, world: ApiWorld): void {
  const { matches, rosters, show } = world;

  app.openapi(make, async (c) => {
    const request = c.req.valid("json");
    const key = `${c.var.key.id} ${c.req.valid("header")["idempotency-key"]}`;
    const placing = toPlace(request, matchIdOf(key), world);
    // Kept for the body alone: tokens are short-lived, so each answer has its own.
    await rosters.once(key, request, async () => undefined);
    const placed = await matches.place(placing);
    if ("refused" in placed) throw placed.refused;
    const teams = request.teams.map((_, team) => ({
      players: placing.seats.flatMap((seat, place) =>
        seat.team === team ? [{ id: seat.playerId, ...show(placing.match, seat.playerId, placed.seats[place]!) }] : [],
      ),
    }));
    return c.json({ id: placing.match, mode: request.mode, metro: placing.metro, teams }, 201);
  });
}

/** The same for the same key of the same server, on every replica: the index then knows the match again. */
const matchIdOf = (key: string) => createHash("sha256").update(key).digest("base64url").slice(0, 22);

function toPlace(
  { mode: name, teams, bots, compat }: z.infer<typeof MatchRequest>,
  match: string,
  { modes, compats, metro, limits }: ApiWorld,
): MatchToPlace {
  const mode = matchModeNamed(name, modes);
  const issues = rosterIssues(teams, bots ?? [], mode);
  if (issues.length > 0) throw new FrontrowError("BAD_REQUEST", undefined, { issues });
  const seats = teams.flatMap(({ players }, team) =>
    players.map(({ id, role, attributes = {} }): MatchSeat => {
      const options = checkOptions(mode, attributes, limits.joinOptionsBytes);
      return { playerId: id, guest: false, team, role, options, rtt: UNMEASURED };
    }),
  );
  return {
    match,
    mode: name,
    compat: compatOf(compat, compats),
    metro,
    roomId: undefined,
    seats,
    bots: mode.teams.map((_, team) => bots?.[team] ?? 0),
    withinMs: limits.ticketLeaseMs,
  };
}

function rosterIssues(
  teams: z.infer<typeof MatchRequest>["teams"],
  bots: readonly number[],
  { teams: rules, allowedMetros: _ }: MatchMode,
): string[] {
  const issues = idIssues(teams.flatMap(({ players }) => players.map(({ id }) => id)));
  if (teams.length !== rules.length) issues.push(`teams: the mode has ${rules.length}, not ${teams.length}`);
  if (bots.length > rules.length) issues.push(`bots: the mode has ${rules.length} teams, not ${bots.length}`);
  if (teams.every(({ players }) => players.length === 0)) issues.push("teams: at least one player");
  rules.forEach(({ seats }, team) => {
    const players = teams[team]?.players.length ?? 0;
    const taken = players + (bots[team] ?? 0);
    if (taken > seats) issues.push(`teams.${team}: ${taken} players and bots for ${seats} seats`);
  });
  return issues;
}
