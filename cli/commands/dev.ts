/**
 * `frontrow dev`: everything on one port of one process, with the index in memory; with `--metros` several metros at artificial
 * distances, each with a game server in a process of its own.
 */

import { fileURLToPath } from "node:url";
import { createInProcessLink } from "@frontrow/edge-router/link/in-process.ts";
import type { MetroLink } from "@frontrow/edge-router/ports.ts";
import type { HttpRoute, SocketRoute } from "@frontrow/listener/listener.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import type { Command } from "commander";
import type { Registry } from "prom-client";
import { type Configuration, loadConfiguration } from "../config-file.ts";
import { startDelayProxy } from "../dev/delay-proxy.ts";
import { type DevMetro, parseDevMetros, startGameServerChild } from "../dev/metros.ts";
import { demoPage, plainPage } from "../dev/page.ts";
import { freePort, startRedis } from "../dev/redis-child.ts";
import { createLog, type Logger } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { buildEdge } from "../parts/edge.ts";
import { buildGameServer } from "../parts/game-server.ts";
import { doorFor, linkTo } from "../parts/links.ts";
import { type Ports, portsOf } from "../parts/listening.ts";
import { lobbyOf } from "../parts/lobby.ts";
import { buildMatchmaker } from "../parts/matchmaker.ts";
import { closeOnSignal, type Running } from "../run.ts";

interface DevOptions {
  readonly redis?: boolean;
  readonly metros?: string;
}

const DEMO_CONFIG = fileURLToPath(new URL("../arena/frontrow.config.ts", import.meta.url));

export function register(program: Command): void {
  program
    .command("dev")
    .description("everything in one process, for development")
    .option("--redis", "keep the lobby index in a Redis started for it (redis-server on PATH)")
    .option("--metros <list>", "several metros at artificial distances, such as fra,ams or fra=8,ams=30 (ms)")
    .action(async (options: DevOptions) => closeOnSignal(start(process.env, process.cwd(), options)));
}

/** What a metro, or the only one, adds to the process. */
interface Part {
  readonly link: MetroLink;
  // biome-ignore lint/suspicious/noExplicitAny: routes of different data types share a list
  readonly sockets: readonly SocketRoute<any>[];
  readonly http: readonly HttpRoute[];
  close(): Promise<void>;
}

interface DevWorld {
  readonly configuration: Configuration<"dev">;
  readonly redis: RedisTarget | undefined;
  readonly ports: Ports;
  readonly log: Logger;
  readonly registry: Registry;
  readonly env: NodeJS.ProcessEnv;
}

export async function start(env: NodeJS.ProcessEnv, cwd: string, options: DevOptions): Promise<Running> {
  const configuration = await loadConfiguration("dev", env, cwd, DEMO_CONFIG);
  const { settings, config } = configuration;
  const log = createLog({ process: "dev", level: settings.logLevel, json: false });
  const registry = createRegistry("dev");
  const own = !settings.redis && (options.redis || options.metros) ? await startRedis() : undefined;
  const ports = await portsOf(configuration);
  const redis = own ? localRedis(own.port) : settings.redis;
  const world = { configuration, redis, ports, log, registry, env: own ? { ...env, REDIS_URL: own.url } : env };
  const parts = options.metros
    ? await Promise.all(parseDevMetros(options.metros).map((metro, index) => distantMetro(metro, index, world)))
    : [await onlyMetro(world)];

  const { sockets, routes } = await buildEdge(
    configuration,
    parts.map(({ link }) => link),
    log,
    registry,
  );
  const page = configuration.file === DEMO_CONFIG ? await demoPage() : plainPage(Object.keys(config.modes));
  const admin = await ports.openAdmin(registry, { links: () => parts.some(({ link }) => link.isUp()) });
  const main = await ports.open({
    http: [...page, ...routes, ...parts.flatMap(({ http }) => http)],
    sockets: [...sockets, ...parts.flatMap((part) => part.sockets)],
  });
  const index = redis ? "in Redis" : "in memory";
  log.info(
    { admin: admin.port, transport: main.kind, index, config: configuration.file },
    `open ${settings.tlsCert ? "https" : "http"}://localhost:${main.port}`,
  );
  return {
    async close() {
      for (const part of parts) await part.close();
      await main.close();
      await admin.close();
      await own?.stop();
    },
  };
}

const keys = { issuerKey: devKeys.issuer.privateText, fleetKeys: [devKeys.fleet.publicKey] };

/** Matchmaker and game server in this very process. */
async function onlyMetro({ configuration, redis, log, registry }: DevWorld): Promise<Part> {
  const { settings, limits } = configuration;
  const metroCode = settings.metro ?? "local";
  const lobby = lobbyOf(metroCode, redis, limits, log);
  const { metro } = await buildMatchmaker(metroCode, configuration, keys, lobby, log, registry);
  const identity = {
    metro: metroCode,
    server: "1",
    publicUrl: settings.publicUrl,
    fleetKey: devKeys.fleet.privateText,
    issuerKeys: [devKeys.issuer.publicKey],
  };
  const gameServer = await buildGameServer(identity, configuration, lobby, log, registry);
  await gameServer.start();
  const link = createInProcessLink(metro, limits);
  return {
    link,
    sockets: gameServer.socketRoutes,
    http: gameServer.httpRoutes,
    async close() {
      await gameServer.stop();
      link.close();
      await metro.close();
      await lobby.close();
    },
  };
}

/** A matchmaker behind a link, and a game server in a child process, both at the metro's distance. */
async function distantMetro(
  { metro: metroCode, roundTripMs }: DevMetro,
  index: number,
  world: DevWorld,
): Promise<Part> {
  const { configuration, redis, ports, log, env } = world;
  const { settings, limits, file } = configuration;
  const metroLog = log.child({ metro: metroCode });
  const lobby = lobbyOf(metroCode, redis, limits, metroLog);
  const registry = createRegistry("dev", metroCode);
  const { metro, metrics } = await buildMatchmaker(metroCode, configuration, keys, lobby, metroLog, registry);
  const linkKeys = { key: signingKeyFrom(devKeys.link.privateText), peers: [devKeys.link.publicKey] };
  const { httpBodyBytes, requestHeadMs } = limits;
  const door = await ports.listen({
    host: "127.0.0.1",
    port: 0,
    trustedProxies: [],
    httpBodyBytes,
    requestHeadMs,
    http: [],
    sockets: [doorFor(metro, linkKeys, limits, metroLog, metrics)],
  });
  const proxy = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: door.port }, roundTripMs });
  const url = `ws://127.0.0.1:${proxy.port}/v1/link`;
  const link = linkTo({ metro: metroCode, url }, "edge", linkKeys, limits, metroLog);
  const publicPort = settings.port === 0 ? 0 : settings.port + 1 + index;
  const child = await startGameServerChild({
    metro: metroCode,
    roundTripMs,
    env,
    configFile: file,
    port: await freePort(),
    publicPort,
    host: settings.host,
  });
  return {
    link,
    sockets: [],
    http: [],
    async close() {
      await child.stop();
      link.close();
      await proxy.close();
      await door.close();
      await metro.close();
      await lobby.close();
    },
  };
}

const localRedis = (port: number): RedisTarget => ({
  kind: "single",
  nodes: [{ host: "127.0.0.1", port }],
  tls: false,
  db: 0,
  masterName: "",
});
