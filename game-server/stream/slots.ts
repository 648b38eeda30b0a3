/**
 * The same changes of a chain's order that its clients make (`shared/stream/slots.ts`), on rows and what the chain last told of them. Each row
 * knows its place in the chain that holds it; one that another chain of the rate has taken already, in the step in which this one lets go of it,
 * knows that one's.
 */
import type { RateTable } from "./entities.ts";
import type { Chain } from "./world.ts";

/** Numbers of a slot: what was last told (x, y, the speed of the last step, angle, its speed), and of which row. One array for all, since a step reads all. */
export const SLOT = 7;
export const ROW = 6;

export function placeOf({ cell, slots, count }: Chain, { place, heldBy }: RateTable, row: number): number {
  if (heldBy[row] === cell) return place[row]!;
  let at = 0;
  while (at < count && slots[at * SLOT + ROW] !== row) at += 1;
  return at;
}

function move({ cell, slots }: Chain, { place, heldBy }: RateTable, from: number, to: number): void {
  for (let n = 0; n < SLOT; n++) slots[to * SLOT + n] = slots[from * SLOT + n]!;
  const row = slots[to * SLOT + ROW]!;
  if (heldBy[row] === cell) place[row] = to;
}

export function takeOut(chain: Chain, table: RateTable, at: number): void {
  let hole = at;
  if (at < chain.awake) {
    chain.awake -= 1;
    move(chain, table, chain.awake, at);
    hole = chain.awake;
  }
  chain.count -= 1;
  if (hole < chain.count) move(chain, table, chain.count, hole);
}

/** Its place; what is told of it is the caller's to write. */
export function putIn(chain: Chain, table: RateTable, row: number): number {
  // One more than is used: a swap needs it.
  if ((chain.count + 2) * SLOT > chain.slots.length) grow(chain);
  const at = chain.awake;
  if (at < chain.count) move(chain, table, at, chain.count);
  chain.slots[at * SLOT + ROW] = row;
  table.place[row] = at;
  chain.awake += 1;
  chain.count += 1;
  return at;
}

function grow(chain: Chain): void {
  const larger = new Int32Array(2 * chain.slots.length);
  larger.set(chain.slots);
  chain.slots = larger;
}

export function wakeUp(chain: Chain, table: RateTable, at: number): void {
  swap(chain, table, at, chain.awake);
  chain.awake += 1;
}

export function layDown(chain: Chain, table: RateTable, at: number): void {
  chain.awake -= 1;
  swap(chain, table, at, chain.awake);
}

function swap(chain: Chain, table: RateTable, a: number, b: number): void {
  if (a === b) return;
  move(chain, table, a, chain.count);
  move(chain, table, b, a);
  move(chain, table, chain.count, b);
}
