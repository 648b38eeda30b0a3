/** The API for studios' servers beside a metro's matchmaker, and the webhooks about its matches: wired, counted and logged. */

import type { HttpRoute } from "@frontrow/listener/listener.ts";
import { createApi } from "@frontrow/matchmaker/api/api.ts";
import { apiRoutes } from "@frontrow/matchmaker/api/http-routes.ts";
import { finishedEvent, seatedEvent } from "@frontrow/matchmaker/api/match-events.ts";
import { createReplicas, tagOf } from "@frontrow/matchmaker/api/replicas.ts";
import { createWebhooks } from "@frontrow/matchmaker/api/webhooks.ts";
import { createDesk } from "@frontrow/matchmaker/embed/desk.ts";
import { matchModes } from "@frontrow/matchmaker/matches.ts";
import type { Metro, MetroEvent, MetroOptions } from "@frontrow/matchmaker/metro.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import type { Configuration } from "../config-file.ts";
import type { Logger } from "../log.ts";
import { type MatchmakerMetrics, sampled } from "../metrics.ts";

export interface ApiPart {
  readonly routes: readonly HttpRoute[];
  close(): void;
}

type World = Pick<MetroOptions, "metro" | "lobby" | "limits" | "replica" | "ratings" | "clock" | "random">;

/** Without keys there is no API. */
export async function buildApi(
  { matches }: Metro,
  world: World,
  { settings, config }: Configuration<"matchmaker"> | Configuration<"dev">,
  log: Logger,
  metrics: MatchmakerMetrics,
): Promise<ApiPart> {
  const { metro, lobby, limits, replica, clock, random } = world;
  if (!settings.apiKeys) return { routes: [], close: () => {} };
  const modes = matchModes(config.modes);
  const compats = config.compat && [...new Set(config.compat.map(({ compat }) => compat))];
  const requestId = () => base62(random(10));
  const desk = createDesk({
    modes,
    compats,
    metro,
    anyMetro: false,
    limits,
    matches,
    replica,
    clock,
    sessions: lobby.sessions,
    newTicketId: () => tagOf(replica) + base62(random(14)),
  });
  const api = createApi({
    ...world,
    desk,
    matches,
    modes,
    compats,
    replicas: createReplicas({
      replica,
      others: (("replicas" in settings && settings.replicas) || []).filter((other) => other.replica !== replica),
      replicaSet: matches.replicaSet,
    }),
    pauses: {
      isPaused: (mode) => lobby.index.isPaused(`mode:${mode}`),
      setPaused: (mode, paused) => lobby.index.setPaused(`mode:${mode}`, paused),
    },
    keys: settings.apiKeys,
    wallMs: Date.now,
    show: (_match, _player, seat) => ({ seat }),
    requestId,
    observe(event) {
      if (event.kind === "threw") return log.error({ err: event.error }, "an exception that nobody foresaw");
      metrics.apiRefusals.inc({ code: event.code });
      const { code, requestId: id, key } = event;
      log[code === "INTERNAL" ? "error" : "debug"]({ code, requestId: id, key }, "refused");
    },
  });
  sampled(() => metrics.apiTickets.set(desk.size));
  return {
    routes: await apiRoutes(api, { limits, requestId }),
    close() {
      api.close();
      desk.close(refusal("CANCELLED", "The matchmaker goes."));
    },
  };
}

/** Tells a studio's server of matches, where it has said where. */
export function startWebhooks(
  { limits, clock, random }: World,
  { webhookUrl, webhookSecrets }: Configuration<"matchmaker">["settings"] | Configuration<"dev">["settings"],
  log: Logger,
  metrics: MatchmakerMetrics,
): { hear(event: MetroEvent): void; close(): void } {
  if (!webhookUrl || !webhookSecrets) return { hear: () => {}, close: () => {} };
  const webhooks = createWebhooks({
    url: webhookUrl,
    secrets: webhookSecrets,
    limits,
    clock,
    wallMs: Date.now,
    rng: Math.random,
    newId: () => `msg_${base62(random(20))}`,
    observe(event) {
      const { type } = event;
      metrics.webhooks.inc({ type, outcome: event.kind === "webhook-sent" ? "sent" : "dropped" });
      if (event.kind === "webhook-dropped") log.warn({ type, why: event.why }, "a webhook was dropped");
    },
  });
  return {
    hear(event) {
      if (event.kind === "matched") webhooks.send("match.seated", seatedEvent(event));
      if (event.kind === "result" && event.outcome === "APPLIED") webhooks.send("match.finished", finishedEvent(event));
    },
    close: webhooks.close,
  };
}
