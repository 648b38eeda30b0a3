/** One of several metros: a matchmaker behind a link, and a game server in a child process, both at the metro's distance. */
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { createRegistry } from "../metrics.ts";
import { doorFor, linkTo } from "../parts/links.ts";
import { lobbyOf } from "../parts/lobby.ts";
import { buildMatchmaker } from "../parts/matchmaker.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { type DevMetro, startGameServerChild } from "./metros.ts";
import { type DevWorld, metroKeys, type Part } from "./part.ts";
import { freePort } from "./redis-child.ts";

export async function distantMetro(
  { metro: metroCode, roundTripMs }: DevMetro,
  index: number,
  world: DevWorld,
): Promise<Part> {
  const { configuration, redis, ports, log, env } = world;
  const { settings, limits, file } = configuration;
  const metroLog = log.child({ metro: metroCode });
  const lobby = lobbyOf(metroCode, redis, limits, metroLog);
  const registry = createRegistry("dev", metroCode);
  const {
    metro,
    metrics,
    routes,
    close: closeMatchmaker,
  } = await buildMatchmaker(metroCode, configuration, metroKeys, lobby, metroLog, registry);
  const linkKeys = { key: signingKeyFrom(devKeys.link.privateText), peers: [devKeys.link.publicKey] };
  const { httpBodyBytes, requestHeadMs } = limits;
  const door = await ports.listen({
    host: "127.0.0.1",
    port: 0,
    trustedProxies: [],
    httpBodyBytes,
    requestHeadMs,
    http: routes,
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
    // The first metro's API stands on the process's own port: one address cannot be several metros'.
    http: index === 0 ? routes : [],
    // The child tells the index of itself once its own port is open.
    opened: async () => {},
    async close() {
      await child.stop();
      link.close();
      await proxy.close();
      await door.close();
      await closeMatchmaker();
      await lobby.close();
    },
  };
}
