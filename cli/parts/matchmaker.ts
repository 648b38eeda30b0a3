/** Builds one metro's matchmaker over a lobby index: its log lines and its counters. */
import { randomBytes } from "node:crypto";
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import { createMetro } from "@frontrow/matchmaker/metro.ts";
import { createMemoryRatings } from "@frontrow/matchmaker/rating/memory/memory.ts";
import { createSqliteRatings } from "@frontrow/matchmaker/rating/sqlite/sqlite.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import type { Registry } from "prom-client";
import type { Configuration } from "../config-file.ts";
import type { Logger } from "../log.ts";
import { createMatchmakerMetrics, sampled } from "../metrics.ts";
import { playerTokensOf } from "../player-tokens.ts";
import { buildApi, startWebhooks } from "./api.ts";
import { createRandom } from "./random.ts";
import { startTicketLog } from "./ticket-log.ts";

/** X25519 and fleet keys of the metro; in `dev` the well-known ones. */
export interface MetroKeys {
  readonly issuerKey: string;
  readonly fleetKeys: readonly string[];
}

export async function buildMatchmaker(
  metroCode: string,
  configuration: Configuration<"matchmaker"> | Configuration<"dev">,
  keys: MetroKeys,
  lobby: Lobby,
  log: Logger,
  registry: Registry,
) {
  const { settings, config, limits } = configuration;
  const metrics = createMatchmakerMetrics(registry);
  const ratings = settings.ratings ? await createSqliteRatings(settings.ratings) : createMemoryRatings();
  const clock = createSystemClock();
  const { modes } = config;
  const ticketLog = startTicketLog({ path: settings.ticketLog, modes, secret: keys.issuerKey, limits, clock, log });
  const replica = settings.replica ?? base62(randomBytes(8));
  const world = { metro: metroCode, lobby, limits, replica, ratings, clock, random: createRandom() };
  const webhooks = startWebhooks(world, settings, log, metrics);
  const metro = createMetro({
    ...world,
    modes,
    ...keys,
    verifyPlayer: await playerTokensOf(settings, limits),
    guests: settings.guests,
    soon: setImmediate,
    nowMs: Date.now,
    observe(event) {
      webhooks.hear(event);
      if (event.kind === "server-distrusted") {
        metrics.registrationsRefused.inc();
        log.warn(
          { server: event.server },
          "a server's registration is signed by no listed fleet key; it gets no players",
        );
      } else if (event.kind === "superseded") {
        metrics.superseded.inc();
      } else if (event.kind === "threw") {
        log.error({ err: event.error }, "an exception that nobody foresaw");
      } else if (event.kind === "matched") {
        const { quality } = event.flight.proposal;
        metrics.matches.inc({ mode: event.mode, outcome: "seated" });
        metrics.matchWaitSeconds.observe({ mode: event.mode }, quality.waitMs / 1_000);
        metrics.matchSpread.observe({ mode: event.mode }, quality.spread);
      } else if (event.kind === "match-released" || event.kind === "match-unknown") {
        metrics.matches.inc({ mode: event.mode, outcome: event.kind === "match-unknown" ? "unknown" : event.why });
      } else if (event.kind === "match-replaced") {
        const { match, mode, because, outcome, from, to } = event;
        const why = because === "CUT" ? "left" : "refused";
        metrics.matchesReplaced.inc({ mode, why, outcome });
        const how =
          outcome === "placed" ? "a match is placed again" : "a match is given up that was to be placed again";
        log.info({ match, mode, why, from, to }, how);
      } else if (event.kind === "result") {
        metrics.results.inc({ mode: event.mode, outcome: event.outcome.toLowerCase() });
        if (event.outcome === "UNKNOWN")
          log.warn({ match: event.match }, "a result of a match that nobody recorded; it is dropped");
      } else if (event.kind === "result-failed") {
        log.error({ err: event.error, match: event.match }, "a result could not be applied; it comes again");
      } else if (event.kind === "results-away") {
        log.debug({ err: event.error }, "the index was not asked for results");
      } else if (event.kind === "enlisted" || event.kind === "ended") {
        ticketLog.hear(event);
      } else {
        metrics.reservations.inc({ mode: event.mode, outcome: event.kind === "placed" ? "seat" : event.code });
        metrics.reserveSeconds.observe(event.ms / 1_000);
      }
    },
  });
  sampled(() => {
    metrics.sessions.set(metro.sessionCount);
    metrics.indexUp.set(metro.healthy() ? 1 : 0);
    const { owner } = metro.matches;
    for (const { mode, compat, tickets } of owner.pools()) metrics.poolTickets.set({ mode, compat }, tickets);
    metrics.matchesInFlight.set(owner.inFlight);
    const set = metro.matches.replicaSet();
    metrics.epoch.set(set?.epoch ?? 0);
    metrics.replicas.set(set?.members.length ?? 0);
  });
  const api = await buildApi(metro, world, configuration, log, metrics);
  return {
    metro,
    metrics,
    /** The API for servers, where there are keys for it. */
    routes: api.routes,
    async close() {
      api.close();
      webhooks.close();
      await metro.close();
      await ticketLog.close();
    },
  };
}
