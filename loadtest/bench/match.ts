/**
 * From "play" to a seat in a match: real sockets, an edge, a matchmaker and Redis, each a process, on one machine with the client.
 * Players have ratings of a normal distribution (σ 350) and meet within ±100 points; each gives its seat back, and asks again.
 *
 * `sustained` keeps as many tickets open as it takes; `at 5000/s` counts each from when it was due; `burst` is that many at once, until
 * 99 of 100 have their seats (the last are alone at an end of the ratings, and wait for their windows to widen).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import type { BenchCase } from "./bench.ts";
import { MODE } from "./match/frontrow.config.ts";
import { writeRatings } from "./match/ratings.ts";
import { createGround } from "./seat/ground.ts";
import { closedLoop, openLoop, type Seeker } from "./seat/load.ts";
import { playerName, startOurs } from "./seat/ours.ts";

const PLAYERS = 5_000;
const SUSTAINED_OPEN = 1_000;
const OPEN_PER_SECOND = 5_000;
const ROUNDS = 3;
const TURN_MS = 4_000;
const WARM_UP_MS = 10_000;
const BURST_SHARE = 0.99;

/** Seconds until `BURST_SHARE` of all have their seats. */
function burst(seekers: readonly Seeker[]): Promise<number> {
  const startMs = performance.now();
  let [seated, ended, seconds] = [0, 0, 0];
  return new Promise((resolve) => {
    for (const seeker of seekers) {
      const sat = () => {
        if (++seated === Math.floor(seekers.length * BURST_SHARE)) seconds = (performance.now() - startMs) / 1_000;
      };
      seeker.journey(sat, () => ++ended === seekers.length && resolve(seconds));
    }
  });
}

export const name = "match";

export async function run(): Promise<BenchCase[]> {
  const ground = createGround();
  const folder = mkdtempSync(join(tmpdir(), "frontrow-bench-"));
  try {
    const file = join(folder, "ratings.sqlite");
    await writeRatings(
      file,
      Array.from({ length: PLAYERS }, (_, number) => playerName(number)),
    );
    const configFile = fileURLToPath(new URL("./match/frontrow.config.ts", import.meta.url));
    const subject = { configFile, mode: MODE, seatsMax: 100_000, env: { FRONTROW_RATINGS: file } };
    const { players } = await startOurs(PLAYERS, ground, subject);
    ground.spread(true);
    const some = players.slice(0, SUSTAINED_OPEN);
    await closedLoop(some, WARM_UP_MS);
    const sustained: number[] = [];
    const [p50, p99, bursts]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      sustained.push((await closedLoop(some, TURN_MS)).rate);
      const open = await openLoop(players, OPEN_PER_SECOND, TURN_MS);
      p50.push(open.p50_ms);
      p99.push(open.p99_ms);
      bursts.push(await burst(players));
    }
    const of = (name: string, metric: string, unit: string, all: readonly number[], digits: number): BenchCase => {
      const ours = Number(median(all).toFixed(digits));
      return { name, metric, unit, ours, peer: null, peerName: null, limit: null, ratio: null };
    };
    return [
      of("match sustained", "rate", "tickets/s", sustained, 0),
      of(`match at ${OPEN_PER_SECOND}/s`, "p50_ms", "ms", p50, 1),
      of(`match at ${OPEN_PER_SECOND}/s`, "p99_ms", "ms", p99, 1),
      of(`burst ${PLAYERS}`, "time", "s", bursts, 2),
    ];
  } finally {
    await ground.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}
