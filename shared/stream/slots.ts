/**
 * What a client holds: cells, each a list of slots in the order that the server's chain has, those that move before those that rest.
 * The order is part of the format, since a delta names slots by their places; these are its only three changes.
 */
import type { Rate } from "./layout.ts";

/** One entity as one cell has it. For a tick or three an entity can be in two cells whose chains step at different rates. */
export interface Slot<Shown = unknown> {
  readonly id: number;
  /** Which of the definition's kinds. */
  readonly kind: number;
  readonly rate: Rate;
  readonly cell: number;
  /** Absolute, in steps. */
  x: number;
  y: number;
  /** The last step of the chain. */
  vx: number;
  vy: number;
  angle: number;
  spin: number;
  /** As they travel: 0 and up. */
  readonly fields: number[];
  /** Goes up with every change of a field. */
  revision: number;
  /** What the client shows for it; several slots of one id share it. */
  shown: Shown;
}

export interface HeldCell<Shown = unknown> {
  readonly rate: Rate;
  readonly slots: Slot<Shown>[];
  /** The first so many move. */
  awake: number;
}

/** The last that moves takes its place, the last of all takes that one's. */
export function takeOut<S>(cell: HeldCell<S>, at: number): Slot<S> {
  const { slots } = cell;
  const taken = slots[at]!;
  let hole = at;
  if (at < cell.awake) {
    cell.awake -= 1;
    slots[at] = slots[cell.awake]!;
    hole = cell.awake;
  }
  slots[hole] = slots[slots.length - 1]!;
  slots.pop();
  return taken;
}

/** Behind the last that moves; the first that rests goes to the end. */
export function putIn<S>(cell: HeldCell<S>, slot: Slot<S>): void {
  cell.slots.push(cell.slots[cell.awake] ?? slot);
  cell.slots[cell.awake] = slot;
  cell.awake += 1;
}

/** Changes places with the first that rests, which is then the last that moves. */
export function wakeUp<S>(cell: HeldCell<S>, at: number): void {
  swap(cell.slots, at, cell.awake);
  cell.awake += 1;
}

/** Changes places with the last that moves, which is then the first that rests. */
export function layDown<S>(cell: HeldCell<S>, at: number): void {
  cell.awake -= 1;
  swap(cell.slots, at, cell.awake);
}

function swap<T>(list: T[], a: number, b: number): void {
  const kept = list[a]!;
  list[a] = list[b]!;
  list[b] = kept;
}
