/**
 * The matchmaker's round alone, in one thread and without a network. `100k`: 100,000 tickets are added, matched and removed, per ticket.
 * `standing 10k`: a pool that stays at 10,000 tickets gets 50 more a round. Skill and latency rules; beside each the same mode with
 * all rules on (same map, level range, roles, priority, avoid lists, start, bots). The last figure is what a round leaves on the heap.
 *
 * The peer is a naive round (`round/naive.ts`) in a pool that it can bear: 10,000 tickets to drain, 1,000 standing. It is quadratic,
 * so its cost per ticket grows with the pool; no figure is scaled.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPool } from "@frontrow/matchmaker/pool/pool.ts";
import type { BenchCase } from "./bench.ts";
import { createNaiveStanding, createStanding, crowdOf, drain, drainNaively, type Standing } from "./round/measure.ts";
import { modes } from "./round/world.ts";

const DRAINED = 100_000;
const DRAINED_NAIVELY = 10_000;
const STANDING = 10_000;
const STANDING_NAIVELY = 1_000;
const ARRIVALS = 50;
const TURNS = 15;
const ROUNDS_WARM = 1_500;
const ROUNDS = 5_000;
const ROUNDS_NAIVE = 15;
const ROUNDS_HEAP = 10_000;

const quantile = (numbers: readonly number[], q: number) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))]!;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

function caseOf(name: string, metric: string, unit: string, ours: number, peer?: number, peerName?: string): BenchCase {
  const ratio = peer === undefined ? null : rounded(peer / ours, 0);
  return {
    name,
    metric,
    unit,
    ours: rounded(ours, 3),
    peer: peer === undefined ? null : rounded(peer, 3),
    peerName: peerName ?? null,
    limit: null,
    ratio,
  };
}

function drainCases(): BenchCase[] {
  const naiveName = `a naive quadratic round, draining ${DRAINED_NAIVELY} tickets`;
  return (["1v1", "5v5"] as const).flatMap((name) => {
    const { few, all } = modes[name];
    const [fewCrowd, allCrowd] = [crowdOf(few, DRAINED), crowdOf(all, DRAINED)];
    const [fewPool, allPool] = [few, all].map((mode) => createPool(mode, { ticketsMax: DRAINED }));
    const [oursFew, oursAll, naive]: number[][] = [[], [], []];
    drain(fewPool!, fewCrowd);
    drain(allPool!, allCrowd);
    // In turns, so that what else the machine does meets everybody. Nothing makes a turn faster than it is, so the fastest counts.
    for (let turn = 0; turn < TURNS; turn++) {
      oursFew!.push(drain(fewPool!, fewCrowd));
      oursAll!.push(drain(allPool!, allCrowd));
      if (turn % 5 === 0) naive!.push(drainNaively(few, fewCrowd.slice(0, DRAINED_NAIVELY)));
    }
    return [
      caseOf(`${name} 100k`, "us_per_ticket", "µs", Math.min(...oursFew!), Math.min(...naive!), naiveName),
      caseOf(`${name} 100k, all rules`, "us_per_ticket", "µs", Math.min(...oursAll!)),
    ];
  });
}

function timesOf(standing: Standing, rounds: number): number[] {
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) times.push(standing.round());
  return times;
}

function standingCases(): BenchCase[] {
  const naiveName = `a naive quadratic round, ${STANDING_NAIVELY} standing`;
  return (["1v1", "5v5"] as const).flatMap((name) => {
    const naive = timesOf(createNaiveStanding(modes[name].few, STANDING_NAIVELY, ARRIVALS), ROUNDS_NAIVE);
    return (["few", "all"] as const).flatMap((rules) => {
      const standing = createStanding(modes[name][rules], STANDING, ARRIVALS);
      timesOf(standing, ROUNDS_WARM);
      const times = timesOf(standing, ROUNDS);
      const title = `${name} standing 10k${rules === "all" ? ", all rules" : ""}`;
      if (standing.matched < ROUNDS) throw new Error(`${title}: ${standing.matched} matches in ${ROUNDS} rounds`);
      return (
        [
          ["p50_ms", 0.5],
          ["p99_ms", 0.99],
        ] as const
      ).map(([metric, q]) =>
        rules === "few"
          ? caseOf(title, metric, "ms", quantile(times, q), quantile(naive, q), naiveName)
          : caseOf(title, metric, "ms", quantile(times, q)),
      );
    });
  });
}

/** What rounds leave behind, arrivals and matches included, after a full collection. */
function heapCases(): BenchCase[] {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  return (["1v1", "5v5"] as const).map((name) => {
    const standing = createStanding(modes[name].few, STANDING, ARRIVALS);
    for (let n = 0; n < ROUNDS_WARM; n++) standing.round();
    const before = used();
    for (let n = 0; n < ROUNDS_HEAP; n++) standing.round();
    return caseOf(`${name} standing 10k`, "heap_per_round", "B", (used() - before) / ROUNDS_HEAP);
  });
}

export const name = "round";

export async function run(): Promise<BenchCase[]> {
  return [...drainCases(), ...standingCases(), ...heapCases()];
}
