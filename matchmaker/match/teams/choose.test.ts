import { match } from "@frontrow/shared/config/match-mode.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPool } from "../../pool/pool.ts";
import { diceOf, ticketOf } from "../../pool/sample-tickets.ts";
import { violations } from "../../pool/violations.ts";
import { runRound } from "../../round.ts";

/** One anchor and its surroundings: everybody within reach, nobody holds, one look. */
function lookOf(seats: readonly number[], parties: readonly (readonly number[])[], max: number) {
  const mode = match({ teams: seats.map((each) => ({ seats: each })), skill: [{ afterMs: 0, max }], holdMs: 0 });
  const pool = createPool(mode, { ticketsMax: 1_000 });
  for (const [n, ratings] of parties.entries()) pool.add(ticketOf(`t${n}`, { ratings, sinceMs: n }), 10_000);
  const { proposals } = runRound(pool, { nowMs: 10_000, rng: diceOf(1), anchorsMax: 1 });
  return { mode, proposal: proposals[0], pool };
}

/** Whether parties of these sizes can fill teams of those. */
function fits(seats: readonly number[], sizes: readonly number[]): boolean {
  const [first, ...rest] = sizes;
  if (first === undefined) return seats.every((free) => free === 0);
  return seats.some((free, team) => free >= first && fits(seats.with(team, free - first), rest));
}

const party = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1_300, max: 1_700 }))
  .map(([size, rating]) => new Array<number>(size).fill(rating));

describe("who is chosen", () => {
  it("[RD22] small teams are filled whenever tickets within reach can fill them", () => {
    let full = 0;
    fc.assert(
      fc.property(
        fc.constantFrom([2, 2], [3, 3], [1, 3], [2, 2, 2]),
        fc.array(party, { minLength: 3, maxLength: 9, size: "max" }),
        (seats, parties) => {
          const { proposal } = lookOf(seats, parties, 10_000);
          const sizes = parties.map((ratings) => ratings.length);
          let isPossible = false;
          for (let set = 1; set < 1 << parties.length && !isPossible; set += 2) {
            isPossible = fits(
              seats,
              sizes.filter((_, n) => (set >> n) & 1),
            );
          }
          expect(proposal !== undefined).toBe(isPossible);
          if (proposal) full++;
        },
      ),
      { numRuns: 120 },
    );
    expect(full).toBeGreaterThan(30);
  });
  it("[RD22] single players are the nearest there are, to two bins of 25 points", () => {
    const rating = fc.integer({ min: 1_000, max: 2_000 });
    fc.assert(
      fc.property(fc.array(rating, { minLength: 10, maxLength: 40, size: "max" }), (ratings) => {
        const { proposal } = lookOf(
          [5, 5],
          ratings.map((each) => [each]),
          10_000,
        );
        const reach = proposal!.tickets.map(({ players }) => Math.abs(players[0]!.rating - ratings[0]!));
        const nearest = ratings.map((each) => Math.abs(each - ratings[0]!)).sort((a, b) => a - b);
        expect(Math.max(...reach)).toBeLessThanOrEqual(nearest[9]! + 50);
      }),
      { numRuns: 60 },
    );
  });
  it("[RD22] teams of thirty are filled with whole parties from nearby and made even", () => {
    const dice = diceOf(11);
    for (let game = 0; game < 5; game++) {
      const parties = Array.from({ length: 110 }, () => {
        const rating = 1_500 + Math.round(200 * (dice() - 0.5));
        return Array.from({ length: 1 + Math.floor(dice() * dice() * 4) }, () => rating + Math.round(dice() * 10));
      });
      const { mode, proposal, pool } = lookOf([30, 30], parties, 300);
      expect(proposal).toBeDefined();
      expect(violations(mode, proposal!, 10_000)).toEqual([]);
      expect(proposal!.teams.map((team) => team.length)).toEqual([30, 30]);
      // Better than dealing by lot by far: sixty ratings with a deviation of 58 differ by about 8 in the mean.
      expect(proposal!.quality.imbalance).toBeLessThan(1);
      expect(pool.size).toBe(110 - proposal!.tickets.length);
    }
  });
  it("[RD22] of large teams parties of awkward sizes fill what single players leave", () => {
    const parties = [...new Array(6).fill([1_500, 1_500, 1_500, 1_500]), ...new Array(12).fill([1_501])];
    const { proposal } = lookOf([18, 18], parties, 100);
    expect(proposal!.teams.map((team) => team.length)).toEqual([18, 18]);
  });
});
