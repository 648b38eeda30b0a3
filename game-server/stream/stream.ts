/**
 * The server's side of a stream. A room spawns entities and sets what they do; once a tick it calls `encode`, then takes each viewer's
 * frame. Values set after `encode` belong to the next tick.
 *
 *   const stream = createStream(arena);
 *   const ship = stream.spawn("ship", { x: 10, y: 20, angle: 0, hp: 100 });
 *   const viewer = stream.viewer({ near: 800, half: 1_600 });
 *   // each tick
 *   stream.move(ship, x, y, angle);
 *   viewer.look(x, y);
 *   stream.encode(tick);
 *   const frame = viewer.frame(buffer);
 */
import type { Events, Kinds, StreamDefinition } from "@frontrow/shared/stream/define.ts";
import { type FieldsOf, rawOf, type ValuesOf } from "@frontrow/shared/stream/fields.ts";
import { type FieldLayout, layoutOf, SLOWEST } from "@frontrow/shared/stream/layout.ts";
import { encodeStep } from "./encode.ts";
import { freeRow, idOf, NOW, rowOf, takeRow } from "./entities.ts";
import { logEvent } from "./events.ts";
import { cellAt, leaveCell, placeRow, stepsOf, touch } from "./grid.ts";
import { createHistory, type History } from "./history.ts";
import type { Interest } from "./interest.ts";
import { Viewer, type ViewerKeeper } from "./viewer.ts";
import { createWorld } from "./world.ts";

declare const kindOf: unique symbol;
/** Names an entity for as long as it is there; a number that knows its kind. */
export type EntityId<Kind extends string = string> = number & { readonly [kindOf]?: Kind };

type Spawned<D> = { readonly x: number; readonly y: number } & (D extends { readonly angle: number }
  ? { readonly angle?: number }
  : unknown) & { readonly [Name in keyof FieldsOf<D>]?: ValuesOf<FieldsOf<D>>[Name] };

/** An entity as the wire has it: whole steps and raw fields. */
export interface Quantized {
  readonly id: number;
  readonly kind: string;
  readonly cell: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly fields: readonly number[];
}

export interface Stream<K extends Kinds, E extends Events> {
  /** A new entity; fields that are left out have their first value. Throws a RangeError where `entitiesMax` are there. */
  spawn<N extends keyof K & string>(kind: N, init: Spawned<K[N]>): EntityId<N>;
  /** False where nobody has this id any more, as from each of these. `angle` is in radians. */
  move(id: EntityId, x: number, y: number, angle?: number): boolean;
  turn(id: EntityId, angle: number): boolean;
  set<N extends keyof K & string, F extends keyof FieldsOf<K[N]> & string>(
    id: EntityId<N>,
    field: F,
    value: ValuesOf<FieldsOf<K[N]>>[F],
  ): boolean;
  remove(id: EntityId): boolean;
  has(id: EntityId): boolean;
  /** Something that happens once at a place, for all who see it. False where so many happened that it was dropped. */
  emit<N extends keyof E & string>(event: N, x: number, y: number, values?: Partial<ValuesOf<FieldsOf<E[N]>>>): boolean;
  viewer(interest: Interest): Viewer;
  /** Encodes what changed since the last time; `tick` must go up. */
  encode(tick: number): void;
  /** Where everything was in the last `ticks` from now on; the same each time. */
  history(ticks: number): History;
  /** What is true now, as it would travel. */
  quantized(id: EntityId): Quantized | undefined;
  all(): Generator<Quantized>;
  readonly stats: StreamStats;
}

export interface StreamStats {
  readonly entities: number;
  readonly viewers: number;
  /** (cell, rate) pairs that somebody follows. */
  readonly chains: number;
  /** Of the last encoding, all slices once. */
  readonly bytes: number;
  readonly eventsDropped: number;
}

export interface StreamOptions {
  /** Events within four ticks; the next are dropped. 4,096 unless told. */
  readonly eventsMax?: number;
}

const EVENTS_MAX = 4_096;
const TICK_MAX = 2 ** 32 - 1;
const TURN = 2 * Math.PI;

