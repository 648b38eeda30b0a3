/**
 * The same changes of a chain's order that its clients make (`shared/stream/slots.ts`), on rows. Each row knows its place in the chain that
 * holds it; one that another chain of the rate has taken already, in the step in which this one lets go of it, knows that one's.
 */
import { BASE, type RateTable } from "./entities.ts";
import type { Chain } from "./world.ts";

const PLACE = 7;

export const placeOf = (chain: Chain, { base, heldBy }: RateTable, row: number): number =>
  heldBy[row] === chain.cell ? base[row * BASE + PLACE]! : chain.slots.indexOf(row);

function put(chain: Chain, { base, heldBy }: RateTable, at: number, row: number): void {
  chain.slots[at] = row;
  if (heldBy[row] === chain.cell) base[row * BASE + PLACE] = at;
}

export function takeOut(chain: Chain, table: RateTable, at: number): void {
  const { slots } = chain;
  let hole = at;
  if (at < chain.awake) {
    chain.awake -= 1;
    put(chain, table, at, slots[chain.awake]!);
    hole = chain.awake;
  }
  chain.count -= 1;
  if (hole < chain.count) put(chain, table, hole, slots[chain.count]!);
}

export function putIn(chain: Chain, table: RateTable, row: number): void {
  if (chain.count === chain.slots.length) {
    const larger = new Int32Array(2 * chain.slots.length);
    larger.set(chain.slots);
    chain.slots = larger;
  }
  if (chain.awake < chain.count) put(chain, table, chain.count, chain.slots[chain.awake]!);
  put(chain, table, chain.awake, row);
  chain.awake += 1;
  chain.count += 1;
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
  const first = chain.slots[a]!;
  const second = chain.slots[b]!;
  put(chain, table, a, second);
  put(chain, table, b, first);
}
