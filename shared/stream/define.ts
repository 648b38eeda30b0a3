/**
 * What a stream carries, told once and shared by server and client: the area and its cells, how finely positions travel, the kinds of
 * entities with their fields, and the events. It is data; both ends derive the same numbers from it (`layout.ts`), and a frame that
 * opens a stream carries their fingerprint, so that two builds which disagree notice.
 *
 *   export const arena = defineStream({
 *     area: { width: 4_000, height: 4_000 }, cell: 250, step: 1 / 8,
 *     kinds: { ship: { angle: 8, fields: { hp: int(0, 100), weapon: oneOf("laser", "gun") } } },
 *     events: { shot: { fields: { by: int(0, 4_095) } } },
 *   });
 */
import { type Field, type Fields, sizeOf } from "./fields.ts";

export interface KindDefinition {
  /** Bits of a direction, 1 to 16; a kind without has none. 8 bits are steps of 1.4 degrees. */
  readonly angle?: number;
  readonly fields?: Fields;
}
export interface EventDefinition {
  readonly fields?: Fields;
}
export type Kinds = Readonly<Record<string, KindDefinition>>;
export type Events = Readonly<Record<string, EventDefinition>>;

interface Ground {
  /** From 0 to these, in the game's own unit; positions outside are taken to the border. */
  readonly area: { readonly width: number; readonly height: number };
  /** Side of a cell in the game's unit. A view should span 3 to 5 cells: fewer show too much, more cost two bytes each and tick. */
  readonly cell: number;
  /** Entities that can be at once; 16,384 unless told. An id has as many bits as this needs. */
  readonly entitiesMax?: number;
}
/** How finely positions travel: the step in the game's unit, or how many bits the longer side of the area gets. */
type Fineness = { readonly step: number } | { readonly positionBits: number };

export type StreamInit<K extends Kinds, E extends Events> = Ground &
  Fineness & { readonly kinds: K; readonly events?: E };

export interface StreamDefinition<K extends Kinds = Kinds, E extends Events = Events> extends Required<Ground> {
  readonly step: number;
  readonly kinds: K;
  readonly events: E;
}

/** More cells than these cost memory that no game's views make up for. */
const CELLS_MAX = 65_536;
/** Bits of a position on each axis, and of one inside a cell, whose second differences must fit the codes of `bits.ts`. */
const POSITION_BITS_MAX = 20;
const CELL_BITS_MAX = 16;
/** An id's index has at most 20 bits; its generation has the 8 above. */
const ENTITIES_MAX = 1_048_576;
const ENTITIES_DEFAULT = 16_384;
const KINDS_MAX = 64;
/** The mask of changed fields is written at once. */
const FIELDS_MAX = 16;
const FIELD_BITS_MAX = 20;
const ANGLE_BITS_MAX = 16;
/** `spawn` and `emit` take fields beside these. */
const RESERVED = ["x", "y", "angle", "id", "kind", "__proto__"];

