/**
 * Players over https and wss: with certificates in the process, and behind Caddy as `infra/caddy/Caddyfile` documents it. The
 * test process trusts the tests' own certificate, as a browser trusts a real one; nothing is left unverified.
 */
import { readFileSync } from "node:fs";
import tls from "node:tls";
import { Client } from "@colyseus/sdk";
import { createClient } from "@frontrow/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type Caddy, caddyMissing, startCaddy } from "../support/caddy.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { freePort, type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";
import { testTls } from "../support/sockets.ts";

const CONFIG = new URL("../../cli/arena/frontrow.config.ts", import.meta.url).pathname;

beforeAll(() => {
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
  const own = readFileSync(testTls.certFile, "utf8");
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), own]);
});

async function playsAt(url: string) {
  const ours = createClient({ url });
  const played = await ours.play("arena", { options: { name: "Ours" } });
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  const stock = await new Client(url).joinById<{ ships: Map<string, { name: string }> }>(played.roomId, {
    name: "Stock",
  });
  await vi.waitFor(() =>
    expect([...stock.state.ships.values()].map(({ name }) => name).sort()).toEqual(["Ours", "Stock"]),
  );
  const dialled = [played.room.connection.url, stock.connection.url];
  const reply = await fetch(`${url}/v1/rooms?mode=arena`);
  expect(reply.status).toBe(200);
  expect(await new Client(url).getLatency()).toBeGreaterThanOrEqual(0);
  await Promise.all([played.room.leave(), stock.leave()]);
  ours.close();
  return dialled;
}

describe("certificates in the process", () => {
  let dev: FrontrowProcess;
  beforeAll(async () => {
    const env = { FRONTROW_TLS_CERT: testTls.certFile, FRONTROW_TLS_KEY: testTls.keyFile };
    dev = await startFrontrow("dev", { env });
  });
  afterAll(() => dev?.end());

  it("[OP10] edge and game server speak https and wss, to our client and to the stock SDK", async () => {
    expect(dev.said()).toContain(`open https://localhost:${dev.port}`);
    for (const url of await playsAt(`https://localhost:${dev.port}`)) {
      expect(url).toMatch(new RegExp(`^wss://localhost:${dev.port}/`));
    }
  });

  it("[OP10] a port with a certificate takes nothing unencrypted", async () => {
    await expect(fetch(`http://localhost:${dev.port}/v1/rooms?mode=arena`)).rejects.toThrow();
    const plain = createClient({ url: `http://localhost:${dev.port}` });
    expect(await plain.play("arena")).toMatchObject({ ok: false, code: "EDGE_UNREACHABLE" });
  });
});

const missing = redisMissing() ?? caddyMissing();
describe.skipIf(missing)(missing ?? "behind Caddy", () => {
  let redis: RedisServer;
  let caddy: Caddy;
  let started: FrontrowProcess[] = [];
  let edge: FrontrowProcess;

  beforeAll(async () => {
    redis = await startRedis();
    const common = { FRONTROW_CONFIG: CONFIG, REDIS_URL: redis.url, FRONTROW_TRUSTED_PROXIES: "127.0.0.1" };
    const port = await freePort();
    const [matchmaker, game] = await Promise.all([
      startFrontrow("matchmaker", { env: common }),
      startFrontrow("game-server", { env: { ...common, FRONTROW_PUBLIC_URL: `wss://localhost:${port}/gs-1` } }),
    ]);
    const metros = `local=ws://127.0.0.1:${matchmaker.port}`;
    // On every address of loopback, so that clients can come by without the proxy, from an address that is not its own.
    edge = await startFrontrow("edge", { env: { ...common, FRONTROW_METROS: metros, HOST: "0.0.0.0" } });
    started = [matchmaker, game, edge];
    caddy = await startCaddy(port, { edge: edge.port, game: game.port });
    await vi.waitFor(async () => expect((await fetch(`${edge.adminUrl}/readyz`)).status).toBe(200), {
      timeout: 10_000,
    });
  }, 90_000);
  afterAll(async () => {
    await caddy?.close();
    await Promise.all(started.map((each) => each.end()));
    await redis?.close();
  });

  it("[OP11] players reach the edge, and their game server under its path, over one name", async () => {
    for (const url of await playsAt(caddy.url)) {
      expect(url).toMatch(new RegExp(`^wss://localhost:${caddy.port}/gs-1/[\\w-]+/local_`));
    }
  });

  /** How the twelve tries of one connection with wrong codes end; ten a minute are allowed to an address. */
  async function triesOf(url: string, from: string, forwardedFor?: string): Promise<string[]> {
    const headers = forwardedFor ? { "x-forwarded-for": forwardedFor } : {};
    const socket = new WebSocket(`${url}/v1/ws`, ["frontrow.v1.json"], { localAddress: from, family: 4, headers });
    const outcomes: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        const id = `t${outcomes.length}`;
        socket.send(JSON.stringify({ t: "join", id, room: { code: "LOCAL-00000000" } }));
      };
      socket.on("error", reject);
      socket.on("open", () => socket.send(JSON.stringify({ t: "hello", v: 1 })));
      socket.on("message", (text) => {
        const message = JSON.parse(`${text}`);
        if (message.t === "error") outcomes.push(message.code);
        if (outcomes.length === 12) resolve();
        else if (message.t === "error" || message.t === "welcome") next();
      });
    });
    socket.close();
    return outcomes;
  }
  const ALLOWED = [...Array(10).fill("CODE_UNKNOWN"), "RATE_LIMITED", "RATE_LIMITED"];

  it("[OP12] behind the named proxy each address has its own allowance, whatever it claims to be forwarded from", async () => {
    const url = `wss://localhost:${caddy.port}`;
    expect(await triesOf(url, "127.0.0.21")).toEqual(ALLOWED);
    expect(await triesOf(url, "127.0.0.22")).toEqual(ALLOWED);
    expect(await triesOf(url, "127.0.0.22", "198.51.100.7")).toEqual(Array(12).fill("RATE_LIMITED"));
  });

  it("[OP12] past the proxy nobody's X-Forwarded-For is believed", async () => {
    const url = `ws://127.0.0.1:${edge.port}`;
    expect(await triesOf(url, "127.0.0.31", "198.51.100.1")).toEqual(ALLOWED);
    expect(await triesOf(url, "127.0.0.31", "198.51.100.2")).toEqual(Array(12).fill("RATE_LIMITED"));
  });
});
