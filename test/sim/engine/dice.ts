/** Chance, from a seed, so that a run can be had again: mulberry32 (T. Ettinger, 2017), 32 bits of state. */
export interface Dice {
  /** 0 to 1, without 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number below `end`. */
  below(end: number): number;
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** Dice of one's own: what one part of the world throws moves no other part. */
  fork(): Dice;
}

export function createDice(seed: number): Dice {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    between: (from, to) => from + next() * (to - from),
    pick: (list) => list[below(list.length)]!,
    fork: () => createDice(below(2 ** 32)),
  };
}
