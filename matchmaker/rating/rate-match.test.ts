import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate } from "./rate.ts";
import { rateMatch } from "./rate-match.ts";
import type { Skill } from "./rating-store.ts";
import { START_SKILL } from "./skill.ts";

const none = new Set<string>();
const fresh = () => START_SKILL;
const mu = (rated: Map<string, Skill>, playerId: string) => rated.get(playerId)?.mu ?? Number.NaN;
const one = (skill = START_SKILL) => skill;

describe("ranks", () => {
  it("[RA4] a team's rank is the best of its players', and who has none shares it", () => {
    const teams = [
      ["ada", "bob"],
      ["eve", "kim"],
    ];
    const found = rateMatch({ teams }, { ranks: { bob: 4, eve: 2, kim: 3 } }, none, fresh);
    const [lost, won] = rate(
      [
        [one(), one()],
        [one(), one()],
      ],
      [4, 2],
    );
    expect(found.get("ada")).toEqual(lost![0]);
    expect(found.get("bob")).toEqual(lost![1]);
    expect(found.get("kim")).toEqual(won![0]);
  });

  it("[RA4] a team that is not ranked comes last, and ranks of strangers are nothing", () => {
    const teams = [["ada"], ["bob"], ["eve"]];
    const found = rateMatch({ teams }, { ranks: { ada: 1, eve: 7, stranger: 2 } }, none, fresh);
    const places = rate([[one()], [one()], [one()]], [1, 8, 7]);
    expect([...found.values()]).toEqual(places.flat());
  });

  it("[RA4] a lone team is a free-for-all", () => {
    const found = rateMatch({ teams: [["ada", "bob", "eve"]] }, { ranks: { ada: 2, bob: 1, eve: 3 } }, none, fresh);
    expect([...found.values()]).toEqual(rate([[one()], [one()], [one()]], [2, 1, 3]).flat());
  });

  it("[RA4] without ranks, or against bots alone, nothing is rated", () => {
    expect(rateMatch({ teams: [["ada"], ["bob"]] }, { ranks: {} }, none, fresh).size).toBe(0);
    expect(rateMatch({ teams: [["ada"], ["bob"]] }, { ranks: { eve: 1 } }, none, fresh).size).toBe(0);
    expect(rateMatch({ teams: [["ada", "bob"], []] }, { ranks: { ada: 1 } }, none, fresh).size).toBe(0);
    expect(rateMatch({ teams: [["ada"]] }, { ranks: { ada: 1 } }, none, fresh).size).toBe(0);
  });

  it("[RA4] a player id that every object has is a name like others", () => {
    const found = rateMatch({ teams: [["constructor"], ["ada"]] }, { ranks: { ada: 1 } }, none, fresh);
    expect(mu(found, "ada")).toBeGreaterThan(25);
    expect(mu(found, "constructor")).toBeLessThan(25);
  });
});

describe("who left", () => {
  const teams = [
    ["ada", "bob"],
    ["eve", "kim"],
  ];

  it("[RA3] loses though his team won, as if it had come last, and the others are rated without him", () => {
    const found = rateMatch({ teams }, { ranks: { ada: 1, bob: 1, eve: 2, kim: 2 } }, new Set(["bob"]), fresh);
    const stayed = rate([[one()], [one(), one()]], [1, 2]);
    expect(found.get("ada")).toEqual(stayed[0]![0]);
    expect(found.get("eve")).toEqual(stayed[1]![0]);
    const whole = rate(
      [
        [one(), one()],
        [one(), one()],
      ],
      [2, 1],
    );
    expect(found.get("bob")).toEqual(whole[0]![1]);
  });

  it("[RA3] a team of which everybody left counts as last, whatever its rank", () => {
    const found = rateMatch({ teams }, { ranks: { ada: 1, eve: 2 } }, new Set(["ada", "bob"]), fresh);
    expect(mu(found, "ada")).toBeLessThan(25);
    expect(mu(found, "eve")).toBeGreaterThan(25);
  });

  it("[RA3] a draw is a loss for who left it", () => {
    const found = rateMatch({ teams: [["ada"], ["bob"]] }, { ranks: { ada: 1, bob: 1 } }, new Set(["bob"]), fresh);
    expect(mu(found, "bob")).toBeLessThan(25);
    expect(mu(found, "ada")).toBeGreaterThan(25);
  });

  const skill = fc.record({
    mu: fc.double({ min: -20, max: 80, noNaN: true }),
    sigma: fc.double({ min: 0.5, max: 9, noNaN: true }),
  });
  const match = fc
    .array(fc.array(fc.tuple(skill, fc.boolean(), fc.option(fc.integer({ min: 1, max: 9 }))), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((sides) => {
      const named = sides.map((side, at) => side.map((player, place) => ({ id: `p${at}-${place}`, player })));
      const all = named.flat();
      return {
        teams: named.map((side) => side.map(({ id }) => id)),
        skills: new Map(all.map(({ id, player }) => [id, player[0]])),
        left: new Set(all.filter(({ player }) => player[1]).map(({ id }) => id)),
        ranks: Object.fromEntries(all.flatMap(({ id, player }) => (player[2] === null ? [] : [[id, player[2]]]))),
      };
    });

  it("[RA3] never gains, in any match, and nobody's skill stops being a number", () => {
    let rated = 0;
    fc.assert(
      fc.property(match, ({ teams, skills, left, ranks }) => {
        const found = rateMatch({ teams }, { ranks }, left, (id) => skills.get(id)!);
        if (found.size > 0) expect([...found.keys()].sort()).toEqual(teams.flat().sort());
        for (const [id, after] of found) {
          rated++;
          expect(Number.isFinite(after.mu) && after.sigma > 0).toBe(true);
          if (left.has(id)) expect(after.mu).toBeLessThanOrEqual(skills.get(id)!.mu);
        }
      }),
      { numRuns: 300 },
    );
    expect(rated).toBeGreaterThan(500);
  });
});
