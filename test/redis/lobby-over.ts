/** A lobby over a Redis of the test's own, for those that break the one under the other. */
import type { Health } from "@frontrow/lobby/redis/gate.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import type { ReadLua } from "@frontrow/lobby/redis/script-source.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { type TestContext, vi } from "vitest";
import { createWorld, shortLimits } from "../contract/lobby/world.ts";
import { type RedisServer, startRedis } from "../support/redis-server.ts";

export const METRO = "fra";
export const soon = { timeout: 10_000, interval: 10 };
export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A lobby over the Redis, in a world that is closed when the test has ended; `readLua` may give it another clock. */
export async function enter(t: TestContext, redis: RedisTarget, over: Partial<Limits> = {}, readLua?: ReadLua) {
  const limits = { ...shortLimits, ...over };
  const health: Health[] = [];
  const lobby = createRedisLobby({ metro: METRO, limits, redis, onHealth: (state) => health.push(state), readLua });
  t.onTestFinished(() => lobby.close());
  const none = async () => {};
  const under = {
    metro: METRO,
    limits,
    lobby: () => lobby,
    nowMs: () => performance.now(),
    wait: sleep,
    stop: none,
    stepBack: none,
    forget: none,
    close: none,
  };
  const world = createWorld(under);
  return { ...world, lobby, health, healthy: () => vi.waitUntil(() => lobby.healthy(), soon) };
}

/** A Redis that ends with the test. */
export async function redisOf(t: TestContext, args: readonly string[] = []): Promise<RedisServer> {
  const redis = await startRedis(args);
  t.onTestFinished(() => redis.close());
  return redis;
}
