/**
 * All entities as rows of typed arrays, in a free list with generations. What the encoder touches for an entity and tick lies together:
 * four numbers of now (what a chain last told lies in the chain). Rows grow by doubling up to the definition's `entitiesMax`.
 *
 * A row that was freed is not used again until every chain, the slowest included, has told its leaving: a client that follows chains of
 * different rates never has one row as two entities.
 */
import { GENERATION_BITS, ID_INDEX_BITS, type Layout, RATES, SLOWEST } from "@frontrow/shared/stream/layout.ts";

/** now: x, y, angle, cell (-1: there is nobody). */
export const NOW = 4;
/** What a chain had told of an entity when it let go of it: x, y, angle. */
export const PARTED = 3;

export interface RateTable {
  /** The cell whose chain of this rate has the entity in its slots; -1: none. And its place there. */
  heldBy: Int32Array;
  place: Int32Array;
  /** Fields that were set since, a bit each. */
  changes: Uint16Array;
  /** The step in which a chain of this rate let go of it. */
  leftAt: Int32Array;
  parted: Int32Array;
  /** Entities that rested and changed: a list for each chain. */
  nextStirred: Int32Array;
}

export interface Entities {
  rows: number;
  /** Rows that were ever used. */
  used: number;
  alive: number;
  now: Int32Array;
  kind: Uint8Array;
  generation: Uint8Array;
  fields: Int32Array;
  /** The step whose encoding is the first to tell its last change; for a freed row, its removal. */
  changedAt: Int32Array;
  /** The same for its coming to its cell. */
  arrivedAt: Int32Array;
  /** Others in the same cell, newest first; for a freed row, the next to be used. */
  next: Int32Array;
  previous: Int32Array;
  /** One bit a rate: it rests in the slots of that rate's chain. */
  asleep: Uint8Array;
  readonly tables: readonly RateTable[];
  freeFirst: number;
  freeLast: number;
}

const ROWS_FIRST = 256;
const INDEX_MASK = 2 ** ID_INDEX_BITS - 1;
const GENERATION_MASK = 2 ** GENERATION_BITS - 1;

export function createEntities(layout: Layout): Entities {
  const none = new Int32Array(0);
  const table = (): RateTable => ({
    heldBy: none,
    place: none,
    changes: new Uint16Array(0),
    leftAt: none,
    parted: none,
    nextStirred: none,
  });
  const bytes = new Uint8Array(0);
  const entities: Entities = {
    rows: 0,
    used: 0,
    alive: 0,
    now: none,
    kind: bytes,
    generation: bytes,
    fields: none,
    changedAt: none,
    arrivedAt: none,
    next: none,
    previous: none,
    asleep: bytes,
    tables: RATES.map(table),
    freeFirst: -1,
    freeLast: -1,
  };
  grow(entities, layout, Math.min(ROWS_FIRST, layout.entitiesMax));
  return entities;
}

function grow(entities: Entities, layout: Layout, rows: number): void {
  const ints = (old: Int32Array, width: number, fill = 0) => {
    const larger = new Int32Array(rows * width).fill(fill, old.length);
    larger.set(old);
    return larger;
  };
  const bytes = (old: Uint8Array) => {
    const larger = new Uint8Array(rows);
    larger.set(old);
    return larger;
  };
  entities.now = ints(entities.now, NOW, -1);
  entities.fields = ints(entities.fields, layout.fieldsMost);
  for (const name of ["changedAt", "arrivedAt"] as const) entities[name] = ints(entities[name], 1);
  for (const name of ["next", "previous"] as const) entities[name] = ints(entities[name], 1, -1);
  for (const name of ["kind", "generation", "asleep"] as const) entities[name] = bytes(entities[name]);
  for (const table of entities.tables) {
    for (const name of ["heldBy", "place", "leftAt", "nextStirred"] as const) table[name] = ints(table[name], 1, -1);
    table.parted = ints(table.parted, PARTED);
    const changes = new Uint16Array(rows);
    changes.set(table.changes);
    table.changes = changes;
  }
  entities.rows = rows;
}

/** A row for a new entity; throws where `entitiesMax` are taken, those that were just freed included. */
export function takeRow(entities: Entities, layout: Layout, step: number): number {
  const { freeFirst } = entities;
  if (freeFirst >= 0 && entities.changedAt[freeFirst]! + SLOWEST - 1 <= step) {
    entities.freeFirst = entities.next[freeFirst]!;
    if (entities.freeFirst < 0) entities.freeLast = -1;
    entities.alive += 1;
    return freeFirst;
  }
  if (entities.used === entities.rows) {
    if (entities.rows >= layout.entitiesMax)
      throw new RangeError(`The stream holds ${layout.entitiesMax} entities, its definition's entitiesMax.`);
    grow(entities, layout, Math.min(2 * entities.rows, layout.entitiesMax));
  }
  entities.alive += 1;
  return entities.used++;
}

/** Behind all that were freed before, so that a row and its 256 generations come back as late as can be. */
export function freeRow(entities: Entities, row: number, step: number): void {
  entities.generation[row] = (entities.generation[row]! + 1) & GENERATION_MASK;
  entities.now[row * NOW + 3] = -1;
  entities.changedAt[row] = step;
  entities.next[row] = -1;
  if (entities.freeLast < 0) entities.freeFirst = row;
  else entities.next[entities.freeLast] = row;
  entities.freeLast = row;
  entities.alive -= 1;
}

export const idOf = (entities: Entities, row: number): number => row + (entities.generation[row]! << ID_INDEX_BITS);

/** -1 for an id that is nobody's, or not any more. */
export function rowOf(entities: Entities, id: number): number {
  const row = id & INDEX_MASK;
  const isIts = row < entities.used && entities.generation[row] === id >>> ID_INDEX_BITS;
  return isIts && entities.now[row * NOW + 3]! >= 0 ? row : -1;
}
