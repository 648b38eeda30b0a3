/** `frontrow game-server`: rooms and seats of one metro; players dial it with the seats that its matchmakers sign. */
import { randomBytes } from "node:crypto";
import { CLOSING_MS } from "@frontrow/shared/config/drain.ts";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import { loadConfiguration } from "../config-file.ts";
import { createLog } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { buildGameServer } from "../parts/game-server.ts";
import { portsOf } from "../parts/listening.ts";
import { lobbyOf } from "../parts/lobby.ts";
import type { Running } from "../run.ts";

export async function start(env: NodeJS.ProcessEnv, cwd: string): Promise<Running> {
  const configuration = await loadConfiguration("game-server", env, cwd);
  const { settings, limits } = configuration;
  if (!settings.publicUrl && settings.port === 0) {
    throw new ConfigurationError(["PORT=0 needs FRONTROW_PUBLIC_URL: players could not know the port"]);
  }
  const metro = settings.metro ?? "local";
  const server = settings.serverId ?? base62(randomBytes(6));
  const log = createLog({
    process: "game-server",
    level: settings.logLevel,
    json: settings.environment === "production",
  });
  const registry = createRegistry("game-server", metro);
  const lobby = lobbyOf(metro, settings.redis, limits, log);
  // Outside production players find this process at the host that they came by, on its own port.
  const publicUrl = settings.publicUrl ?? { publicAddress: `:${settings.port}`, secure: false };
  const identity = { metro, server, publicUrl, fleetKey: settings.fleetKey, issuerKeys: settings.issuerKeys ?? [] };
  const gameServer = await buildGameServer(identity, configuration, lobby, log, registry);

  const ports = await portsOf(configuration, log);
  const admin = await ports.openAdmin(registry, { lease: () => gameServer.snapshot().isLeased });
  const main = await ports.open({ http: gameServer.httpRoutes, sockets: gameServer.socketRoutes });
  await gameServer.start();
  log.info({ port: main.port, admin: admin.port, transport: main.kind, metro, server }, "game server is open");
  return {
    closeMs: settings.drainMs + CLOSING_MS,
    ...(settings.drainMs > 0 ? { hurry: gameServer.cut } : {}),
    async close() {
      await gameServer.stop();
      await main.close();
      await lobby.close();
      await admin.close();
    },
  };
}
