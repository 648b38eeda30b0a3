/** Builds an edge from its configuration: the core, its links' log lines, its counters, its routes on Node. */
import { createNodeEdge } from "@frontrow/edge-router/adapters/node.ts";
import { createEdge } from "@frontrow/edge-router/edge.ts";
import { createOriginRule } from "@frontrow/edge-router/origins.ts";
import type { MetroLink } from "@frontrow/edge-router/ports.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import type { Registry } from "prom-client";
import type { Configuration } from "../config-file.ts";
import type { Logger } from "../log.ts";
import { createEdgeMetrics, sampled } from "../metrics.ts";
import { playerTokensOf } from "../player-tokens.ts";
import { createRandom } from "./random.ts";

export async function buildEdge(
  { settings, config, limits }: Configuration<"edge"> | Configuration<"dev">,
  links: readonly MetroLink[],
  log: Logger,
  registry: Registry,
) {
  const metrics = createEdgeMetrics(registry);
  const edge = createEdge({
    edge: settings.edgeName ?? "edge",
    links,
    modes: config.modes,
    compat: config.compat,
    limits,
    verifyPlayer: await playerTokensOf(settings, limits),
    guests: settings.guests,
    clock: createSystemClock(),
    random: createRandom(),
    observe(event) {
      if (event.kind === "ticket") {
        metrics.tickets.inc({ mode: event.mode, outcome: event.outcome });
        metrics.placeSeconds.observe({ mode: event.mode }, event.ms / 1_000);
      } else if (event.kind === "refused") {
        metrics.refusals.inc({ code: event.code });
        const { code, requestId, sid } = event;
        log[code === "INTERNAL" ? "error" : "debug"]({ code, requestId, session: sid }, "refused");
      } else if (event.kind === "threw") {
        log.error({ err: event.error }, "an exception that nobody foresaw");
      } else {
        metrics.clientRoundTripSeconds.observe(event.minMs / 1_000);
      }
    },
  });
  sampled(() => {
    metrics.sessions.set(edge.sessionCount);
    metrics.ticketsHeld.set(edge.world.holders.size);
    for (const link of links) {
      metrics.linkUp.set({ to: link.metro }, link.isUp() ? 1 : 0);
      metrics.linkRoundTripSeconds.set({ to: link.metro }, (link.roundTrip()?.minMs ?? 0) / 1_000);
    }
  });
  return { edge, ...createNodeEdge(edge, createOriginRule(settings.origins ?? [])) };
}
