/**
 * From "play" to a signed seat, and back: ours through real sockets, an edge, a matchmaker and Redis, each a process; the peer is
 * what a studio would use instead, stock Colyseus. All run on one machine with the client, in turns of about a second, so that
 * what else the machine does meets everybody; of all turns each figure is the median.
 *
 * Ours verifies a signed-in player, its answer is a signed token, and a journey is complete only when the seat has been given
 * back; the peer's journey ends with its reservation.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../lib/median.ts";
import type { BenchCase } from "./bench.ts";
import { createGround, type Ground } from "./seat/ground.ts";
import { closedLoop, type Measured, openLoop } from "./seat/load.ts";
import { startEcho, startOurs } from "./seat/ours.ts";
import { startLocalPeer, startRedisPeer } from "./seat/peer.ts";

const IN_FLIGHT = 64;
const OPEN_PER_SECOND = 5_000;
const ROUNDS = 3;
/** How long a turn is, ms. A peer that answers a hundred times a second needs longer ones to have percentiles. */
const TURN_MS = 1_000;
const LONG_TURN_MS = 2_500;
/** Until the compiler has settled: a process that has just started takes twice as long for a journey. */
const WARM_UP_MS = 10_000;
/** Until the peers' last reservations have run out and their rooms are gone. */
const PAUSE_MS = 2_000;

type Turn = () => Promise<Measured>;
interface Contest {
  readonly name: string;
  readonly ours: string;
  readonly peer?: { readonly turn: string; readonly name: string };
  readonly limit: string;
}

const LOCAL = "Colyseus joinOrCreate, local driver";
const REDIS = "Colyseus joinOrCreate, Redis driver, 10,000 rooms";
const contests: readonly Contest[] = [
  {
    name: "seat vs colyseus local, 1 in flight",
    ours: "ours 1",
    peer: { turn: "local 1", name: LOCAL },
    limit: "echo 1",
  },
  {
    name: `seat vs colyseus local, ${IN_FLIGHT} in flight`,
    ours: "ours n",
    peer: { turn: "local n", name: LOCAL },
    limit: "echo n",
  },
  {
    name: "seat vs colyseus redis 10k, 1 in flight",
    ours: "ours 1",
    peer: { turn: "redis 1", name: REDIS },
    limit: "echo 1",
  },
  {
    name: `seat vs colyseus redis 10k, ${IN_FLIGHT} in flight`,
    ours: "ours n",
    peer: { turn: "redis n", name: REDIS },
    limit: "echo n",
  },
  { name: `seat at ${OPEN_PER_SECOND}/s`, ours: "ours open", limit: "echo open" },
];

interface Turns {
  /** One journey in flight at a time; processes run where the kernel puts them. */
  readonly single: Record<string, Turn>;
  /** Many; processes are spread. */
  readonly many: Record<string, Turn>;
  warmUp(): Promise<void>;
}

async function startAll(ground: Ground): Promise<Turns> {
  const ours = await startOurs(IN_FLIGHT, ground);
  const echo = await startEcho(ours.port, IN_FLIGHT, ground);
  const local = await startLocalPeer(IN_FLIGHT, ground);
  const redis = await startRedisPeer(IN_FLIGHT, ground);
  const one = <T>(all: readonly T[]) => all.slice(0, 1);
  // The peer over Redis comes last, and a pause after it: it has things left to do for a while.
  return {
    single: {
      "ours 1": () => closedLoop(one(ours.players), TURN_MS),
      "echo 1": () => closedLoop(one(echo.players), TURN_MS / 2),
      "local 1": () => closedLoop(one(local), TURN_MS),
      "redis 1": () => closedLoop(one(redis), LONG_TURN_MS),
    },
    many: {
      "ours n": () => closedLoop(ours.players, TURN_MS),
      "echo n": () => closedLoop(echo.players, TURN_MS / 2),
      "ours open": () => openLoop(ours.players, OPEN_PER_SECOND, TURN_MS * 2),
      "echo open": () => openLoop(echo.players, OPEN_PER_SECOND, TURN_MS / 2),
      "local n": () => closedLoop(local, TURN_MS),
      "redis n": () => closedLoop(redis, LONG_TURN_MS),
    },
    async warmUp() {
      await closedLoop(ours.players, WARM_UP_MS);
      await closedLoop(echo.players, WARM_UP_MS / 4);
      await closedLoop(local, WARM_UP_MS / 2);
      await closedLoop(one(redis), TURN_MS);
    },
  };
}

async function takeTurns(ground: Ground): Promise<Record<string, Measured[]>> {
  const { single, many, warmUp } = await startAll(ground);
  ground.spread(true);
  await warmUp();
  const measured: Record<string, Measured[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const turns of [single, many]) {
      ground.spread(turns === many);
      await sleep(PAUSE_MS / 2);
      for (const [turn, take] of Object.entries(turns)) {
        measured[turn] ??= [];
        measured[turn].push(await take());
      }
    }
    await sleep(PAUSE_MS / 2);
  }
  return measured;
}

const METRICS = [
  { metric: "p50_ms", unit: "ms", digits: 3 },
  { metric: "p99_ms", unit: "ms", digits: 3 },
  { metric: "rate", unit: "/s", digits: 0 },
] as const;

/** Three figures a contest; the ratio says how many times better ours is. */
function casesOf({ name, ours, peer, limit }: Contest, measured: Record<string, Measured[]>): BenchCase[] {
  return METRICS.map(({ metric, unit, digits }) => {
    const of = (turn: string) => Number(median(measured[turn]!.map((one) => one[metric])).toFixed(digits));
    const [mine, theirs] = [of(ours), peer ? of(peer.turn) : null];
    const better = metric === "rate" ? [mine, theirs] : [theirs, mine];
    const ratio = theirs === null ? null : Number((better[0]! / better[1]!).toFixed(1));
    return { name, metric, unit, ours: mine, peer: theirs, peerName: peer?.name ?? null, limit: of(limit), ratio };
  });
}

export const name = "seat";

export async function run(): Promise<BenchCase[]> {
  const ground = createGround();
  try {
    const measured = await takeTurns(ground);
    const lost = Object.entries(measured).filter(
      ([turn, all]) => turn.startsWith("ours") && all.some(({ failed }) => failed > 0),
    );
    if (lost.length > 0) throw new Error(`journeys failed in ${lost.map(([turn]) => turn).join(", ")}`);
    return contests.flatMap((contest) => casesOf(contest, measured));
  } finally {
    await ground.clear();
  }
}
