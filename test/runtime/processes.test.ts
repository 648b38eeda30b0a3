/**
 * A deployment: two metros (matchmaker and game server each), two edges, Redis, each a process of its own with
 * NODE_ENV=production and keys fresh from `frontrow keys`. Tests go from the first player to what an operator does at night, and
 * leave everything running again for the next one.
 */
import { Client } from "@colyseus/sdk";
import { createClient, type FrontrowClient, type Played, type PlayResult } from "@frontrow/client";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { makeLinkHello } from "@frontrow/shared/identity/link-hello.ts";
import { encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type FrontrowProcess, runFrontrow, startFrontrow } from "../support/frontrow.ts";
import { ORIGIN, type Production, production } from "../support/production.ts";
import { freePort, type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const CONFIG = new URL("../../cli/arena/frontrow.config.ts", import.meta.url).pathname;
const SOON = { timeout: 10_000, interval: 50 };
/** For what an address may ask 20 times a second, and a player twice. */
const ASKED = { timeout: 10_000, interval: 500 };
const missing = redisMissing();

describe.skipIf(missing)(missing ?? "separate processes in production", () => {
  let redis: RedisServer;
  let made: Production;
  let game: DelayProxy;
  const up: Record<"fra" | "ams" | "fra-1" | "ams-1" | "edge-1" | "edge-2", FrontrowProcess> = {} as never;
  const clients: FrontrowClient<unknown>[] = [];
  const joined: Played<unknown>[] = [];

  beforeAll(async () => {
    for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
    redis = await startRedis();
    made = await production(["fra", "ams"], { FRONTROW_CONFIG: CONFIG, REDIS_URL: redis.url });
    const gamePort = await freePort();
    // Players of Frankfurt come to its game server through a proxy under a path, as in many a data centre.
    game = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: gamePort }, roundTripMs: 0 });
    const amsPort = await freePort();
    const started = await Promise.all([
      startFrontrow("matchmaker", { env: made.matchmaker("fra") }),
      startFrontrow("matchmaker", { env: made.matchmaker("ams") }),
      startFrontrow("game-server", {
        env: { ...made.gameServer("fra", "1", `ws://127.0.0.1:${game.port}/gs-7`), PORT: `${gamePort}` },
      }),
      startFrontrow("game-server", {
        env: { ...made.gameServer("ams", "1", `ws://127.0.0.1:${amsPort}`), PORT: `${amsPort}` },
      }),
    ]);
    [up.fra, up.ams, up["fra-1"], up["ams-1"]] = started;
    // Amsterdam is 30 ms further than Frankfurt, or their order would be chance.
    const far = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: up.ams.port }, roundTripMs: 30 });
    closing.push(far);
    const metros = { fra: `ws://127.0.0.1:${up.fra.port}`, ams: `ws://127.0.0.1:${far.port}` };
    [up["edge-1"], up["edge-2"]] = await Promise.all([
      startFrontrow("edge", { env: made.edge("edge-1", metros) }),
      startFrontrow("edge", { env: made.edge("edge-2", metros) }),
    ]);
    await ready("edge-1");
    await ready("edge-2");
  }, 90_000);
  const closing: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    game.stall(false);
    await Promise.all(joined.splice(0).map(({ room }) => room.connection.isOpen && room.leave()));
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await Promise.all(Object.values(up).map((each) => each.end("SIGKILL")));
    await Promise.all([game, redis, ...closing].map((each) => each?.close()));
  });

  async function clientOf(player: string, edge: "edge-1" | "edge-2" = "edge-1") {
    const client = createClient({ url: up[edge].url, jwt: await made.tokenOf(player) });
    clients.push(client);
    return client;
  }
  async function seated(playing: Promise<PlayResult>): Promise<Played<unknown>> {
    const played = await playing;
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    joined.push(played);
    return played;
  }
  const readiness = async (name: keyof typeof up) => {
    const reply = await fetch(`${up[name].adminUrl}/readyz`);
    return { status: reply.status, ...(await reply.json()) };
  };
  const ready = (name: keyof typeof up) =>
    vi.waitFor(async () => expect(await readiness(name)).toMatchObject({ status: 200, failed: [] }), SOON);
  const answersIn = (played: Played<unknown>) => new Promise((resolve) => played.room.ping(resolve));

  describe("players", () => {
    it("[OP1] a player with a token is seated in the nearest metro, at the game server's public address", async () => {
      const player = await clientOf("ada");
      await vi.waitFor(async () => {
        const { why } = await seated(player.play("arena"));
        expect(why.join(" ")).toMatch(/fra: .*, chosen\. ams: /);
      }, ASKED);
      const played = await seated(player.create("arena", { private: true }));
      expect(played).toMatchObject({ metro: "fra", playerId: "ada", code: expect.stringMatching(/^FRA-/) });
      expect(played.room.connection.url).toMatch(new RegExp(`^ws://127\\.0\\.0\\.1:${game.port}/gs-7/[\\w-]+/fra_1_`));
      const friend = await clientOf("ben", "edge-2");
      expect((await seated(friend.join({ code: played.code! }))).roomId).toBe(played.roomId);
    });

    it("[OP1] the stock SDK does as well, and measures its edge", async () => {
      const sdk = new Client(up["edge-2"].url);
      sdk.auth.token = await made.tokenOf("cleo");
      const room = await sdk.joinOrCreate("arena");
      expect(room.roomId).toMatch(/^fra_1_/);
      expect(await sdk.getLatency()).toBeGreaterThanOrEqual(0);
      await room.leave();
    });

    it("[OP2] a guest is refused, at the socket and over HTTP", async () => {
      const guest = createClient({ url: up["edge-1"].url });
      expect(await guest.play("arena")).toMatchObject({ ok: false, code: "AUTH_REQUIRED", retryable: false });
      guest.close();
      const reply = await fetch(`${up["edge-1"].url}/matchmake/joinOrCreate/arena`, { method: "POST" });
      expect([reply.status, (await reply.json()).code]).toEqual([401, "AUTH_REQUIRED"]);
    });

    it("[OP2] a page of another origin is refused, one that is listed may connect and read the answers", async () => {
      const rooms = `${up["edge-1"].url}/v1/rooms?mode=arena`;
      const from = (origin: string, method = "GET") => fetch(rooms, { method, headers: { origin } });
      const stranger = await from("https://evil.example.com");
      expect([stranger.status, (await stranger.json()).code]).toEqual([403, "ORIGIN_FORBIDDEN"]);
      expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
      expect((await from("https://evil.example.com", "OPTIONS")).status).toBe(403);
      const listed = await from(ORIGIN, "OPTIONS");
      expect([listed.status, listed.headers.get("access-control-allow-origin")]).toEqual([204, ORIGIN]);
      expect((await from(ORIGIN)).status).toBe(200);
      expect(await upgradeStatus(up["edge-1"].port, "https://evil.example.com")).toBe(403);
      expect(await upgradeStatus(up["edge-1"].port, ORIGIN)).toBe(101);
    });

    it("[OP2] a link without a signature is refused, and the operator reads why", async () => {
      const closed = await new Promise((resolve) => {
        const link = new WebSocket(`ws://127.0.0.1:${up.fra.port}/v1/link`);
        const unsigned = makeLinkHello("edge-1", "", Date.now(), undefined);
        link.once("message", () => link.send(encodeMsgpack([unsigned])));
        link.once("close", (code) => resolve(code));
      });
      expect(closed).toBe(4364);
      await vi.waitFor(() => expect(up.fra.said()).toMatch(/"why":"its key is not in the list of peers"/), SOON);
    });

    it("[OP3] the newest session of a player wins, also on another edge, and the older is told", async () => {
      const older = await rawSession(up["edge-1"].port, await made.tokenOf("dora"));
      const newer = await rawSession(up["edge-2"].port, await made.tokenOf("dora"));
      expect(await older.closed).toEqual({ code: 4315, last: expect.objectContaining({ code: "SUPERSEDED" }) });
      newer.socket.close();
      expect((await newer.closed).code).toBe(1005);
    });
  });

  describe("operators", () => {
    it("[OP4] a wrong configuration does not start, and everything that is wrong is said at once", async () => {
      const { link, issuer, fleet } = devKeys;
      const env = {
        NODE_ENV: "production",
        FRONTROW_CONFIG: CONFIG,
        FRONTROW_METRO: "fra",
        FRONTROW_LINK_KEY: link.privateText,
        FRONTROW_LINK_PEERS: link.publicKey,
        FRONTROW_FLEET_KEYS: fleet.publicKey,
        FRONTROW_ISSUER_KEY: issuer.privateText,
        FRONTROW_GUESTS: "yes",
      };
      const { code, said } = await runFrontrow("matchmaker", { env });
      expect(code).toBe(78);
      expect(said).toMatch(/^frontrow: REDIS_URL is missing: /m);
      for (const name of ["LINK_KEY", "LINK_PEERS", "FLEET_KEYS", "ISSUER_KEY"]) {
        expect(said).toContain(`frontrow: FRONTROW_${name} holds the development key`);
      }
      expect(said).toMatch(/^frontrow: FRONTROW_GUESTS=yes is refused/m);
      expect(said).toMatch(/^frontrow: FRONTROW_JWKS_URL or FRONTROW_JWT_KEY is missing/m);
      expect(said).not.toContain(link.privateText);
    });

    it("[OP5] metrics have their names, and no label that a client chose", async () => {
      const player = await clientOf("evelyn-77");
      await player.play('x"} 1\nevil{mode="' as "arena");
      await player.play("arean" as "arena");
      await seated(player.play("arena"));
      const metricsOf = async (name: keyof typeof up) => (await fetch(`${up[name].adminUrl}/metrics`)).text();
      // Gauges are read off once a second.
      await vi.waitFor(
        async () => expect(await metricsOf("edge-1")).toMatch(/_link_up\{to="ams",process="edge"\} 1$/m),
        SOON,
      );
      const edge = await metricsOf("edge-1");
      expect(edge).toMatch(/^frontrow_edge_tickets_total\{mode="arena",outcome="seat",process="edge"\} \d+$/m);
      expect(edge).toMatch(/^frontrow_edge_refusals_total\{code="UNKNOWN_MODE",process="edge"\} 1$/m);
      expect(edge).not.toMatch(/arean|evil/);
      expect(await metricsOf("fra")).toMatch(
        /^frontrow_matchmaker_reservations_total\{mode="arena",outcome="seat",process="matchmaker",metro="fra"\} \d+$/m,
      );
      expect(await metricsOf("fra")).toMatch(/^frontrow_matchmaker_superseded_total\{[^}]*\} [1-9]/m);
      expect(await metricsOf("fra-1")).toMatch(
        /^frontrow_game_server_admissions_total\{outcome="sat",process="game-server",metro="fra"\} \d+$/m,
      );
      for (const name of ["edge-1", "fra", "fra-1"] as const)
        expect(await metricsOf(name)).not.toMatch(/evelyn|fra_1_/);
    });

    it("[OP6] a matchmaker that restarts is linked again by itself; meanwhile players go to the next metro", async () => {
      const player = await clientOf("finn");
      expect(await up.fra.end()).toBe(0);
      const elsewhere = await seated(player.play("arena"));
      expect(elsewhere.metro).toBe("ams");
      expect(elsewhere.why).toContain("fra is not connected.");
      up.fra = await up.fra.again();
      await vi.waitFor(async () => {
        expect((await seated((await clientOf("gil")).play("arena"))).metro).toBe("fra");
      }, ASKED);
    });

    it("[OP7] while Redis is away /readyz says which check fails, and running rooms do not notice", async () => {
      const playing = await seated((await clientOf("hal")).play("arena"));
      const left = vi.fn();
      playing.room.onLeave(left);
      playing.room.onDrop(left);
      await redis.kill();
      for (const [name, check] of [
        ["fra", "redis"],
        ["fra-1", "lease"],
      ] as const) {
        await vi.waitFor(
          async () => expect(await readiness(name)).toMatchObject({ status: 503, ok: false, failed: [check] }),
          SOON,
        );
      }
      expect((await fetch(`${up.fra.adminUrl}/healthz`)).status).toBe(200);
      expect(await (await clientOf("ida")).play("arena")).toMatchObject({ code: "INDEX_AWAY", retryable: true });
      await answersIn(playing);
      await redis.start();
      await seated((await clientOf("ida")).play("arena"));
      for (const name of ["fra", "fra-1"] as const) await ready(name);
      await answersIn(playing);
      expect(left).not.toHaveBeenCalled();
    });

    it("[OP7] a Redis that lost everything is filled again by heartbeats", async () => {
      const playing = await seated((await clientOf("hal")).play("arena"));
      await flush(redis.port);
      await seated((await clientOf("joe")).play("arena"));
      await vi.waitFor(async () => {
        const { rooms } = await (await clientOf("joe")).rooms("arena");
        expect(rooms.map(({ roomId }) => roomId)).toContain(playing.roomId);
      }, ASKED);
      await answersIn(playing);
    });

    it("[CL6] a game server that is killed between seat and join costs one more try, not the player", async () => {
      game.stall(true);
      const states: string[] = [];
      const playing = (await clientOf("kim")).play("arena", { onState: ({ state }) => states.push(state) });
      await vi.waitFor(() => expect(states).toContain("joining"), SOON);
      await up["fra-1"].end("SIGKILL");
      up["fra-1"] = await up["fra-1"].again();
      await ready("fra-1");
      game.cut();
      game.stall(false);
      const played = await seated(playing);
      expect(played.metro).toBe("fra");
      expect(states.filter((state) => state === "joining")).toHaveLength(2);
    });

    // Last: nothing is left to play with.
    it("[OP8] SIGTERM ends each process with 0 within seconds, with players in it", async () => {
      const playing = await seated((await clientOf("lea")).play("arena"));
      const left = new Promise<number>((resolve) => playing.room.onLeave((code) => resolve(code)));
      const session = await rawSession(up["edge-1"].port, await made.tokenOf("mia"));
      const startedMs = performance.now();
      const codes = await Promise.all(Object.values(up).map((each) => each.end()));
      expect(codes).toEqual(Array(6).fill(0));
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(await left).toBe(errorCatalogue.SERVER_LEFT.close);
      expect((await session.closed).code).toBe(1001);
      for (const each of Object.values(up)) expect(each.said()).not.toMatch(/"level":"(error|fatal)"/);
    });
  });
});

/** What an upgrade of the players' socket is answered with. */
function upgradeStatus(port: number, origin: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ["frontrow.v1.json"], { origin });
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.once("upgrade", (response) => resolve(response.statusCode ?? 0));
    socket.once("open", () => socket.close());
    socket.on("error", () => {});
  });
}

/** A greeted session that hears how it ends; our client would open a new one by itself. */
async function rawSession(port: number, jwt: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ["frontrow.v1.json"]);
  let last: { t: string } | undefined;
  const greeted = new Promise<void>((resolve) => {
    socket.on("message", (text) => {
      last = JSON.parse(`${text}`);
      if (last?.t === "welcome") resolve();
    });
  });
  const closed = new Promise<{ code: number; last: unknown }>((resolve) =>
    socket.once("close", (code) => resolve({ code, last })),
  );
  socket.once("open", () => socket.send(JSON.stringify({ t: "hello", v: 1, jwt })));
  await greeted;
  return { socket, closed };
}

async function flush(port: number): Promise<void> {
  const { Redis } = await import("ioredis");
  const admin = new Redis(port, "127.0.0.1");
  await admin.flushall();
  admin.disconnect();
}
