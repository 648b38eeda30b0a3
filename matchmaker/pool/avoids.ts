/** Avoid lists: whom a party will not play with. In both directions, and rarely asked in full: the blooms in the slots say no first. */
import { AVOIDS, INTS, PLAYERS, type Records } from "./records.ts";
import { AVOID_MAX, type Backfill, type PoolTicket } from "./words.ts";

/** Whether one of two slots avoids somebody of the other. */
export function avoidEachOther({ ints, entries }: Records, a: number, b: number): boolean {
  const [wordA, wordB] = [a * INTS, b * INTS];
  const may = (ints[wordA + AVOIDS]! & ints[wordB + PLAYERS]!) | (ints[wordB + AVOIDS]! & ints[wordA + PLAYERS]!);
  return may !== 0 && (avoids(entries[a]!, entries[b]!) || avoids(entries[b]!, entries[a]!));
}

function avoids(one: PoolTicket | Backfill, other: PoolTicket | Backfill): boolean {
  if (!("avoid" in one)) return false;
  const list = one.avoid.length > AVOID_MAX ? one.avoid.slice(0, AVOID_MAX) : one.avoid;
  if ("players" in other) return other.players.some(({ playerId }) => list.includes(playerId));
  return other.playerIds.some((playerId) => list.includes(playerId));
}

/** One of 32 bits; ids end in what tells them apart. */
export function bloomBit(id: string): number {
  let hash = id.length;
  for (let at = Math.max(0, id.length - 4); at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return 1 << (Math.imul(hash, 0x9e3779b1) >>> 27);
}
