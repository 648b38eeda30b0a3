/** What `frontrow dev` is made of: one part a metro, all on the ports of one process. */
import type { MetroLink } from "@frontrow/edge-router/ports.ts";
import type { HttpRoute, SocketRoute } from "@frontrow/listener/listener.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import type { Registry } from "prom-client";
import type { Configuration } from "../config-file.ts";
import type { Logger } from "../log.ts";
import type { Ports } from "../parts/listening.ts";
import type { MetroKeys } from "../parts/matchmaker.ts";

/** What a metro, or the only one, adds to the process. */
export interface Part {
  readonly link: MetroLink;
  // biome-ignore lint/suspicious/noExplicitAny: routes of different data types share a list
  readonly sockets: readonly SocketRoute<any>[];
  readonly http: readonly HttpRoute[];
  /** To be called once players can reach the routes. */
  opened(): Promise<void>;
  close(): Promise<void>;
}

export interface DevWorld {
  readonly configuration: Configuration<"dev">;
  readonly redis: RedisTarget | undefined;
  readonly ports: Ports;
  readonly log: Logger;
  readonly registry: Registry;
  readonly env: NodeJS.ProcessEnv;
}

/** Well-known keys: nothing here is secret, and nothing outside development accepts them. */
export const metroKeys: MetroKeys = { issuerKey: devKeys.issuer.privateText, fleetKeys: [devKeys.fleet.publicKey] };
