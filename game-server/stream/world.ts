/**
 * What belongs to one stream: its entities, the grid that they stand in, the chains that somebody follows and this tick's bytes.
 * A chain is one cell at one rate, with its own slots and baseline; it lives while it has followers and starts at a step of its rate.
 */
import { BitWriter } from "@frontrow/shared/stream/bits.ts";
import { type Layout, RATES, type Rate } from "@frontrow/shared/stream/layout.ts";
import { createEntities, type Entities } from "./entities.ts";
import { createEventLog, type EventLog } from "./events.ts";
import { FrameWriter } from "./frame-writer.ts";
import { ROW, SLOT } from "./slots.ts";

export interface Chain {
  /** Its place among the world's chains. */
  readonly id: number;
  readonly cell: number;
  readonly rate: Rate;
  /** Its place among RATES. */
  readonly ring: number;
  followers: number;
  /** Its place among those that are followed; -1: not followed. */
  place: number;
  /** The last step that it told; -1: it has not started. */
  steppedAt: number;
  /** SLOT numbers each; the first `awake` of `count` move. */
  slots: Int32Array;
  awake: number;
  count: number;
  /** First of those that rested and changed; -1: none. */
  stirred: number;
  /** This step's keyframe in the bytes, good while its step is the world's. */
  keyframeStep: number;
  keyframeAt: number;
  keyframeEnd: number;
  /** The step in which somebody needs a keyframe, or a checksum. */
  keyframeFor: number;
  checksumFor: number;
  checksum: number;
  /** The step of that checksum; -1: something has changed since. */
  checksumAt: number;
}

export interface World {
  readonly layout: Layout;
  readonly entities: Entities;
  /** By kind. */
  readonly angleBitsOf: Uint8Array;
  /** The newest entity in each cell; -1: none. */
  readonly newest: Int32Array;
  /** The step whose encoding is the first to tell that somebody left the cell. */
  readonly departedAt: Int32Array;
  /** Corners of cells, margin included. */
  readonly cornerX: Int32Array;
  readonly cornerY: Int32Array;
  /** By ring, then by cell: `chainId`. */
  readonly chains: (Chain | undefined)[];
  /** What each chain said in its last step that said something: SAID numbers by its place. Apart from the chains, since every frame looks at many. */
  readonly said: Int32Array;
  readonly followed: readonly Chain[][];
  readonly events: EventLog;
  readonly writer: BitWriter;
  readonly frames: FrameWriter;
  /** Second differences of one slice's slots, and what else is to be said of them. */
  scratch: Int32Array;
  marks: Uint8Array;
  /** Steps that were encoded; what is set now is told by the next. */
  step: number;
  /** The room's own number of the last step. */
  tick: number;
}

/** The step; where its delta begins in the bytes, its events behind it; where they end; where the events begin. */
export const SAID = 4;

/** Steps without a change after which an entity rests. */
export const REST_STEPS = 4;

const BYTES_FIRST = 65_536;
const SLOTS_FIRST = 16;

export function createWorld(layout: Layout, eventsMax: number): World {
  const corner = (axis: (cell: number) => number) =>
    Int32Array.from({ length: layout.cells }, (_, cell) => axis(cell) * layout.cell - layout.margin);
  return {
    layout,
    entities: createEntities(layout),
    angleBitsOf: Uint8Array.from(layout.kinds, ({ angleBits }) => angleBits),
    newest: new Int32Array(layout.cells).fill(-1),
    departedAt: new Int32Array(layout.cells),
    cornerX: corner((cell) => cell % layout.columns),
    cornerY: corner((cell) => Math.floor(cell / layout.columns)),
    chains: new Array(RATES.length * layout.cells),
    said: new Int32Array(RATES.length * layout.cells * SAID).fill(-1),
    followed: RATES.map(() => []),
    events: createEventLog(layout, eventsMax),
    writer: new BitWriter(BYTES_FIRST),
    frames: new FrameWriter(),
    scratch: new Int32Array(3 * SLOTS_FIRST),
    marks: new Uint8Array(SLOTS_FIRST),
    step: 0,
    tick: -1,
  };
}

/** The place of a cell's chain at a rate. */
export const chainId = ({ layout }: World, ring: number, cell: number): number => ring * layout.cells + cell;

/** One follower more. */
export function follow(world: World, id: number): void {
  world.chains[id] ??= createChain(world, id);
  const chain = world.chains[id];
  chain.followers += 1;
  if (chain.followers > 1) return;
  chain.place = world.followed[chain.ring]!.length;
  world.followed[chain.ring]!.push(chain);
}

function createChain({ layout }: World, id: number): Chain {
  const ring = Math.floor(id / layout.cells);
  return {
    id,
    cell: id % layout.cells,
    rate: RATES[ring]!,
    ring,
    followers: 0,
    place: -1,
    steppedAt: -1,
    slots: new Int32Array(SLOTS_FIRST * SLOT),
    awake: 0,
    count: 0,
    stirred: -1,
    keyframeStep: -1,
    keyframeAt: 0,
    keyframeEnd: 0,
    keyframeFor: -1,
    checksumFor: -1,
    checksum: 0,
    checksumAt: -1,
  };
}

/** A chain that nobody follows ends at once: what it held is forgotten, and it starts anew from a keyframe. */
export function unfollow(world: World, id: number): void {
  const chain = world.chains[id]!;
  chain.followers -= 1;
  if (chain.followers > 0) return;
  const list = world.followed[chain.ring]!;
  const last = list.pop()!;
  if (last !== chain) {
    list[chain.place] = last;
    last.place = chain.place;
  }
  const { entities } = world;
  const { heldBy } = entities.tables[chain.ring]!;
  for (let at = 0; at < chain.count; at++) {
    const row = chain.slots[at * SLOT + ROW]!;
    heldBy[row] = -1;
    entities.asleep[row]! &= ~(1 << chain.ring);
  }
  chain.awake = chain.count = 0;
  chain.stirred = chain.place = chain.steppedAt = -1;
}
