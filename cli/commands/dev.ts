/**
 * `frontrow dev`: everything on one port of one process, with the index in memory; with `--metros` several metros at artificial
 * distances, each with a game server in a process of its own.
 */
import { CLOSING_MS } from "@frontrow/shared/config/drain.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import type { Command } from "commander";
import { DEMO_CONFIG_FILE, loadConfiguration } from "../config-file.ts";
import { distantMetro } from "../dev/distant-metro.ts";
import { parseDevMetros } from "../dev/metros.ts";
import { onlyMetro } from "../dev/only-metro.ts";
import { demoPage, plainPage } from "../dev/page.ts";
import { startRedis } from "../dev/redis-child.ts";
import { createLog } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { buildEdge } from "../parts/edge.ts";
import { portsOf } from "../parts/listening.ts";
import { closeOnSignal, type Running } from "../run.ts";

interface DevOptions {
  readonly redis?: boolean;
  readonly metros?: string;
}

export function register(program: Command): void {
  program
    .command("dev")
    .description("everything in one process, for development")
    .option("--redis", "keep the lobby index in a Redis started for it (redis-server on PATH)")
    .option("--metros <list>", "several metros at artificial distances, such as fra,ams or fra=8,ams=30 (ms)")
    .action(async (options: DevOptions) => closeOnSignal(start(process.env, process.cwd(), options)));
}

export async function start(env: NodeJS.ProcessEnv, cwd: string, options: DevOptions): Promise<Running> {
  const configuration = await loadConfiguration("dev", env, cwd, DEMO_CONFIG_FILE);
  const { settings, config } = configuration;
  const log = createLog({ process: "dev", level: settings.logLevel, json: false });
  const registry = createRegistry("dev");
  const metros = options.metros ? parseDevMetros(options.metros) : undefined;
  const own = !settings.redis && (options.redis || metros) ? await startRedis() : undefined;
  const ports = await portsOf(configuration, log);
  const redis = own ? localRedis(own.port) : settings.redis;
  const world = { configuration, redis, ports, log, registry, env: own ? { ...env, REDIS_URL: own.url } : env };
  const parts = metros
    ? await Promise.all(metros.map((metro, index) => distantMetro(metro, index, world)))
    : [await onlyMetro(world)];

  const { sockets, routes, fallback } = await buildEdge(
    configuration,
    parts.map(({ link }) => link),
    log,
    registry,
  );
  const page = configuration.file === DEMO_CONFIG_FILE ? await demoPage() : plainPage(Object.keys(config.modes));
  const admin = await ports.openAdmin(registry, { links: () => parts.some(({ link }) => link.isUp()) });
  const main = await ports.open({
    http: [...page, ...routes, ...parts.flatMap(({ http }) => http), fallback],
    sockets: [...sockets, ...parts.flatMap((part) => part.sockets)],
  });
  for (const part of parts) await part.opened();
  const index = redis ? "in Redis" : "in memory";
  log.info(
    { admin: admin.port, transport: main.kind, index, config: configuration.file },
    `open ${settings.tlsCert ? "https" : "http"}://localhost:${main.port}`,
  );
  return {
    closeMs: settings.drainMs + 2 * CLOSING_MS,
    async close() {
      for (const part of parts) await part.close();
      await main.close();
      await admin.close();
      await own?.stop();
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
