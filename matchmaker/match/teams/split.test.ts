import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TeamShape } from "../../pool/rules.ts";
import { createFillStates } from "./fill-states.ts";
import { createSplit, type SplitGoal } from "./split.ts";

interface Party {
  readonly size: number;
  readonly rating: number;
  readonly mask?: number;
}

const plain = (seats: readonly number[]): TeamShape[] => seats.map((each) => ({ seats: each, roles: [] }));

/** The least difference of the teams' means over every assignment that fills the teams; Infinity: none does. */
function bruteForce(
  seats: readonly number[],
  parties: readonly Party[],
  there: readonly number[],
  theirs: number,
): number {
  let best = Number.POSITIVE_INFINITY;
  const teams = new Array<number>(parties.length).fill(0);
  const visit = (i: number): void => {
    if (i === parties.length) {
      const means = seats.map((each, team) => {
        const mine = parties.filter((_, at) => teams[at] === team);
        const size = mine.reduce((sum, party) => sum + party.size, 0);
        if (size + there[team]! !== each) return undefined;
        const sum = mine.reduce((total, party) => total + party.rating * party.size, there[team]! * theirs);
        return sum / each;
      });
      if (means.some((mean) => mean === undefined)) return;
      const known = means as number[];
      best = Math.min(best, Math.max(...known) - Math.min(...known));
      return;
    }
    for (let team = 0; team < seats.length; team++) {
      teams[i] = team;
      visit(i + 1);
    }
  };
  visit(0);
  return best;
}

/** Parties that fill the teams, in some order. */
const filling = (seats: readonly number[]) =>
  fc.infiniteStream(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 800, max: 2_200 }))).map((stream) => {
    const parties: Party[] = [];
    for (let left of seats) {
      while (left > 0) {
        const [size, rating] = stream.next().value!;
        parties.push({ size: Math.min(left, size), rating });
        left -= parties.at(-1)!.size;
      }
    }
    return parties.sort((a, b) => a.rating - b.rating);
  });

const splitOf = (shapes: readonly TeamShape[], parties: readonly Party[], goal: Partial<SplitGoal> = {}) => {
  const teams = new Int32Array(64);
  const difference = createSplit(shapes)(
    {
      count: parties.length,
      sizes: Int32Array.from(parties, ({ size }) => size),
      ratings: Float64Array.from(parties, ({ size, rating }) => size * rating),
      masks: parties.map(({ size, mask = -1 }) => new Array<number>(size).fill(mask)),
    },
    {
      free: shapes.map(({ seats }) => seats),
      playersIn: shapes.map(() => 0),
      ratingsIn: shapes.map(() => 0),
      isWanted: undefined,
      rolesLax: false,
      hasBots: false,
      ...goal,
    },
    teams,
  );
  return { difference, teams: Array.from(teams.subarray(0, parties.length)) };
};

describe("the fairest split", () => {
  const shapes = fc.constantFrom([5, 5], [3, 3], [2, 2, 2], [1, 4], [2, 3, 1], [1, 1, 1, 1], [4], [3, 5]);
  it("[RD21] is as fair as the best of all assignments, and its teams are full", () => {
    let unfair = 0;
    fc.assert(
      fc.property(
        shapes.chain((seats) => fc.tuple(fc.constant(seats), filling(seats))),
        ([seats, parties]) => {
          const { difference, teams } = splitOf(plain(seats), parties);
          expect(difference).toBeCloseTo(
            bruteForce(
              seats,
              parties,
              seats.map(() => 0),
              0,
            ),
            9,
          );
          if (difference > 0) unfair++;
          for (let team = 0; team < seats.length; team++) {
            const players = parties.reduce((sum, { size }, i) => sum + (teams[i] === team ? size : 0), 0);
            expect(players).toBe(seats[team]);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(unfair).toBeGreaterThan(50);
  });
  it("[RD21] counts who is in a running room already", () => {
    fc.assert(
      fc.property(filling([2, 3]), fc.integer({ min: 800, max: 2_200 }), (parties, theirs) => {
        const { difference } = splitOf(plain([5, 5]), parties, {
          free: [2, 3],
          playersIn: [3, 2],
          ratingsIn: [3 * theirs, 2 * theirs],
        });
        expect(difference).toBeCloseTo(bruteForce([5, 5], parties, [3, 2], theirs), 9);
      }),
      { numRuns: 60 },
    );
  });
  it("[RD21] with roles it is the fairest of those in which everybody has one", () => {
    const roles = [
      { bit: 1, min: 1, max: 1 },
      { bit: 2, min: 0, max: 1 },
    ];
    const two = { seats: 2, roles };
    // Fairest without roles: 1,000 with 1,900; but both of these would only be the first role.
    const parties = [
      { size: 1, rating: 1_000, mask: 1 },
      { size: 1, rating: 1_900, mask: 1 },
      { size: 1, rating: 1_400, mask: 2 },
      { size: 1, rating: 1_500, mask: 3 },
    ];
    const { difference, teams } = splitOf([two, two], parties);
    expect(teams[0]).not.toBe(teams[1]);
    expect(difference).toBe(400);
    expect(
      splitOf(
        [two, two],
        parties.map((party) => ({ ...party, mask: 2 })),
      ).difference,
    ).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("fill states", () => {
  it("[RD21] stand for the fills of equal teams in any order, and know where a party may sit down", () => {
    const states = createFillStates([5, 5]);
    expect(states.count).toBe(21);
    expect(createFillStates([2, 2, 2, 2, 2, 2]).count).toBe(28);
    expect(states.of([2, 4])).toBe(states.of([4, 2]));
    const after = (fills: number[], party: number) => {
      const row = states.of(fills) * (states.sizes + 1) + party;
      return Array.from(states.next.subarray(states.nextAt[row], states.nextAt[row + 1])).sort();
    };
    expect(after([2, 4], 1)).toEqual([states.of([3, 4]), states.of([2, 5])].sort());
    expect(after([2, 4], 3)).toEqual([states.of([5, 4])]);
    expect(after([3, 3], 3)).toEqual([]);
    expect(states.players[states.full]).toBe(10);
    expect([states.unevenness[states.of([1, 4])], states.everywhere[states.of([0, 4])]]).toEqual([3, 0]);
  });
});
