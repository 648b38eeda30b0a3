/** The lobby index that a process uses: Redis where it is named, else this process's memory. */
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Logger } from "../log.ts";

export function lobbyOf(metro: string, redis: RedisTarget | undefined, limits: Limits, log: Logger): Lobby {
  if (!redis) return createMemoryLobby({ metro, limits });
  return createRedisLobby({
    metro,
    limits,
    redis,
    onHealth: ({ healthy, reason }) =>
      healthy ? log.info({ metro }, "the lobby index answers") : log.warn({ metro, reason }, "the lobby index is away"),
  });
}
