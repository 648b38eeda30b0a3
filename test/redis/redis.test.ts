/** The lobby contract over one Redis, in real time; each case in a metro of its own. */
import { once } from "node:events";
import { createClient, type RedisClient } from "@frontrow/lobby/redis/client.ts";
import { keyOf } from "@frontrow/lobby/redis/keys.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { lobbyContract } from "../contract/lobby.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const missing = redisMissing();

describe.skipIf(missing)(missing ?? "with a redis-server", () => {
  let redis: RedisServer;
  let admin: RedisClient;
  let metros = 0;
  beforeAll(async () => {
    redis = await startRedis();
    admin = createClient(redis.target, {});
    await once(admin, "ready");
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.close();
  });

  lobbyContract("the lobby over Redis", async (limits) => {
    const metro = `test${letters(metros++)}`;
    const lobby = createRedisLobby({ metro, limits, redis: redis.target });
    await vi.waitUntil(() => lobby.healthy(), { timeout: 15_000, interval: 5 });
    const meta = keyOf(metro, "meta");
    const shiftClock = async (ms: number) => {
      // The index's memory of the time is moved, not the time: what it sees is the same.
      const clockMs = Number(await admin.hget(meta, "clock"));
      await admin.hset(meta, "clock", clockMs + ms);
    };
    return {
      metro,
      limits,
      lobby: () => lobby,
      nowMs: () => performance.now(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      stop: () => shiftClock(-limits.leaseMs - 1),
      stepBack: () => shiftClock(60_000),
      async forget() {
        await admin.del(await admin.keys(`{${metro}}:*`));
      },
      close: () => lobby.close(),
    };
  });
});

const letters = (n: number) => String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26));
