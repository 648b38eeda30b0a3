/** `frontrow matchmaker`: one metro's matchmaker over its lobby index in Redis; edges link to it. */
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { loadConfiguration } from "../config-file.ts";
import { createLog } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { doorFor } from "../parts/links.ts";
import { portsOf } from "../parts/listening.ts";
import { lobbyOf } from "../parts/lobby.ts";
import { buildMatchmaker } from "../parts/matchmaker.ts";
import type { Running } from "../run.ts";

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
  const lobby = lobbyOf(metroCode, settings.redis, limits, log);
  const keys = { issuerKey: settings.issuerKey ?? "", fleetKeys: settings.fleetKeys ?? [] };
  const {
    metro,
    metrics,
    routes,
    close: closeMatchmaker,
  } = await buildMatchmaker(metroCode, configuration, keys, lobby, log, registry);
  const linkKeys = {
    key: settings.linkKey ? signingKeyFrom(settings.linkKey) : undefined,
    peers: settings.linkPeers ?? [],
  };

  const ports = await portsOf(configuration, log);
  const admin = await ports.openAdmin(registry, { redis: () => lobby.healthy() });
  const main = await ports.open({ http: routes, sockets: [doorFor(metro, linkKeys, limits, log, metrics)] });
  log.info({ port: main.port, admin: admin.port, transport: main.kind, metro: metroCode }, "matchmaker is open");
  return {
    async close() {
      await main.close();
      await closeMatchmaker();
      await lobby.close();
      await admin.close();
    },
  };
}
