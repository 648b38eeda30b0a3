/**
 * The operators' port of a process: `/healthz` (this process runs its event loop), `/readyz` (it can do its work; each check by
 * name, 503 and which one failed otherwise) and `/metrics`. It has no login and listens on loopback unless told otherwise.
 */
import type { HttpReply, HttpRoute, Listen, Listening } from "@frontrow/listener/listener.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Registry } from "prom-client";

/** One thing that must be so for this process to do its work; false, or a rejection, is not ready. */
export type ReadyCheck = () => boolean | Promise<boolean>;

export interface AdminOptions {
  readonly listen: Listen;
  readonly host: string;
  readonly port: number;
  readonly limits: Limits;
  readonly registry: Registry;
  /** By name, such as `redis`, `link fra`. */
  readonly ready: Readonly<Record<string, ReadyCheck>>;
}

/** Opens the admin port. */
export function startAdmin({ listen, host, port, limits, registry, ready }: AdminOptions): Promise<Listening> {
  return listen({
    host,
    port,
    trustedProxies: [],
    httpBodyBytes: limits.httpBodyBytes,
    requestHeadMs: limits.requestHeadMs,
    http: adminRoutes({ registry, ready, checkMs: limits.readyCheckMs }),
    sockets: [],
  });
}

/** The routes alone, for a process that has them on a port of its own. */
export function adminRoutes({
  registry,
  ready,
  checkMs,
}: Pick<AdminOptions, "registry" | "ready"> & { checkMs: number }): HttpRoute[] {
  return [
    { method: "GET", path: "/healthz", handle: () => json(200, { ok: true }) },
    { method: "GET", path: "/readyz", handle: async () => readyReply(await runChecks(ready, checkMs)) },
    {
      method: "GET",
      path: "/metrics",
      handle: async () => ({
        status: 200,
        headers: { "content-type": registry.contentType },
        body: await registry.metrics(),
      }),
    },
  ];
}

/** Whether each check holds, all asked at once; one that does not answer within `checkMs` does not hold. */
async function runChecks(
  ready: Readonly<Record<string, ReadyCheck>>,
  checkMs: number,
): Promise<Record<string, boolean>> {
  const outcomes = Object.entries(ready).map(async ([name, check]) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((settle) => {
      timer = setTimeout(settle, checkMs, false);
    });
    const holds = await Promise.race([Promise.resolve().then(check), late]).catch(() => false);
    clearTimeout(timer);
    return [name, holds] as const;
  });
  return Object.fromEntries(await Promise.all(outcomes));
}

function readyReply(checks: Record<string, boolean>): HttpReply {
  const failed = Object.keys(checks).filter((name) => !checks[name]);
  return json(failed.length === 0 ? 200 : 503, { ok: failed.length === 0, failed, checks });
}

const json = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
});
