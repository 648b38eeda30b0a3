/**
 * The memory twin as the model of the Redis lobby: random questions to both, and the same answers, to the last field. Time is
 * virtual in both: over Redis the one include that reads the clock is replaced by one that reads a key, and the limits that
 * Redis itself counts (key expiry) are out of reach.
 */
import { once } from "node:events";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createClient, type RedisClient } from "@frontrow/lobby/redis/client.ts";
import { keyOf } from "@frontrow/lobby/redis/keys.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { readLua } from "@frontrow/lobby/redis/script-source.ts";
import { defaultLimits, type Limits } from "@frontrow/shared/limits.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createMirror } from "../support/lobby-mirror.ts";
import { anyStep, beatStep, METRO, ROOM, reservationStep, SAT, START_MS, type Step } from "../support/lobby-steps.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const missing = redisMissing();
const CLOCK = `{${METRO}}:virtual-now`;
const virtualClock = `local function now_ms() return tonumber(redis.call("GET", "${CLOCK}")) end`;

/** In virtual milliseconds. Pulses are further apart than a run lasts in real time. */
const limits: Limits = {
  ...defaultLimits,
  heartbeatMs: 1_000_000,
  leaseMs: 3_000_000,
  seatTokenMs: 4_000_000,
  seatHoldMs: 5_000_000,
  roomForgottenMs: 1e12,
  sessionForgottenMs: 1e12,
  redisCommandMs: 5_000,
  failingServerMs: 2_000_000,
  failingPlacementsMax: 2,
  reportRetryMs: 1_000_000,
  reportKeptMs: 1e12,
  reportsMax: 3,
};
/** Long enough without a gap that the index is sure of what it does not know. */
const QUIET_STEPS = Math.ceil((limits.seatHoldMs + limits.leaseMs) / limits.leaseMs);

/** What went wrong once. Two holds in one room, one of an earlier boot, settled together: over Redis both were told the first's. */
const regressions: Step[][] = [
  [
    { do: "register", server: "1", boot: 0, seatsMax: 8 },
    { do: "reserve", list: [reservationStep("ticket0")] },
    { do: "register", server: "1", boot: 1, seatsMax: 8 },
    {
      do: "beat",
      beat: { ...beatStep("1"), rooms: [ROOM], sat: [{ ...SAT, ticket: "ticket1" }] },
    },
    { do: "settle", list: ["ticket1", "ticket0"] },
  ],
];

/** A player sits in a match and is wanted for another one, before and after its result: random steps come there seldom. */
const playing: Step[] = [
  { do: "register", server: "1", boot: 0, seatsMax: 8 },
  { do: "reserve", list: [{ ...reservationStep("ticket0"), kind: "match" }] },
  {
    do: "beat",
    beat: { ...beatStep("1"), rooms: [ROOM], sat: [{ ...SAT, ticket: "ticket0", player: "ada", match: true }] },
  },
  ...[0, 1].flatMap((): Step[] => [
    { do: "seatOf", player: "ada" },
    { do: "playing" },
    { do: "reserve", list: [{ ...reservationStep("ticket1"), kind: "match", players: ["bob", "ada"] }] },
    { do: "report", ticket: "ticket0", room: 0, left: [] },
  ]),
];

/** A match that is placed again: random steps come there seldom. */
const refusedMatch: Step[] = [
  ...["1", "2"].flatMap((server): Step[] => [
    { do: "register", server, boot: 0, seatsMax: 8 },
    { do: "beat", beat: beatStep(server) },
  ]),
  { do: "reserve", list: [{ ...reservationStep("ticket0"), kind: "match", roster: "[]" }] },
  ...[false, true].map((refused): Step => {
    return { do: "replace", ticket: "ticket0", room: 0, own: true, refused, cut: false, avoid: [] };
  }),
];

