/**
 * The numbers that both ends derive from a definition. Positions are whole steps; a cell is a square of steps, and an entity stays in
 * its cell until it is an eighth of a cell outside (so that one on a border does not change cells every tick): inside a cell a position
 * is told from a corner that lies this margin outside.
 */
import { bitsFor } from "./bits.ts";
import type { StreamDefinition } from "./define.ts";
import { type Field, type Fields, sizeOf } from "./fields.ts";

export const FORMAT_VERSION = 1;

/** Ticks between two steps of a chain: the rings. A slower chain steps only when every faster one does. */
export const RATES = [1, 2, 4] as const;
export type Rate = (typeof RATES)[number];
export const SLOWEST = 4;

/** What a slice is: the low two bits of its head. */
export const SLICE = { delta: 0, keyframe: 1, forget: 2, events: 3 } as const;
/** What a frame's first byte says beside the version in its high half. `settled`: every cell is as of this tick, those of slow chains too. */
export const FRAME = { fresh: 1, checksum: 2, settled: 4 } as const;

/** Usual sizes of speeds in a record, as orders of the exponential code. */
export const SPEED_ORDER = 4;
export const SPIN_ORDER = 1;
export const SLOTS_ORDER = 4;

/** An id is its index and, above these bits, its generation. */
export const ID_INDEX_BITS = 20;
export const GENERATION_BITS = 8;

export interface FieldLayout {
  readonly name: string;
  readonly field: Field;
  readonly bits: number;
  /** How many values it has. */
  readonly size: number;
}
export interface KindLayout {
  readonly name: string;
  /** 0: no angle. */
  readonly angleBits: number;
  readonly fields: readonly FieldLayout[];
}
export interface EventLayout {
  readonly name: string;
  readonly fields: readonly FieldLayout[];
}

export interface Layout {
  readonly step: number;
  /** The largest position on each axis, in steps. */
  readonly maxX: number;
  readonly maxY: number;
  /** Side of a cell, in steps. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  readonly cells: number;
  readonly cellBits: number;
  readonly margin: number;
  /** Side of a cell with both margins, and its bits. */
  readonly span: number;
  readonly spanBits: number;
  readonly insideBits: number;
  readonly indexBits: number;
  readonly entitiesMax: number;
  readonly kinds: readonly KindLayout[];
  readonly kindBits: number;
  /** Some kind has an angle. */
  readonly angles: boolean;
  readonly fieldsMost: number;
  readonly events: readonly EventLayout[];
  readonly eventBits: number;
  readonly eventFieldsMost: number;
  readonly fingerprint: number;
}

const fieldsOf = (fields: Fields = {}): FieldLayout[] =>
  Object.entries(fields).map(([name, field]) => ({ name, field, bits: bitsFor(sizeOf(field)), size: sizeOf(field) }));

const most = (all: readonly { fields: readonly unknown[] }[]) => Math.max(0, ...all.map((each) => each.fields.length));

export function layoutOf(definition: StreamDefinition): Layout {
  const { step, area, entitiesMax } = definition;
  const [maxX, maxY] = [Math.round(area.width / step), Math.round(area.height / step)];
  const cell = Math.max(1, Math.round(definition.cell / step));
  const [columns, rows] = [Math.floor(maxX / cell) + 1, Math.floor(maxY / cell) + 1];
  const margin = Math.floor(cell / 8);
  const kinds = Object.entries(definition.kinds).map(([name, { angle = 0, fields }]) => ({
    name,
    angleBits: angle,
    fields: fieldsOf(fields),
  }));
  const events = Object.entries(definition.events).map(([name, { fields }]) => ({ name, fields: fieldsOf(fields) }));
  return Object.freeze({
    step,
    maxX,
    maxY,
    cell,
    columns,
    rows,
    cells: columns * rows,
    cellBits: bitsFor(columns * rows),
    margin,
    span: cell + 2 * margin,
    spanBits: bitsFor(cell + 2 * margin),
    insideBits: bitsFor(cell),
    indexBits: bitsFor(entitiesMax),
    entitiesMax,
    kinds,
    kindBits: bitsFor(kinds.length),
    angles: kinds.some(({ angleBits }) => angleBits > 0),
    fieldsMost: most(kinds),
    events,
    eventBits: bitsFor(events.length),
    eventFieldsMost: most(events),
    fingerprint: fingerprintOf(
      [FORMAT_VERSION, maxX, maxY, cell, entitiesMax, ...kinds.map(shapeOf), "/", ...events.map(shapeOf)].join(" "),
    ),
  });
}

/** Names count too: a field that was renamed means something else. */
const shapeOf = ({ name, angleBits, fields }: { name: string; angleBits?: number; fields: readonly FieldLayout[] }) =>
  `${name}:${angleBits ?? 0}(${fields.map((each) => `${each.name}:${valuesText(each.field)}`).join(",")})`;
const valuesText = (field: Field) =>
  field.type === "int" ? `${field.min}..${field.max}` : field.values.map(String).join("|");

/** FNV-1a, 32 bits, over UTF-8. */
function fingerprintOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
