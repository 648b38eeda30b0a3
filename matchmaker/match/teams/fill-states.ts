/**
 * How full the teams of a match can be. Teams of equal size are interchangeable here, so a state is the sorted fill of each class of
 * teams: 21 states instead of 36 for 5v5, 28 instead of 729 for six pairs. States are numbered by how many players they hold.
 */

export interface FillStates {
  readonly count: number;
  readonly full: number;
  /** Players by state. */
  readonly players: Int32Array;
  /** By state: free seats of the emptiest team less those of the fullest one. */
  readonly unevenness: Int32Array;
  /** By state: 1 when no team is empty. */
  readonly everywhere: Uint8Array;
  /** The states after a party of `size` sat down: `next[at(state, size)] …` up to `next[at(state, size + 1)]`. */
  readonly next: Int32Array;
  readonly nextAt: Int32Array;
  readonly sizes: number;
  /** The state of these fills, in the mode's order of teams. */
  of(fills: ArrayLike<number>): number;
}

export function createFillStates(seats: readonly number[]): FillStates {
  const size = seats.reduce((product, each) => product * (each + 1), 1);
  const sorted = (fills: readonly number[]) => sortedByClass(seats, fills);
  const code = (fills: ArrayLike<number>) => {
    let value = 0;
    for (let team = 0; team < seats.length; team++) value = value * (seats[team]! + 1) + fills[team]!;
    return value;
  };
  const found = new Map<number, number[]>();
  const queue: number[][] = [seats.map(() => 0)];
  found.set(0, queue[0]!);
  for (const fills of queue) {
    for (let team = 0; team < seats.length; team++) {
      if (fills[team] === seats[team]) continue;
      const more = sorted(fills.map((fill, at) => (at === team ? fill + 1 : fill)));
      if (found.has(code(more))) continue;
      found.set(code(more), more);
      queue.push(more);
    }
  }
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const states = queue.sort((a, b) => sum(a) - sum(b));
  const numbers = new Map(states.map((fills, at) => [code(fills), at]));
  const sizes = Math.max(...seats);
  const next: number[] = [];
  const nextAt = new Int32Array(states.length * (sizes + 1) + 1);
  states.forEach((fills, state) => {
    for (let party = 0; party <= sizes; party++) {
      const after = new Set<number>();
      for (let team = 0; party > 0 && team < seats.length; team++) {
        if (fills[team]! + party > seats[team]!) continue;
        after.add(numbers.get(code(sorted(fills.map((fill, at) => (at === team ? fill + party : fill)))))!);
      }
      next.push(...after);
      nextAt[state * (sizes + 1) + party + 1] = next.length;
    }
  });
  const free = (fills: readonly number[]) => fills.map((fill, team) => seats[team]! - fill);
  // Sorting is the dear part of `of`, which a search calls often: all fills are few enough to be kept.
  const numberOf = size <= 1 << 13 ? new Int32Array(size).fill(-1) : undefined;
  return {
    count: states.length,
    full: states.length - 1,
    players: Int32Array.from(states, sum),
    unevenness: Int32Array.from(states, (fills) => Math.max(...free(fills)) - Math.min(...free(fills))),
    everywhere: Uint8Array.from(states, (fills) => (fills.every((fill) => fill > 0) ? 1 : 0)),
    next: Int32Array.from(next),
    nextAt,
    sizes,
    of(fills) {
      const at = code(fills);
      const known = numberOf?.[at] ?? -1;
      if (known >= 0) return known;
      const state = numbers.get(code(sorted(Array.from(fills))))!;
      if (numberOf) numberOf[at] = state;
      return state;
    },
  };
}

/** Fills of equal teams in descending order. */
function sortedByClass(seats: readonly number[], fills: readonly number[]): number[] {
  const sorted = [...fills];
  for (const size of new Set(seats)) {
    const places = seats.flatMap((each, team) => (each === size ? [team] : []));
    const ordered = places.map((team) => fills[team]!).sort((a, b) => b - a);
    places.forEach((team, at) => {
      sorted[team] = ordered[at]!;
    });
  }
  return sorted;
}