describe.skipIf(missing)(missing ?? "with a redis-server", () => {
  let redis: RedisServer;
  let admin: RedisClient;
  beforeAll(async () => {
    redis = await startRedis();
    admin = createClient(redis.target, {});
    await once(admin, "ready");
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.close();
  });

  /** Every open room's place in the offer is its free seats, to the last one, whatever way they went and came back. */
  async function expectOffersToBeTrue() {
    const gap = await admin.hget(keyOf(METRO, "meta"), "gap");
    for (const key of await admin.keys(`${keyOf(METRO, "open:")}${gap}:*`)) {
      const offered = await admin.zrange(key, "0", "-1", "WITHSCORES");
      for (let i = 0; i < offered.length; i += 2) {
        const room = await admin.hgetall(`${keyOf(METRO, "room:")}${offered[i]}`);
        const free = Number(room.capacity) - Number(room.seated) - Number(room.held);
        expect(Math.floor(Number(offered[i + 1])), offered[i]).toBe(free);
      }
    }
  }

  /** All answers of one run, from both; fails at the first that differ. */
  async function run(steps: readonly Step[]): Promise<unknown[]> {
    let nowMs = START_MS;
    await admin.flushall();
    await admin.set(CLOCK, nowMs);
    const memory = createMemoryLobby({ metro: METRO, limits, nowMs: () => nowMs });
    const store = createRedisLobby({
      metro: METRO,
      limits,
      redis: redis.target,
      readLua: (name) => (name === "includes/now-ms" ? virtualClock : readLua(name)),
    });
    await vi.waitUntil(() => store.healthy(), { timeout: 15_000, interval: 1 });
    const mirror = createMirror();
    const pass = async (ms: number) => {
      nowMs += ms;
      await admin.set(CLOCK, nowMs);
    };
    const answers: unknown[] = [];
    try {
      for (const step of steps) {
        if (step.do === "time") {
          await pass(step.ms);
          continue;
        }
        if (step.do === "quiet") {
          for (let i = 0; i < QUIET_STEPS; i++) {
            await pass(limits.leaseMs);
            await Promise.all([memory, store].map(({ index }) => index.release("nobody's")));
          }
          continue;
        }
        const ask = mirror.questionOf(step);
        const [expected, actual] = await Promise.all([ask(memory), ask(store)]);
        expect(actual).toEqual(expected);
        mirror.learn(expected);
        answers.push(expected);
      }
      await expectOffersToBeTrue();
    } finally {
      await Promise.all([memory.close(), store.close()]);
    }
    return answers;
  }

  it("[LB25] random questions get the same answers from memory and from Redis", async () => {
    const kinds = new Map<string, number>();
    let placedAgain = 0;
    let seatedElsewhere = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 80, size: "max" }), async (steps) => {
        for (const answer of (await run(steps)).flat()) {
          const kind = typeof answer === "string" ? answer : (answer as { kind?: string } | undefined)?.kind;
          if (kind) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
          if (isPlacedAgain(answer)) placedAgain++;
          if (kind === "SEATED" && typeof answer === "object") seatedElsewhere++;
        }
      }),
      {
        examples: [...regressions, refusedMatch, playing].map((steps): [Step[]] => [steps]),
        numRuns: Number(process.env.MODEL_RUNS ?? 200),
        ...(process.env.MODEL_SEED ? { seed: Number(process.env.MODEL_SEED) } : {}),
      },
    );
    // Not vacuous: the runs went where it is interesting.
    const met = [...kinds.keys()];
    expect(met).toEqual(expect.arrayContaining(["RESERVED", "NO_SERVER", "PAUSED", "ROOM_FULL", "ROOM_GONE"]));
    expect(met).toEqual(expect.arrayContaining(["ROOM_LOCKED", "CODE_UNKNOWN", "CODE_TAKEN", "ALIVE", "STALE"]));
    expect(met).toEqual(expect.arrayContaining(["UNKNOWN_SERVER", "RELEASED", "SEATED", "GONE", "SITS"]));
    expect(met).toEqual(
      expect.arrayContaining(["EXPIRED", "ABORTED", "WAIT", "KEPT", "REPEATED", "DROPPED", "UNREFUSED"]),
    );
    expect([placedAgain, seatedElsewhere]).not.toContain(0);
    if (process.env.MODEL_RUNS) console.log(kinds, { placedAgain, seatedElsewhere });
  }, 60_000);
});

/** Only matches have a roster told with their seats; a first generation of one that asks is a new room's. */
const isPlacedAgain = (answer: unknown) => {
  const { kind, roster, generation } = (answer ?? {}) as { kind?: string; roster?: string; generation?: number };
  return kind === "RESERVED" && roster !== undefined && generation === 1;
};
