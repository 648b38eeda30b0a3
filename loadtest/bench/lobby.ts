/**
 * Reserving a seat in the lobby index over Redis, on one machine with it: what `createRedisLobby` does, group commit, idempotency,
 * pauses and the checking of every reply included. The first cases show that the number of open rooms does not matter; the
 * last one how many reservations a second one matchmaker gets out of one Redis. The limit is a bare PING, as many in flight.
 *
 * There is no peer column: the `seat` bench holds the whole way to a seat against what a studio would pick instead.
 */
import { createClient } from "@frontrow/lobby/redis/client.ts";
import { parseRedisUrl, type RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { defaultLimits, type Limits } from "@frontrow/shared/limits.ts";
import { startRedis } from "frontrow/dev/redis-child.ts";
import { median } from "../lib/median.ts";
import type { BenchCase } from "./bench.ts";
import { startMetro } from "./lobby/metro.ts";
import { closedLoop, type Measured, type Seeker } from "./seat/load.ts";

const IN_FLIGHT = 64;
/** Enough that two full batches are always under way. */
const MANY_IN_FLIGHT = 256;
const ROUNDS = 9;
const TURN_MS = 400;
const WARM_UP_MS = 1_500;

/** Leases and holds outlive the bench: it measures reservations, and nobody beats. A stall of the machine is a p99, no error. */
const limits: Limits = {
  ...defaultLimits,
  leaseMs: 600_000,
  seatHoldMs: 900_000,
  roomForgottenMs: 1_800_000,
  redisCommandMs: 5_000,
};

const contests = [
  { name: "reserve 1k rooms", metro: "aaa", rooms: 1_000, inFlight: IN_FLIGHT },
  { name: "reserve 10k rooms", metro: "bbb", rooms: 10_000, inFlight: IN_FLIGHT },
  { name: "reserve 100k rooms", metro: "ccc", rooms: 100_000, inFlight: IN_FLIGHT },
  { name: "reserve group-committed", metro: "ddd", rooms: 10_000, inFlight: MANY_IN_FLIGHT },
] as const;

interface Contestant {
  readonly seekers: readonly Seeker[];
  readonly measured: Measured[];
  giveBack(): Promise<void>;
}

async function startPing(redis: RedisTarget, inFlight: number) {
  const client = createClient(redis, {});
  await new Promise((resolve) => client.once("ready", resolve));
  const journey: Seeker["journey"] = (seated, ended) => {
    client.ping().then(
      () => {
        seated();
        ended(true);
      },
      () => ended(false),
    );
  };
  return {
    seekers: Array.from({ length: inFlight }, () => ({ journey })),
    measured: [] as Measured[],
    giveBack: async () => {},
    stop: async () => client.disconnect(),
  };
}

const METRICS = [
  { metric: "p50_ms", unit: "ms", digits: 3 },
  { metric: "p99_ms", unit: "ms", digits: 3 },
  { metric: "rate", unit: "/s", digits: 0 },
] as const;

function casesOf(name: string, ours: readonly Measured[], ping: readonly Measured[]): BenchCase[] {
  return METRICS.map(({ metric, unit, digits }) => {
    const of = (all: readonly Measured[]) => Number(median(all.map((one) => one[metric])).toFixed(digits));
    return { name, metric, unit, ours: of(ours), peer: null, peerName: null, limit: of(ping), ratio: null };
  });
}

export const name = "lobby";

export async function run(): Promise<BenchCase[]> {
  const server = await startRedis();
  const redis = parseRedisUrl(server.url) as RedisTarget;
  const started: { stop(): Promise<void> }[] = [server];
  try {
    const ours: Contestant[] = [];
    for (const contest of contests) {
      const metro = await startMetro({ ...contest, limits, redis });
      started.unshift(metro);
      ours.push({ ...metro, measured: [] });
    }
    const [few, many] = [await startPing(redis, IN_FLIGHT), await startPing(redis, MANY_IN_FLIGHT)];
    started.unshift(few, many);
    const all: Contestant[] = [...ours, few, many];
    for (const { seekers, giveBack } of all) {
      await closedLoop(seekers, WARM_UP_MS / all.length);
      await giveBack();
    }
    // In turns, and another one first each time, so that what else the machine does meets everybody; each figure is the
    // median of all turns.
    for (let round = 0; round < ROUNDS; round++) {
      const first = round % all.length;
      for (const { seekers, measured, giveBack } of [...all.slice(first), ...all.slice(0, first)]) {
        measured.push(await closedLoop(seekers, TURN_MS));
        await giveBack();
      }
    }
    const failed = contests.filter((_, i) => ours[i]!.measured.some((one) => one.failed > 0));
    if (failed.length > 0) throw new Error(`reservations failed in ${failed.map((one) => one.name).join(", ")}`);
    return contests.flatMap(({ name, inFlight }, i) =>
      casesOf(name, ours[i]!.measured, inFlight === IN_FLIGHT ? few.measured : many.measured),
    );
  } finally {
    for (const { stop } of started) await stop();
  }
}
