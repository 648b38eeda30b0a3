/**
 * Hot entities: how much processor a tick takes on the server, and how many bytes a moving entity in view costs, against stock
 * `@colyseus/schema` with a StateView a client and quantized fields. 1,000 entities, each client sees some 100 of them, 20 Hz; the same
 * motion and the same visible sets; what both clients decode is compared. Ours includes finding out who sees what, which the
 * peer is told for free.
 *
 * `10k entities, 1k clients` is ours alone: the encoding of a tick, and all that a room pays for it. Heap growth is of 10,000 ticks.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { median } from "../lib/median.ts";
import type { BenchCase } from "./bench.ts";
import { createSwarm, type Motion, type Swarm } from "./stream/motion.ts";
import { createOurs, type Ours, STEP } from "./stream/ours.ts";
import { createPeer, type Peer } from "./stream/peer.ts";

/** 65,535 steps of an eighth of a pixel: what 16 bits tell apart. */
const AREA = 65_535 / 8;
const ENTITIES = 1_000;
/** Until the compiler has settled, on both sides. */
const TICKS_WARM = 300;
const TICKS = 80;
const TURN = 20;
/** Clients whose bytes the peer decodes, and which are compared; ours decodes all. */
const COMPARED = 10;
/** Ten times as many on ten times the ground. */
const MANY = {
  entities: 10_000,
  area: Math.round(AREA * Math.sqrt(10)),
  clients: 1_000,
  warm: 400,
  ticks: 400,
  read: 40,
};
const HEAP_TICKS = 10_000;
const PEER = "@colyseus/schema 5 with StateView and quantized fields";

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** Processor time of this process, ms: what else the machine does is not in it. */
function timed(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Of a tick: what a collection or another process did to one tick is not what a tick costs. The mean would suit us better. */
function caseOf(name: string, metric: string, unit: string, ours: number, peer?: number): BenchCase {
  return {
    name,
    metric,
    unit,
    ours: rounded(ours, 3),
    peer: peer === undefined ? null : rounded(peer, 3),
    peerName: peer === undefined ? null : PEER,
    limit: null,
    ratio: peer === undefined ? null : rounded(peer / ours, 1),
  };
}

/** Both show the same to a client, number by number as they travelled. */
function compare(ours: Ours, peer: Peer, client: number): void {
  const shown = peer.shown(client);
  const view = ours.views[client]!;
  if (shown.size !== view.entities.size)
    throw new Error(`${shown.size} shown by the peer, ${view.entities.size} by us`);
  for (const [name, ship] of shown) {
    const entity = view.entities.get(ours.ids[Number(name)]!);
    const angle = Math.round((ship.angle / (2 * Math.PI)) * 256) & 255;
    const theirs = [Math.round(ship.x / STEP), Math.round(ship.y / STEP), angle, ship.hp];
    const { quantized } = entity ?? {};
    const own = quantized && [quantized.x, quantized.y, quantized.angle, ...quantized.fields];
    if (`${own}` !== `${theirs}`) throw new Error(`client ${client} sees ${name} at ${own}, the peer's at ${theirs}`);
  }
}

/** Who is in view of each client, by what it decoded, told to the peer as changes. */
function createSights(ours: Ours, clients: number) {
  const placeOf = new Map(ours.ids.map((id, at) => [id, at]));
  const seen = Array.from({ length: clients }, () => new Set<number>());
  return (client: number) => {
    const now = new Set([...ours.views[client]!.entities.keys()].map((id) => placeOf.get(id)!));
    const before = seen[client]!;
    seen[client] = now;
    return { came: [...now].filter((at) => !before.has(at)), went: [...before].filter((at) => !now.has(at)), now };
  };
}

interface Sight {
  readonly came: readonly number[];
  readonly went: readonly number[];
}

/** Both side by side, each decoded, compared after every tick: their bytes, and who came into whose view when. */
function watch(clients: number, motion: Motion) {
  const swarm = createSwarm(ENTITIES, AREA, motion);
  const ours = createOurs(swarm, AREA, clients);
  const peer = createPeer(swarm, clients, COMPARED);
  const sight = createSights(ours, clients);
  const [oldX, oldY] = [new Float64Array(ENTITIES), new Float64Array(ENTITIES)];
  const sums = { ours: 0, peer: 0, visible: 0, moving: 0 };
  const sights: Sight[][] = [];
  for (let tick = 0; tick < TICKS_WARM + TICKS; tick++) {
    oldX.set(swarm.x);
    oldY.set(swarm.y);
    swarm.step();
    const bytesBefore = [ours.bytes, peer.bytes] as const;
    tickOf(ours);
    ours.read();
    const seen = ours.views.map((_, client) => sight(client));
    tickOfPeer(peer, seen);
    peer.read();
    sights.push(seen.map(({ came, went }) => ({ came, went })));
    for (let client = 0; client < COMPARED; client++) compare(ours, peer, client);
    if (tick < TICKS_WARM) continue;
    sums.ours += ours.bytes - bytesBefore[0];
    sums.peer += peer.bytes - bytesBefore[1];
    for (const { now } of seen) {
      sums.visible += now.size;
      for (const at of now) if (swarm.x[at] !== oldX[at] || swarm.y[at] !== oldY[at]) sums.moving += 1;
    }
  }
  return { ...sums, sights };
}

function tickOf(ours: Ours): void {
  ours.set();
  ours.look();
  ours.encode();
  ours.send();
}

function tickOfPeer(peer: Peer, sights: readonly Sight[]): void {
  peer.set();
  for (let client = 0; client < sights.length; client++) peer.see(client, sights[client]!.came, sights[client]!.went);
  peer.encode();
}

/**
 * Each alone, as on a server, where nobody decodes in between; in turns of some ticks, because a machine's speed changes while they run.
 * The medians of both.
 */
function clock(contestants: readonly { swarm: Swarm; tickOnce: (tick: number) => void }[]): number[] {
  const times = contestants.map(() => [] as number[]);
  for (let first = 0; first < TICKS_WARM + TICKS; first += TURN) {
    contestants.forEach(({ swarm, tickOnce }, of) => {
      for (let tick = first; tick < first + TURN; tick++) {
        swarm.step();
        times[of]!.push(timed(() => tickOnce(tick)));
      }
    });
  }
  return times.map((each) => median(each.slice(TICKS_WARM)));
}

function contest(title: string, clients: number, motion: Motion): BenchCase[] {
  const watched = watch(clients, motion);
  const swarms = [createSwarm(ENTITIES, AREA, motion), createSwarm(ENTITIES, AREA, motion)] as const;
  const ours = createOurs(swarms[0], AREA, clients);
  const peer = createPeer(swarms[1], clients, 0);
  const [oursMs, peerMs] = clock([
    { swarm: swarms[0], tickOnce: () => tickOf(ours) },
    { swarm: swarms[1], tickOnce: (tick) => tickOfPeer(peer, watched.sights[tick]!) },
  ]) as [number, number];
  return [
    caseOf(title, "cpu_ms_per_tick", "ms", oursMs, peerMs),
    caseOf(title, "bytes_per_entity", "B", watched.ours / watched.moving, watched.peer / watched.moving),
    caseOf(title, "visible", "entities", watched.visible / TICKS / clients),
  ];
}

function many(): BenchCase[] {
  const { entities, area, clients, warm, ticks, read } = MANY;
  const title = "10k entities, 1k clients";
  const swarm = createSwarm(entities, area, "mix");
  const ours = createOurs(swarm, area, clients);
  const parts = ["set", "look", "encode", "send"] as const;
  const times = { set: [] as number[], look: [] as number[], encode: [] as number[], send: [] as number[] };
  const sums = { bytes: 0, visible: 0 };
  for (let tick = 0; tick < read + warm + ticks; tick++) {
    swarm.step();
    const bytesBefore = ours.bytes;
    for (const part of parts) times[part].push(timed(ours[part]));
    // Nobody decodes on a server: while ticks are timed nobody does here.
    if (tick >= read) continue;
    ours.read();
    if (tick < read / 2) continue;
    sums.bytes += ours.bytes - bytesBefore;
    for (const { entities } of ours.views) sums.visible += entities.size;
  }
  const per = (part: (typeof parts)[number]) => median(times[part].slice(read + warm));
  return [
    caseOf(title, "encode_ms_per_tick", "ms", per("encode")),
    caseOf(title, "set_ms_per_tick", "ms", per("set")),
    caseOf(title, "look_ms_per_tick", "ms", per("look")),
    caseOf(title, "frames_ms_per_tick", "ms", per("send")),
    caseOf(title, "bytes_per_entity", "B", sums.bytes / sums.visible),
    caseOf(title, "visible", "entities", (2 * sums.visible) / read / clients),
  ];
}

/** What ticks leave on the heap after a full collection; nobody decodes. */
function heap(): BenchCase {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const swarm = createSwarm(ENTITIES, AREA, "mix");
  const ours = createOurs(swarm, AREA, 100);
  const run = (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) {
      swarm.step();
      ours.set();
      ours.look();
      ours.encode();
      ours.send();
    }
  };
  run(HEAP_TICKS / 5);
  const before = used();
  run(HEAP_TICKS);
  return caseOf("1k entities, 100 clients", "heap_per_tick", "B", (used() - before) / HEAP_TICKS);
}

export const name = "stream";

export async function run(): Promise<BenchCase[]> {
  return [
    ...contest("100 clients", 100, "mix"),
    ...contest("300 clients", 300, "mix"),
    ...contest("100 clients, straight", 100, "straight"),
    ...many(),
    heap(),
  ];
}
