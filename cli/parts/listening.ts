/** What every process's ports have in common: transport, TLS, named proxies, the admin port. */
import type { HttpRoute, Listen, Listening, SocketRoute } from "@frontrow/listener/listener.ts";
import { pickListen } from "@frontrow/listener/pick.ts";
import type { SettingsOf } from "@frontrow/shared/config/settings.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Registry } from "prom-client";
import { type ReadyCheck, startAdmin } from "../admin.ts";
import { checkPort } from "../doctor/machine.ts";
import type { Logger } from "../log.ts";

// biome-ignore lint/suspicious/noExplicitAny: routes of different data types share a list
type AnySocketRoute = SocketRoute<any>;

export interface Ports {
  readonly listen: Listen;
  /** Opens the process's own port. */
  open(routes: { http: readonly HttpRoute[]; sockets: readonly AnySocketRoute[] }): Promise<Listening>;
  openAdmin(registry: Registry, ready: Readonly<Record<string, ReadyCheck>>): Promise<Listening>;
}

type PortSettings = Pick<
  SettingsOf<"edge">,
  "transport" | "host" | "port" | "trustedProxies" | "tlsCert" | "tlsKey" | "adminHost" | "adminPort"
>;

/** What to do about a port that cannot be had; `also`: what else is known to be in the way. */
function explained(error: Error, name: "PORT" | "ADMIN_PORT", also = ""): Error {
  if (!error.message.includes("EADDRINUSE")) return error;
  const remedy = `another process has this port: end it, or set ${name} to another one`;
  return new Error(`${error.message}; ${remedy}${also}`, { cause: error });
}

export async function portsOf(
  { settings, limits }: { settings: PortSettings; limits: Limits },
  log: Logger,
): Promise<Ports> {
  const picked = await pickListen(settings.transport === "auto" ? undefined : settings.transport);
  // Through the log, which cuts secrets out: an exception of a route may quote the request.
  const failed = (err: unknown) => log.error({ err }, "a route threw; its peer was told 500 or 1011");
  const listen: Listen = (options) => picked({ failed, ...options });
  const { host, port, trustedProxies, tlsCert, tlsKey, adminHost, adminPort } = settings;
  const tls = tlsCert && tlsKey ? { certFile: tlsCert, keyFile: tlsKey } : undefined;
  const { httpBodyBytes, requestHeadMs } = limits;
  return {
    listen,
    open: ({ http, sockets }) =>
      listen({ host, port, tls, trustedProxies, httpBodyBytes, requestHeadMs, http, sockets }).catch((error) => {
        throw explained(error, "PORT");
      }),
    openAdmin: (registry, ready) =>
      startAdmin({ listen, host: adminHost, port: adminPort, limits, registry, ready }).catch(async (error) => {
        // Opened first, and whoever has it has often the other one as well: a second process of the same kind.
        const other = await checkPort("PORT", host, port);
        throw explained(error, "ADMIN_PORT", other.level === "fail" ? `. ${other.says}, too: set PORT as well` : "");
      }),
  };
}
