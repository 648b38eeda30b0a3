/** Links over WebSockets, both ends: from settings, with their log lines and counters. */
import { createWsDial } from "@frontrow/edge-router/link/dial-ws.ts";
import { joinReplicas } from "@frontrow/edge-router/link/replicas.ts";
import { createWsLink } from "@frontrow/edge-router/link/ws-link.ts";
import type { Metro } from "@frontrow/matchmaker/metro.ts";
import { createLinkDoor } from "@frontrow/matchmaker/service/link-door.ts";
import { freshNonce, type SigningKey } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Logger } from "../log.ts";
import type { MatchmakerMetrics } from "../metrics.ts";

export interface LinkKeys {
  readonly key: SigningKey | undefined;
  /** Public keys of the other ends. */
  readonly peers: readonly string[];
}

/** The edge's end; `url` is the matchmaker's door of links itself, with its path. */
export function linkTo(
  { metro, url }: { metro: string; url: string },
  edge: string,
  { key, peers }: LinkKeys,
  limits: Limits,
  log: Logger,
) {
  return createWsLink({
    metro,
    url,
    edge,
    key,
    trust: { peers, maxAgeMs: limits.linkHelloMs },
    limits,
    dial: createWsDial(limits.linkFrameBytes),
    nowMs: Date.now,
    clockMs: () => performance.now(),
    nonce: freshNonce,
    jitter: Math.random,
    schedule: setImmediate,
    log: (event, detail) => (event === "link-up" ? log.info(detail, "link is up") : log.warn(detail, "link is down")),
  });
}

/** One link a metro, over all of its replicas. */
export function linksTo(
  matchmakers: readonly { metro: string; url: string }[],
  ...rest: [edge: string, keys: LinkKeys, limits: Limits, log: Logger]
) {
  const byMetro = Map.groupBy(matchmakers, ({ metro }) => metro);
  return [...byMetro.values()].map(([first, ...others]) =>
    joinReplicas([linkTo(first!, ...rest), ...others.map((replica) => linkTo(replica, ...rest))]),
  );
}

/** The matchmaker's end. */
export function doorFor(
  metro: Metro,
  { key, peers }: LinkKeys,
  limits: Limits,
  log: Logger,
  metrics: MatchmakerMetrics,
) {
  return createLinkDoor({
    metro,
    limits,
    key,
    trust: { peers, maxAgeMs: limits.linkHelloMs },
    nowMs: Date.now,
    schedule: setImmediate,
    log(event, detail) {
      if (event === "link-refused") {
        metrics.linksRefused.inc();
        return log.warn(detail, "an edge was refused");
      }
      if (event === "link-open") metrics.links.inc();
      else metrics.links.dec();
      log.info(detail, event === "link-open" ? "an edge is linked" : "an edge's link closed");
    },
  });
}
