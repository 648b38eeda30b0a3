/** What goes wrong, and when. Every fault ends by itself, or is mended when the faults are over. */
import type { Dice } from "../engine/dice.ts";
import type { World } from "../words.ts";
import { createEdge, type Edge, type Place } from "./edge.ts";
import { createGameServer, type GameServer } from "./game-server.ts";
import type { Crowd } from "./player.ts";
import { createReplica, type Site } from "./replica.ts";
import { FAIR, type FaultKind } from "./weather.ts";

export interface Rack {
  readonly name: string;
  server: GameServer;
}

export interface Cast {
  readonly places: readonly Place[];
  readonly sites: readonly Site[];
  readonly racks: readonly Rack[];
  readonly crowd: Crowd;
}

const ignore = (answer: Promise<unknown>) => void answer.catch(() => {});

export function startFaults(world: World, { places, sites, racks, crowd }: Cast, untilMs: number): void {
  const { scheduler, counts, net, store, weather, modes, log } = world;
  const dice: Dice = world.dice.fork();
  let started = 0;
  const leftMs = () => Math.max(0, untilMs - scheduler.nowMs);
  /** Ends in time. */
  const lasting = (fromMs: number, toMs: number) => Math.min(leftMs(), dice.between(fromMs, toMs));
  const later = (ms: number, work: () => void) => void scheduler.after(ms, work);
  const stepMs = () => dice.pick([-60_000, -5_000, 5_000, 60_000]);

  function startReplica(site: Site): void {
    // Under its old name, as a service that is started again, or under one that nobody has heard.
    site.replica = createReplica(world, dice.chance(0.5) ? site.name : `${site.name}${++started}`);
  }
  function startEdge(place: Place): void {
    place.edge = createEdge(world, `${place.name}${++started}`, place, sites);
  }

  function crashEdge(place: Place, edge: Edge): void {
    counts["edge crashes"]++;
    edge.machine.kill();
    place.edge = undefined;
    crowd.orphan(edge);
    later(lasting(500, 5_000), () => startEdge(place));
  }

  const setPaused = (flag: `mode:${string}`, paused: boolean) =>
    store.run(({ index }) => index.setPaused(flag, paused), ignore);

  const faults: Record<FaultKind, () => void> = {
    "replica-crash"() {
      const site = dice.pick(sites);
      if (!site.replica) return;
      counts["replica crashes"]++;
      site.replica.machine.kill();
      site.replica = undefined;
      // Some do not come back: there are fewer from now on.
      const others = sites.filter(({ replica }) => replica).length;
      if (others > 0 && dice.chance(0.2)) return;
      later(lasting(200, 8_000), () => startReplica(site));
    },
    "replica-pause"() {
      const machine = dice.pick(sites).replica?.machine;
      if (machine?.state !== "runs") return;
      counts["replica pauses"]++;
      machine.pause();
      later(lasting(50, dice.pick([1_500, 6_000, 20_000])), machine.resume);
    },
    "edge-crash"() {
      const place = dice.pick(places);
      if (place.edge) crashEdge(place, place.edge);
    },
    "edge-pause"() {
      const machine = dice.pick(places).edge?.machine;
      if (machine?.state !== "runs") return;
      counts["edge pauses"]++;
      machine.pause();
      later(lasting(50, dice.pick([1_500, 6_000, 20_000])), machine.resume);
    },
    "link-cut"() {
      const links = places.flatMap(({ edge }) => edge?.links ?? []);
      if (links.length > 0) dice.pick(links).cut();
    },
    partition() {
      counts.partitions++;
      net.part(dice.pick(places).name, dice.pick(sites).name, lasting(200, 12_000), dice.chance(0.5));
    },
    "index-amnesia"() {
      counts["index amnesias"]++;
      store.flush();
    },
    "index-rollback"() {
      counts["index rollbacks"]++;
      store.rollBack(dice.between(20, 2_500));
    },
    "index-absence"() {
      counts["index absences"]++;
      const set = dice.chance(0.5) ? store.setAway : store.setFrozen;
      set(true);
      later(lasting(100, dice.pick([1_000, 8_000])), () => set(false));
    },
    "index-clock"() {
      counts["clock steps of the index"]++;
      store.stepClock(stepMs());
    },
    "index-drift"() {
      counts["clock steps of the index"]++;
      store.stepClock(dice.pick([-900, 900]));
    },
    "process-clock"() {
      const machines = [
        ...places.map(({ edge }) => edge),
        ...sites.map(({ replica }) => replica),
        ...racks.map(({ server }) => server),
      ];
      counts["clock steps of processes"]++;
      dice.pick(machines)?.machine.stepWall(stepMs());
    },
    "server-crash"() {
      const rack = dice.pick(racks);
      if (rack.server.machine.state === "dead") return;
      counts["server crashes"]++;
      rack.server.machine.kill();
      const boot = `boot${++started}`;
      later(lasting(200, 6_000), () => {
        rack.server = createGameServer(world, rack.name, boot);
      });
    },
    "mode-pause"() {
      const flag = `mode:${dice.pick(Object.keys(modes))}` as const;
      counts["modes paused"]++;
      setPaused(flag, true);
      later(lasting(500, 5_000), () => setPaused(flag, false));
    },
  };

  function again(kind: FaultKind, meanMs: number): void {
    const inMs = -Math.log(1 - dice.next()) * meanMs;
    if (inMs > leftMs()) return;
    later(inMs, () => {
      log(() => `FAULT ${kind}`);
      faults[kind]();
      again(kind, meanMs);
    });
  }
  for (const [kind, meanMs] of weather.faults) again(kind, meanMs);
  if (weather.faults.size > 0) againMove();
  function againMove(): void {
    const inMs = dice.between(500, 10_000);
    if (inMs > leftMs()) return;
    later(inMs, () => {
      crowd.move();
      againMove();
    });
  }
  later(untilMs - scheduler.nowMs, () => {
    log(() => "the faults are over");
    Object.assign(weather, FAIR);
    // Whoever unpauses asks until it is heard.
    later(1, () => {
      for (const mode of Object.keys(modes)) setPaused(`mode:${mode}`, false);
    });
  });
}
