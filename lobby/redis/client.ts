/**
 * An ioredis client with a profile that fails fast and recovers by itself: a command is either answered or fails within its
 * deadline, nothing is queued for a Redis that is away, and nothing is sent again behind our back (the one retry is ours).
 */
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { Cluster, Redis, type RedisOptions } from "ioredis";

export type RedisClient = Redis | Cluster;

/** A frozen server accepts connections and answers nothing: pending commands and no byte for so long end the socket. */
const SOCKET_SILENCE_MS = 1_000;
const CONNECT_MS = 2_000;
const RETRY_FIRST_MS = 25;
const RETRY_LAST_MS = 1_000;

/** Doubling, and jittered, so that the clients of a restarted Redis do not all come at once. */
function retryDelayMs(times: number): number {
  const ceiling = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(times, 10));
  return ceiling * (0.5 + Math.random() / 2);
}

export interface ClientScripts {
  readonly [name: string]: { readonly lua: string; readonly numberOfKeys: number };
}

export function createClient(target: RedisTarget, scripts: ClientScripts): RedisClient {
  const { username, password } = target;
  const options = {
    connectTimeout: CONNECT_MS,
    socketTimeout: SOCKET_SILENCE_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    // After a failover the old master is a replica: dial again, and be told where the new one is.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    retryStrategy: retryDelayMs,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(target.tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
  const copied = { ...scripts };
  if (target.kind === "cluster") {
    return new Cluster([...target.nodes], {
      scripts: copied,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryDelayMs,
      slotsRefreshTimeout: CONNECT_MS,
      redisOptions: options,
    });
  }
  const common = { ...options, db: target.db, scripts: copied };
  if (target.kind === "single") return new Redis({ ...common, ...target.nodes[0]! });
  return new Redis({
    ...common,
    sentinels: [...target.nodes],
    name: target.masterName,
    enableTLSForSentinelMode: target.tls,
    sentinelRetryStrategy: retryDelayMs,
    failoverDetector: true,
  });
}
