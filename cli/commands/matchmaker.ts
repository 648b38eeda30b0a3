/** `frontrow matchmaker`: one metro's matchmaker over its lobby index in Redis; edges link to it. */
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import type { Command } from "commander";
import { loadConfiguration } from "../config-file.ts";
import { createLog } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { doorFor } from "../parts/links.ts";
import { portsOf } from "../parts/listening.ts";
import { buildMatchmaker } from "../parts/matchmaker.ts";
import { closeOnSignal, type Running } from "../run.ts";

export function register(program: Command): void {
  program
    .command("matchmaker")
    .description("the matchmaker of one metro")
    .action(async () => closeOnSignal(await start(process.env, process.cwd())));
}

export async function start(env: NodeJS.ProcessEnv, cwd: string): Promise<Running> {
  const configuration = await loadConfiguration("matchmaker", env, cwd);
  const { settings, limits } = configuration;
  const metroCode = settings.metro ?? "local";
  const log = createLog({
    process: "matchmaker",
    level: settings.logLevel,
    json: settings.environment === "production",
  });
  const registry = createRegistry("matchmaker", metroCode);
  const lobby = await createRedisLobby({ metro: metroCode, limits, target: settings.redis, onHealth: healthLog(log) });
  const keys = { issuerKey: settings.issuerKey ?? "", fleetKeys: settings.fleetKeys ?? [] };
  const { metro, metrics } = await buildMatchmaker(metroCode, configuration, keys, lobby, log, registry);
  const linkKeys = {
    key: settings.linkKey ? signingKeyFrom(settings.linkKey) : undefined,
    peers: settings.linkPeers ?? [],
  };

  const ports = await portsOf(configuration);
  const admin = await ports.openAdmin(registry, { redis: () => lobby.healthy() });
  const main = await ports.open({ http: [], sockets: [doorFor(metro, linkKeys, limits, log, metrics)] });
  log.info({ port: main.port, admin: admin.port, transport: main.kind, metro: metroCode }, "matchmaker is open");
  return {
    async close() {
      await main.close();
      await metro.close();
      await lobby.close();
      await admin.close();
    },
  };
}

const healthLog = (log: ReturnType<typeof createLog>) => (healthy: boolean) =>
  healthy ? log.info("the lobby index answers") : log.warn("the lobby index does not answer");
