/** What the index leaves in Redis, against the table of keys. */
import { type KeyName, keyOf, keyTable } from "@frontrow/lobby/redis/keys.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { afterAll, beforeAll, describe, expect, it, type TestContext, vi } from "vitest";
import { matchOf } from "../contract/lobby/matches.ts";
import { createWorld, report, shortLimits } from "../contract/lobby/world.ts";
import { adminOf } from "../support/redis-cluster.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const missing = redisMissing();
const METRO = "fra";
/** Nothing runs out while a test looks. */
const limits = {
  ...shortLimits,
  leaseMs: 10_000,
  seatHoldMs: 12_000,
  roomForgottenMs: 60_000,
  sessionForgottenMs: 60_000,
  reportKeptMs: 60_000,
};

describe.skipIf(missing)(missing ?? "keys in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  async function enter(t: TestContext) {
    const admin = await adminOf(redis);
    await admin.flushall();
    const lobby = createRedisLobby({ metro: METRO, limits, redis: redis.target });
    t.onTestFinished(async () => {
      admin.disconnect();
      await lobby.close();
    });
    await vi.waitUntil(() => lobby.healthy(), { timeout: 15_000, interval: 5 });
    const none = async () => {};
    const nowMs = () => performance.now();
    const under = {
      metro: METRO,
      limits,
      lobby: () => lobby,
      nowMs,
      wait: none,
      stop: none,
      stepBack: none,
      forget: none,
    };
    return { ...createWorld({ ...under, close: none }), admin, keys: () => admin.keys("*") };
  }
  const isNamed = (name: KeyName) => (key: string) =>
    name.endsWith(":") ? key.startsWith(keyOf(METRO, name)) : key === keyOf(METRO, name);

  it("[LB27] every key is one of the table, of its type, and but for the metro's record a lease", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const asked = w.wanted();
    const { roomId } = (await w.lobby().index.reserve(asked)) as { roomId: string };
    const own = await w.seat({ target: { kind: "new", mode: "arena", private: true }, code: "FRA-7K2M9QXD" });
    await w.lobby().index.reserve(asked);
    const sat = [{ ticket: asked.ticket, seat: 0 }];
    const rooms = [
      report(roomId, { wanted: [1], watch: { free: 1, listed: true } }),
      report(own.roomId, { private: true, code: own.code }),
    ];
    await server.beat({ rooms, sat });
    await w.lobby().sessions.claim("p", "o", 0);
    await server.beat({ sat: [{ ticket: "sat", seat: 0, player: "ada", match: true, roomId, generation: 1 }] });
    await w.lobby().replicas.claim({ replica: "one", seenEpoch: 0 });
    await w.lobby().leases.report({ match: "m:1", roomId, mode: "arena", ranks: undefined, left: [], players: [] });
    await w.seat(matchOf(w, "seats"));
    // Long ago for the index, so that it is sure of what it does not know.
    await w.admin.hset(keyOf(METRO, "meta"), "gapAt", 1);
    expect(await w.lobby().index.settle("m:none")).toEqual({ kind: "ABORTED" });
    const keys = await w.keys();
    const names = Object.keys(keyTable) as KeyName[];
    for (const key of keys) {
      const name = names.find((one) => isNamed(one)(key));
      expect(name, key).toBeDefined();
      expect(await w.admin.type(key), key).toBe(keyTable[name!].type);
      const leftMs = await w.admin.pttl(key);
      if (name === "meta") expect(leftMs).toBe(-1);
      else expect(leftMs, key).toBeGreaterThan(0);
      expect(leftMs, key).toBeLessThanOrEqual(2 * limits.roomForgottenMs);
    }
    // All of the table was met, but the channel, which is no key.
    expect(names.filter((name) => !keys.some(isNamed(name)))).toEqual(["superseded"]);
  });

  it("[LB27] of a room that is over, and of a ticket that is, nothing stays", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const before = (await w.keys()).sort();
    const tickets = [
      w.wanted(),
      w.wanted({ target: { kind: "new", mode: "arena", private: true }, code: "FRA-7K2M9QXD" }),
    ];
    const rooms: string[] = [];
    for (const asked of tickets) rooms.push(((await w.lobby().index.reserve(asked)) as { roomId: string }).roomId);
    await server.beat({ rooms: [report(rooms[0]!), report(rooms[1]!, { private: true, code: "FRA-7K2M9QXD" })] });
    await w.lobby().index.release(tickets[0]!.ticket);
    const seat = { ticket: tickets[1]!.ticket, seat: 0, player: "ada" };
    const match = await w.seat(matchOf(w, "one"));
    await server.beat({ rooms: [report(match.roomId, { match: true, wanted: [1, 1] })] });
    await w.lobby().index.release("m:one", [0]);
    await server.beat({ sat: [seat, { ticket: "m:one", seat: 1 }] });
    await server.beat({ left: [seat, { ticket: "m:one", seat: 1 }], gone: [...rooms, match.roomId] });
    expect((await w.keys()).sort()).toEqual(before);
  });
});