/** Every problem of a definition, as `path: what is wrong`; empty when it is good. */
export function streamProblems(init: StreamInit<Kinds, Events>): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const positive = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value > 0;
  const whole = (value: unknown, min: number, max: number) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

  const { width, height } = init.area ?? {};
  must(positive(width) && positive(height), "area: width and height must be positive numbers");
  must(positive(init.cell), "cell: must be a positive number");
  const both = "step" in init && "positionBits" in init;
  must(!both && ("step" in init || "positionBits" in init), "step: give either step or positionBits");
  if ("positionBits" in init) {
    const bits = init.positionBits;
    must(whole(bits, 1, POSITION_BITS_MAX), `positionBits: must be a whole number from 1 to ${POSITION_BITS_MAX}`);
  }
  const step = stepOf(init);
  must(positive(step), "step: must be a positive number");
  if (problems.length === 0) {
    const steps = Math.max(width!, height!) / step;
    must(steps < 2 ** POSITION_BITS_MAX, `step: the area has more than 2^${POSITION_BITS_MAX} of them`);
    must(init.cell >= step, "cell: must not be smaller than the step of positions");
    must(init.cell / step <= 2 ** CELL_BITS_MAX, `cell: has more than 2^${CELL_BITS_MAX} steps of positions`);
    const cells = Math.ceil(width! / init.cell + 1) * Math.ceil(height! / init.cell + 1);
    must(cells <= CELLS_MAX, `cell: the area has ${cells} cells; at most ${CELLS_MAX} are possible`);
  }
  if (init.entitiesMax !== undefined) {
    must(whole(init.entitiesMax, 1, ENTITIES_MAX), `entitiesMax: must be a whole number from 1 to ${ENTITIES_MAX}`);
  }
  const kinds = Object.entries(init.kinds ?? {});
  must(kinds.length >= 1 && kinds.length <= KINDS_MAX, `kinds: must be 1 to ${KINDS_MAX}`);
  for (const [name, { angle, fields }] of kinds) {
    const angleGood = angle === undefined || whole(angle, 1, ANGLE_BITS_MAX);
    must(angleGood, `kinds.${name}.angle: must be a whole number of bits from 1 to ${ANGLE_BITS_MAX}`);
    problems.push(...fieldProblems(`kinds.${name}.fields`, fields));
  }
  const events = Object.entries(init.events ?? {});
  must(events.length <= KINDS_MAX, `events: must be at most ${KINDS_MAX}`);
  for (const [name, { fields }] of events) problems.push(...fieldProblems(`events.${name}.fields`, fields));
  return problems;
}

function fieldProblems(path: string, fields: Fields = {}): string[] {
  const entries = Object.entries(fields);
  const problems = entries.flatMap(([name, field]) => {
    const found = RESERVED.includes(name) ? ["this name is taken"] : fieldProblem(field);
    return found.map((problem) => `${path}.${name}: ${problem}`);
  });
  if (entries.length > FIELDS_MAX) problems.push(`${path}: at most ${FIELDS_MAX} are possible`);
  return problems;
}

function fieldProblem(field: Field): string[] {
  if (field?.type !== "int" && field?.type !== "oneOf") return ["must be int(…), oneOf(…) or flag()"];
  if (field.type === "int" && !(Number.isInteger(field.min) && Number.isInteger(field.max) && field.min <= field.max))
    return ["min and max must be whole numbers, min not above max"];
  if (field.type === "oneOf" && field.values.length === 0) return ["must have a value"];
  if (field.type === "oneOf" && new Set(field.values).size !== field.values.length) return ["has a value twice"];
  return sizeOf(field) <= 2 ** FIELD_BITS_MAX ? [] : [`has more than 2^${FIELD_BITS_MAX} values`];
}

function stepOf(init: StreamInit<Kinds, Events>): number {
  if ("step" in init) return init.step;
  return Math.max(init.area?.width, init.area?.height) / (2 ** init.positionBits - 1);
}

/** A definition that nobody can encode by; no restart mends it. */
export class StreamRefused extends Error {
  constructor(problems: readonly string[]) {
    super(`stream: ${problems.join("\nstream: ")}`);
    this.name = "StreamRefused";
  }
}

/** Checks and freezes a definition. Throws one StreamRefused that lists every problem. */
export function defineStream<const K extends Kinds, const E extends Events = Record<never, never>>(
  init: StreamInit<K, E>,
): StreamDefinition<K, E> {
  const problems = streamProblems(init);
  if (problems.length > 0) throw new StreamRefused(problems);
  const { area, cell, kinds, entitiesMax = ENTITIES_DEFAULT } = init;
  return Object.freeze({ area, cell, step: stepOf(init), entitiesMax, kinds, events: init.events ?? ({} as E) });
}

/** What a definition is made of. */
export { flag, int, oneOf } from "./fields.ts";
