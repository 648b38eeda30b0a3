/** Tickets for tests: whatever a test does not say is ordinary. */
import type { Backfill, PoolTicket } from "./words.ts";

export interface Wish {
  readonly ratings?: readonly number[];
  readonly roles?: readonly (readonly string[])[];
  readonly metros?: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly sinceMs?: number;
  readonly avoid?: readonly string[];
}

/** Its players are `<key>.0`, `<key>.1` …; one of 1,500 in fra unless told otherwise. */
export function ticketOf(key: string, wish: Wish = {}): PoolTicket {
  const { ratings = [1_500], roles = [], metros = { fra: 20 }, attributes = {}, sinceMs = 0, avoid = [] } = wish;
  return {
    key,
    players: ratings.map((rating, at) => ({ playerId: `${key}.${at}`, rating, roles: roles[at] ?? [] })),
    metros: Object.entries(metros)
      .map(([metro, rttMs]) => ({ metro, rttMs }))
      .sort((a, b) => a.rttMs - b.rttMs),
    attributes,
    sinceMs,
    avoid,
  };
}

export function roomOf(roomId: string, room: Partial<Backfill> = {}): Backfill {
  return {
    roomId,
    metro: "fra",
    free: [1, 0],
    rating: 1_500,
    attributes: {},
    playerIds: ["somebody"],
    sinceMs: 0,
    ...room,
  };
}

/** Numerical Recipes' generator: enough for lots. */
export function diceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
