import type { Head, Listen, ListenerOptions } from "@frontrow/listener/listener.ts";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { describe, expect, it } from "vitest";
import { adminRoutes, type ReadyCheck, startAdmin } from "./admin.ts";
import { createEdgeMetrics, createGameServerMetrics, createMatchmakerMetrics, createRegistry } from "./metrics.ts";

const head = {} as Head;

async function ask(path: string, ready: Record<string, ReadyCheck> = {}, registry = createRegistry("edge")) {
  const route = adminRoutes({ registry, ready, checkMs: 50 }).find((each) => each.path === path);
  const reply = await route!.handle(head, new Uint8Array(), () => new AbortController().signal);
  return { status: reply.status, body: String(reply.body) };
}

describe("health", () => {
  it("[CF19] /healthz answers as long as the process runs", async () => {
    expect(await ask("/healthz", { redis: () => false })).toEqual({ status: 200, body: '{"ok":true}' });
  });

  it("[CF20] /readyz is 200 when every check holds", async () => {
    const { status, body } = await ask("/readyz", { redis: () => true, "link fra": async () => true });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ ok: true, failed: [], checks: { redis: true, "link fra": true } });
  });

  it("[CF20] /readyz is 503 and names each check that fails, throws, rejects or does not answer in time", async () => {
    const { status, body } = await ask("/readyz", {
      fine: () => true,
      away: () => false,
      throws: () => {
        throw new Error("secret detail");
      },
      rejects: () => Promise.reject(new Error("secret detail")),
      hangs: () => new Promise<boolean>(() => {}),
    });
    expect(status).toBe(503);
    expect(JSON.parse(body).failed).toEqual(["away", "throws", "rejects", "hangs"]);
    expect(body).not.toContain("secret");
  });
});

describe("metrics", () => {
  it("[CF21] /metrics has this process's metrics and Node's, from its own registry", async () => {
    const registry = createRegistry("edge", "fra");
    const metrics = createEdgeMetrics(registry);
    metrics.sessions.set(3);
    metrics.tickets.inc({ mode: "arena", outcome: "seat" });
    const { body } = await ask("/metrics", {}, registry);
    expect(body).toContain('frontrow_edge_sessions{process="edge",metro="fra"} 3');
    expect(body).toContain('frontrow_edge_tickets_total{mode="arena",outcome="seat",process="edge",metro="fra"} 1');
    expect(body).toContain("nodejs_eventloop_lag_seconds");
    expect((await ask("/metrics")).body).not.toContain("frontrow_edge_sessions");
  });

  it("[CF21] every metric starts with frontrow_ and its process, and counters end in _total", async () => {
    const registry = createRegistry("dev");
    const own = {
      ...createEdgeMetrics(registry),
      ...createMatchmakerMetrics(registry),
      ...createGameServerMetrics(registry),
    };
    expect(Object.keys(own).length).toBeGreaterThan(10);
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      if (!name.startsWith("frontrow_")) continue;
      expect(name).toMatch(/^frontrow_(edge|matchmaker|game_server)_[a-z_]+$/);
      expect(name.endsWith("_total")).toBe(String(type) === "counter");
    }
  });
});

describe("the port", () => {
  it("[CF22] it is opened where the settings say, believes no proxy and has no sockets", async () => {
    let asked: ListenerOptions | undefined;
    const listen: Listen = async (options) => {
      asked = options;
      return { port: 1, kind: "ws", close: async () => {} };
    };
    const registry = createRegistry("edge");
    await startAdmin({ listen, host: "127.0.0.1", port: 9600, limits: defaultLimits, registry, ready: {} });
    expect(asked).toMatchObject({ host: "127.0.0.1", port: 9600, trustedProxies: [], sockets: [] });
    expect(asked?.http.map((route) => `${route.method} ${route.path}`)).toEqual([
      "GET /healthz",
      "GET /readyz",
      "GET /metrics",
    ]);
  });
});