export function createStream<K extends Kinds, E extends Events>(
  definition: StreamDefinition<K, E>,
  { eventsMax = EVENTS_MAX }: StreamOptions = {},
): Stream<K, E> {
  const layout = layoutOf(definition);
  const world = createWorld(layout, eventsMax);
  const { entities } = world;
  const viewers = new Set<Viewer>();
  const restless: Viewer[] = [];
  const keeper: ViewerKeeper = {
    restless(viewer) {
      if (!viewer.isListed) restless.push(viewer);
      viewer.isListed = true;
    },
    closed: (viewer) => void viewers.delete(viewer),
  };
  const perUnit = 1 / layout.step;
  const named = <T extends { readonly name: string }>(list: readonly T[]) =>
    new Map(list.map((each, at) => [each.name, at]));
  const [kinds, events] = [named(layout.kinds), named(layout.events)];
  const fieldsOfKinds = layout.kinds.map(({ fields }) => named(fields));
  let viewersEver = 0;
  let remembered: ReturnType<typeof createHistory> | undefined;

  function placeOf(list: ReadonlyMap<string, number>, name: string): number {
    const at = list.get(name);
    if (at === undefined) throw new TypeError(`The stream's definition has no ${JSON.stringify(name)}.`);
    return at;
  }

  const anglesPerRadian = layout.kinds.map(({ angleBits }) => 2 ** angleBits / TURN);
  const angleMasks = layout.kinds.map(({ angleBits }) => 2 ** angleBits - 1);

  /** What is no number is 0. */
  function angleSteps(row: number, angle: number): number {
    const kind = entities.kind[row]!;
    return Math.floor(angle * anglesPerRadian[kind]! + 0.5) & angleMasks[kind]!;
  }

  /** Whether the row has another angle now. */
  function setAngle(row: number, angle: number | undefined): boolean {
    if (angle === undefined) return false;
    const steps = angleSteps(row, angle);
    if (entities.now[row * NOW + 2] === steps) return false;
    entities.now[row * NOW + 2] = steps;
    return true;
  }

  function setPosition(row: number, x: number, y: number): boolean {
    const stepsX = stepsOf(x, perUnit, layout.maxX);
    const stepsY = stepsOf(y, perUnit, layout.maxY);
    const at = row * NOW;
    if (entities.now[at] === stepsX && entities.now[at + 1] === stepsY && entities.now[at + 3]! >= 0) return false;
    placeRow(world, row, stepsX, stepsY);
    return true;
  }

  /** Only those who want what they do not hold are asked, and now and then all for their checksums. */
  function prepare(): void {
    let kept = 0;
    for (let at = 0; at < restless.length; at++) {
      const viewer = restless[at]!;
      viewer.isListed = viewer.prepare();
      if (viewer.isListed) restless[kept++] = viewer;
    }
    restless.length = kept;
    if (world.step % SLOWEST === 0) for (const viewer of viewers) viewer.prepareChecksum();
  }

  function writeFields(into: Int32Array, first: number, fields: readonly FieldLayout[], values: object): void {
    for (let at = 0; at < fields.length; at++) {
      const { name, field } = fields[at]!;
      const value = (values as Record<string, unknown>)[name];
      into[first + at] = value === undefined ? 0 : rawOf(field, value);
    }
  }

  function snapshot(row: number): Quantized {
    const [at, first] = [row * NOW, row * layout.fieldsMost];
    const { name, fields } = layout.kinds[entities.kind[row]!]!;
    const [x, y, angle, cell] = entities.now.subarray(at, at + NOW) as unknown as [number, number, number, number];
    const values = [...entities.fields.subarray(first, first + fields.length)];
    return { id: idOf(entities, row), kind: name, cell, x, y, angle, fields: values };
  }

  return {
    spawn(kind, init) {
      const kindAt = placeOf(kinds, kind);
      const row = takeRow(entities, layout, world.step);
      entities.kind[row] = kindAt;
      entities.now[row * NOW + 2] = angleSteps(row, (init as { angle?: number }).angle ?? 0);
      writeFields(entities.fields, row * layout.fieldsMost, layout.kinds[kindAt]!.fields, init);
      setPosition(row, init.x, init.y);
      touch(world, row);
      return idOf(entities, row);
    },
    move(id, x, y, angle) {
      const row = rowOf(entities, id);
      if (row < 0) return false;
      const hasTurned = setAngle(row, angle);
      if (setPosition(row, x, y) || hasTurned) touch(world, row);
      return true;
    },
    turn(id, angle) {
      const row = rowOf(entities, id);
      if (row < 0) return false;
      if (setAngle(row, angle)) touch(world, row);
      return true;
    },
    set(id, field, value) {
      const row = rowOf(entities, id);
      if (row < 0) return false;
      const kind = entities.kind[row]!;
      const at = placeOf(fieldsOfKinds[kind]!, field);
      const raw = rawOf(layout.kinds[kind]!.fields[at]!.field, value);
      const place = row * layout.fieldsMost + at;
      if (entities.fields[place] === raw) return true;
      entities.fields[place] = raw;
      for (const { changes } of entities.tables) changes[row]! |= 1 << at;
      touch(world, row);
      return true;
    },
    remove(id) {
      const row = rowOf(entities, id);
      if (row < 0) return false;
      leaveCell(world, row);
      touch(world, row);
      freeRow(entities, row, world.step + 1);
      return true;
    },
    has: (id) => rowOf(entities, id) >= 0,
    emit(event, x, y, values = {}) {
      const eventAt = placeOf(events, event);
      const stepsX = stepsOf(x, perUnit, layout.maxX);
      const stepsY = stepsOf(y, perUnit, layout.maxY);
      const cell = cellAt(world, stepsX, stepsY);
      const first = logEvent(world.events, eventAt, stepsX, stepsY, world.step + 1, cell);
      if (first < 0) return false;
      writeFields(world.events.rows, first, layout.events[eventAt]!.fields, values);
      return true;
    },
    viewer(interest) {
      const viewer = new Viewer(world, viewersEver++, interest, keeper);
      viewers.add(viewer);
      return viewer;
    },
    encode(tick) {
      if (!(Number.isInteger(tick) && tick > world.tick && tick <= TICK_MAX))
        throw new RangeError(`A stream's tick is a whole number above the last, which was ${world.tick}; not ${tick}.`);
      world.tick = tick;
      world.step += 1;
      world.writer.rewind(0);
      prepare();
      encodeStep(world);
      remembered?.record();
    },
    history(ticks) {
      remembered ??= createHistory(world, ticks, (id) => rowOf(entities, id));
      return remembered;
    },
    quantized(id) {
      const row = rowOf(entities, id);
      return row < 0 ? undefined : snapshot(row);
    },
    *all() {
      for (let row = 0; row < entities.used; row++) if (entities.now[row * NOW + 3]! >= 0) yield snapshot(row);
    },
    get stats() {
      return {
        entities: entities.alive,
        viewers: viewers.size,
        chains: world.followed.reduce((sum, chains) => sum + chains.length, 0),
        bytes: world.writer.at,
        eventsDropped: world.events.dropped,
      };
    },
  };
}
