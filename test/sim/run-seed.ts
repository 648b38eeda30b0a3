/**
 * One seed: a metro with two or three edges, replicas, game servers, one index and a dozen players; forty seconds in which things go wrong,
 * then calm, until every ticket has ended and every lease has run out. All rules are watched at every step; the first that breaks ends
 * the run.
 */
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { createDice } from "./engine/dice.ts";
import { createScheduler } from "./engine/scheduler.ts";
import { type Mutant, NO_MUTANT } from "./mutants/mutant.ts";
import { watchAges } from "./watch/ages.ts";
import { type Counts, noCounts } from "./watch/counts.ts";
import { watchFencing } from "./watch/fencing.ts";
import { watchIndex } from "./watch/index-state.ts";
import { type Left, watchLiveness } from "./watch/liveness.ts";
import { watchMatched } from "./watch/matched.ts";
import { watchPlaying } from "./watch/playing.ts";
import { watchPromises } from "./watch/promises.ts";
import { watchServers } from "./watch/servers.ts";
import { type Broken, createWatch } from "./watch/watch.ts";
import type { World } from "./words.ts";
import { createEdge, type Place } from "./world/edge.ts";
import { startFaults } from "./world/faults.ts";
import { createGameServer } from "./world/game-server.ts";
import { createModes } from "./world/modes.ts";
import { createNet } from "./world/net.ts";
import { createCrowd } from "./world/player.ts";
import { createReplica, type Site } from "./world/replica.ts";
import { createStore } from "./world/store.ts";
import { createWeather } from "./world/weather.ts";

const FAULTS_MS = 40_000;
/** Nobody opens a ticket after this. */
const PLAY_MS = 70_000;
/** Tickets have ended, and every lease and hold has run out. */
const END_MS = 150_000;
const LEASES_MS = 12_000;

export interface Run {
  readonly seed: number;
  readonly counts: Counts;
  readonly broken: Broken | undefined;
  /** The operation log, where it was asked for. */
  readonly lines: readonly string[];
}

export interface RunOptions {
  readonly mutant?: Mutant;
  readonly trace?: boolean;
}

export async function runSeed(seed: number, { mutant = NO_MUTANT, trace = false }: RunOptions = {}): Promise<Run> {
  const scheduler = createScheduler();
  const dice = createDice(seed);
  const counts = noCounts();
  const lines: string[] = [];
  const watch = createWatch(() => scheduler.nowMs);
  const limits = resolveLimits();
  const world: World = {
    ...{ scheduler, dice, limits, counts, watch, mutant },
    modes: createModes(),
    weather: createWeather(dice.fork()),
    net: createNet(() => scheduler.nowMs),
    store: createStore({
      limits,
      trueMs: () => scheduler.nowMs,
      soon: (work) => void scheduler.after(0, work),
      forgot: watch.forgot,
      change: mutant.state,
    }),
    log(line) {
      if (trace) lines.push(`${(scheduler.nowMs / 1_000).toFixed(3)} ${line()}`);
    },
  };

  const sites = names("r", 1 + dice.below(3)).map((name): Site => ({ name, replica: createReplica(world, name) }));
  const racks = names("s", 1 + dice.below(2)).map((name) => ({ name, server: createGameServer(world, name, "boot0") }));
  const places = names("e", 2 + dice.below(2)).map((name): Place => ({ name, edge: undefined }));
  for (const place of places) place.edge = createEdge(world, place.name, place, sites);
  const crowd = createCrowd(world, { count: 12, places, servers: racks });

  function left(): Left[] {
    const owners = sites.flatMap(({ replica }) => replica?.matches.owner ?? []);
    const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
    return [
      { what: "tickets at edges", count: sum(places.map(({ edge }) => edge?.size ?? 0)) },
      { what: "tickets with owners", count: sum(owners.map(({ size }) => size)) },
      { what: "matches under way", count: sum(owners.map(({ inFlight }) => inFlight)) },
      { what: "waiting players", count: crowd.waiting },
      // Those that a clock which went back keeps for longer are not left behind.
      {
        what: "held seats",
        count: world.store.state.holdsDue.range(0, world.store.nowMs() - limits.heartbeatMs, 100).length,
      },
    ];
  }
  const pausedMs = (edge: string) => places.find((place) => place.edge?.name === edge)?.edge?.machine.pausedMs ?? 0;
  watch.add(watchPromises(world, watch.broken));
  watch.add(watchPlaying(world, watch.broken));
  watch.add(watchFencing({ ...world, edges: () => places.flatMap(({ edge }) => edge?.name ?? []) }, watch.broken));
  watch.add(watchAges(world, watch.broken));
  watch.add(watchIndex(world, watch.broken));
  watch.add(watchLiveness({ ...world, pausedMs }, watch.broken, left));

  watch.add(watchMatched({ ...world, faultsMs: FAULTS_MS }, watch.broken));
  const living = () => racks.map(({ name, server }) => ({ server: name, boot: server.boot }));
  watch.add(watchServers({ ...world, faultsMs: FAULTS_MS }, watch.broken, living));

  scheduler.after(PLAY_MS, crowd.close);
  startFaults(world, { places, sites, racks, crowd }, FAULTS_MS);

  async function play(untilMs: number, isOver = () => false): Promise<void> {
    while (!watch.first && !isOver() && (await scheduler.step(untilMs))) watch.stepped();
  }
  await play(PLAY_MS);
  await play(END_MS, () => crowd.waiting === 0);
  await play(scheduler.nowMs + LEASES_MS + limits.seatHoldMs);
  if (!watch.first) watch.over();
  return { seed, counts, broken: watch.first, lines };
}

const names = (letter: string, count: number) => Array.from({ length: count }, (_, number) => letter + number);
