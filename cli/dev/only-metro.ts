/** The only metro: matchmaker and game server in this very process, linked without a socket. */
import { createInProcessLink } from "@frontrow/edge-router/link/in-process.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { buildGameServer } from "../parts/game-server.ts";
import { lobbyOf } from "../parts/lobby.ts";
import { buildMatchmaker } from "../parts/matchmaker.ts";
import { type DevWorld, metroKeys, type Part } from "./part.ts";

export async function onlyMetro({ configuration, redis, log, registry }: DevWorld): Promise<Part> {
  const { settings, limits } = configuration;
  const metroCode = settings.metro ?? "local";
  const lobby = lobbyOf(metroCode, redis, limits, log);
  const {
    metro,
    routes,
    close: closeMatchmaker,
  } = await buildMatchmaker(metroCode, configuration, metroKeys, lobby, log, registry);
  const identity = {
    metro: metroCode,
    server: "1",
    publicUrl: settings.publicUrl,
    fleetKey: devKeys.fleet.privateText,
    issuerKeys: [devKeys.issuer.publicKey],
  };
  const gameServer = await buildGameServer(identity, configuration, lobby, log, registry);
  const link = createInProcessLink(metro, limits);
  return {
    link,
    sockets: gameServer.socketRoutes,
    http: [...routes, ...gameServer.httpRoutes],
    opened: () => gameServer.start(),
    async close() {
      await gameServer.stop();
      link.close();
      await closeMatchmaker();
      await lobby.close();
    },
  };
}
