/**
 * From "play" to a signed seat, and back: ours through real sockets, an edge, a matchmaker and Redis, each a process; the peer is
 * what a studio would use instead, stock Colyseus. All run on one machine with the client, in turns of about a second, so that
 * what else the machine does meets everybody; of all turns each figure is the median.
 *
 * Ours verifies a signed-in player, its answer is a signed token, and a journey is complete only when the seat has been given
 * back; the peer's journey ends with its reservation.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchCase } from "./bench.ts";
import type { Keep } from "./seat/children.ts";
import { closedLoop, type Measured, openLoop } from "./seat/load.ts";
import { startEcho, startOurs } from "./seat/ours.ts";
import { startLocalPeer, startRedisPeer } from "./seat/peer.ts";

const IN_FLIGHT = 64;
const OPEN_PER_SECOND = 5_000;
const ROUNDS = 5;
/** How long each turn is, ms. A peer that answers a hundred times a second needs longer ones to have percentiles. */
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

async function startAll(keep: Keep): Promise<{ turns: Record<string, Turn>; warmUp(): Promise<void> }> {
  const ours = await startOurs(IN_FLIGHT, keep);
  const echo = await startEcho(ours.port, IN_FLIGHT, keep);
  const local = await startLocalPeer(IN_FLIGHT, keep);
  const redis = await startRedisPeer(IN_FLIGHT, keep);
  const one = <T>(all: readonly T[]) => all.slice(0, 1);
  return {
    // The peers come last: what they still have to do for their last turn is done in the pause after the round.
    turns: {
      "ours 1": () => closedLoop(one(ours.players), TURN_MS),
      "echo 1": () => closedLoop(one(echo.players), TURN_MS / 2),
      "ours n": () => closedLoop(ours.players, TURN_MS),
      "echo n": () => closedLoop(echo.players, TURN_MS / 2),
      "ours open": () => openLoop(ours.players, OPEN_PER_SECOND, TURN_MS * 2),
      "echo open": () => openLoop(echo.players, OPEN_PER_SECOND, TURN_MS / 2),
      "local 1": () => closedLoop(one(local), TURN_MS),
      "local n": () => closedLoop(local, TURN_MS),
      "redis 1": () => closedLoop(one(redis), LONG_TURN_MS),
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

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
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
  const started: { stop(): Promise<void> }[] = [];
  const keep: Keep = (one) => {
    started.unshift(one);
    return one;
  };
  try {
    const { turns, warmUp } = await startAll(keep);
    await warmUp();
    const measured: Record<string, Measured[]> = Object.fromEntries(Object.keys(turns).map((turn) => [turn, []]));
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(PAUSE_MS);
      for (const [turn, take] of Object.entries(turns)) measured[turn]!.push(await take());
    }
    const failed = Object.keys(turns).filter((turn) => measured[turn]!.some((one) => one.failed > 0));
    const lost = failed.filter((turn) => turn.startsWith("ours"));
    if (lost.length > 0) throw new Error(`journeys failed in ${lost.join(", ")}`);
    return contests.flatMap((contest) => casesOf(contest, measured));
  } finally {
    for (const { stop } of started) await stop();
  }
}
