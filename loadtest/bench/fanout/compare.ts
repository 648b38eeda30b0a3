/** Holds what clients show against what the server has, at one tick: every number of every thing. */
import { arena, ROW, type Truth } from "./world.ts";

export interface Captured {
  /** The thing in the middle of what it sees: its place in the world. */
  readonly follows: number;
  /** Undefined: it had no frame of that tick. */
  readonly rows: Int32Array | undefined;
}
export interface Compared {
  readonly views: number;
  readonly shown: number;
  /** Shown, but not so; or near, and not shown. */
  readonly wrong: number;
}

const WIDTH = ROW.length;

/** `near`: what each must show, around what it follows. */
export function compare(all: readonly Captured[], truth: Truth, near: number): Compared {
  const placeOf = new Map<number, number>();
  for (let at = 0; at < truth.rows.length; at += WIDTH) placeOf.set(truth.rows[at]!, at);
  let [shown, wrong] = [0, 0];
  for (const { follows, rows } of all) {
    const seen = new Set<number>();
    for (let at = 0; rows && at < rows.length; at += WIDTH) {
      seen.add(rows[at]!);
      shown++;
      if (!isSame(rows, at, truth.rows, placeOf.get(rows[at]!))) wrong++;
    }
    for (const id of idsNear(truth.rows, follows * WIDTH, near / arena.step)) if (!seen.has(id)) wrong++;
  }
  return { views: all.length, shown, wrong };
}

function isSame(rows: Int32Array, at: number, truth: Int32Array, place: number | undefined): boolean {
  if (place === undefined) return false;
  for (let column = 0; column < WIDTH; column++) if (rows[at + column] !== truth[place + column]) return false;
  return true;
}

function* idsNear(rows: Int32Array, middle: number, near: number): Generator<number> {
  for (let at = 0; at < rows.length; at += WIDTH) {
    const [dx, dy] = [rows[at + 1]! - rows[middle + 1]!, rows[at + 2]! - rows[middle + 2]!];
    if (dx * dx + dy * dy <= near * near) yield rows[at]!;
  }
}
