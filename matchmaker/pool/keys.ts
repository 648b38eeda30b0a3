/**
 * Slots by ticket key: open addressing in one Int32Array. A `Map` of 100,000 strings takes a quarter of a microsecond to set and delete
 * (it touches the string, its bucket and its entry); here a ticket leaves by the hash in its record, and nothing else is touched.
 * An entry is ten bits of the hash and the slot; at most three quarters of the places are taken.
 */
import { HASH, INTS, type Records } from "./records.ts";
import type { PoolTicket } from "./words.ts";

const PLACES_AT_FIRST = 512;
const SLOT_BITS = 22;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
/** A place that was taken once: a search goes on behind it. No ticket has slot number 0 here, they count from 1. */
const LEFT = 1 << SLOT_BITS;

export interface Keys {
  readonly size: number;
  /** Its slot, or -1. */
  find(key: string): number;
  add(key: string, slot: number): void;
  remove(slot: number): void;
}

export function createKeys(records: Records): Keys {
  let table = new Int32Array(PLACES_AT_FIRST);
  let mask = PLACES_AT_FIRST - 1;
  let size = 0;
  /** Places that are not empty, whoever left them included. */
  let used = 0;
  const put = (hash: number, slot: number) => {
    let at = hash & mask;
    while ((table[at]! & SLOT_MASK) !== 0) at = (at + 1) & mask;
    if (table[at] === 0) used++;
    table[at] = (hash & ~SLOT_MASK) | (slot + 1);
  };
  const rebuild = () => {
    const old = table;
    const places = size * 2 > old.length ? old.length * 2 : old.length;
    table = new Int32Array(places);
    mask = places - 1;
    used = 0;
    for (const entry of old) {
      const slot = (entry & SLOT_MASK) - 1;
      if (slot >= 0) put(records.ints[slot * INTS + HASH]!, slot);
    }
  };
  return {
    get size() {
      return size;
    },
    find(key) {
      const hash = hashOf(key);
      for (let at = hash & mask; table[at] !== 0; at = (at + 1) & mask) {
        const entry = table[at]!;
        const slot = (entry & SLOT_MASK) - 1;
        if (slot < 0 || (entry ^ hash) >>> SLOT_BITS !== 0) continue;
        if ((records.entries[slot] as PoolTicket).key === key) return slot;
      }
      return -1;
    },
    add(key, slot) {
      if (used * 4 >= table.length * 3) rebuild();
      const hash = hashOf(key);
      records.ints[slot * INTS + HASH] = hash;
      put(hash, slot);
      size++;
    },
    remove(slot) {
      let at = records.ints[slot * INTS + HASH]! & mask;
      while ((table[at]! & SLOT_MASK) !== slot + 1) at = (at + 1) & mask;
      size--;
      if (table[(at + 1) & mask] !== 0) {
        table[at] = LEFT;
        return;
      }
      // Nothing follows: this place, and those before it that were left, are empty again.
      do {
        table[at] = 0;
        used--;
        at = (at - 1) & mask;
      } while (table[at] === LEFT);
    },
  };
}

/** MurmurHash3's mixing (Appleby 2008) over UTF-16 units. */
function hashOf(key: string): number {
  let hash = key.length;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
