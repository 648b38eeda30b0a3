/** `frontrow edge`: players on one side, links to the metros' matchmakers on the other. */
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { loadConfiguration } from "../config-file.ts";
import { createLog } from "../log.ts";
import { createRegistry } from "../metrics.ts";
import { buildEdge } from "../parts/edge.ts";
import { linksTo } from "../parts/links.ts";
import { portsOf } from "../parts/listening.ts";
import type { Running } from "../run.ts";

export async function start(env: NodeJS.ProcessEnv, cwd: string): Promise<Running> {
  const configuration = await loadConfiguration("edge", env, cwd);
  const { settings, limits } = configuration;
  const log = createLog({ process: "edge", level: settings.logLevel, json: settings.environment === "production" });
  const registry = createRegistry("edge");
  const edgeName = settings.edgeName ?? "edge";
  const keys = {
    key: settings.linkKey ? signingKeyFrom(settings.linkKey) : undefined,
    peers: settings.linkPeers ?? [],
  };
  const links = linksTo(settings.metros ?? [], edgeName, keys, limits, log);
  const { sockets, routes, fallback } = await buildEdge(configuration, links, log, registry);

  const ports = await portsOf(configuration, log);
  const admin = await ports.openAdmin(registry, { links: () => links.some((link) => link.isUp()) });
  const main = await ports.open({ http: [...routes, fallback], sockets });
  log.info(
    { port: main.port, admin: admin.port, transport: main.kind, metros: links.map(({ metro }) => metro) },
    "edge is open",
  );
  return {
    async close() {
      await main.close();
      for (const link of links) link.close();
      await admin.close();
    },
  };
}
