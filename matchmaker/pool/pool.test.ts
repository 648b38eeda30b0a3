import { match } from "@frontrow/shared/config/match-mode.ts";
import { describe, expect, it } from "vitest";
import { runRound } from "../round.ts";
import { createArrivals } from "./arrivals.ts";
import { createGroups } from "./groups.ts";
import { createPool, estimate, type Pool } from "./pool.ts";
import { diceOf, roomOf, ticketOf } from "./sample-tickets.ts";

const skill = [
  { afterMs: 0, max: 100 },
  { afterMs: 10_000, max: 200 },
];
const duel = match({ teams: [{ seats: 1 }, { seats: 1 }], skill, holdMs: 0 });
const round = (pool: Pool, nowMs: number) => runRound(pool, { nowMs, rng: diceOf(3), anchorsMax: 1_000 }).proposals;

describe("the pool", () => {
  it("[RD18] a full pool takes no further ticket, but a newer one of the same key", () => {
    const pool = createPool(duel, { ticketsMax: 2 });
    expect(pool.add(ticketOf("a", { ratings: [100] }), 0)).toBe(true);
    expect(pool.add(ticketOf("b", { ratings: [900] }), 0)).toBe(true);
    expect(pool.add(ticketOf("c"), 0)).toBe(false);
    expect(pool.add(ticketOf("b", { ratings: [110] }), 0)).toBe(true);
    expect([pool.size, pool.players, pool.has("c")]).toEqual([2, 2, false]);
    expect(round(pool, 0)[0]!.quality.spread).toBe(10);
  });
  it("[RD18] what was removed is not matched, and may be added again", () => {
    const pool = createPool(duel, { ticketsMax: 9 });
    pool.add(ticketOf("a"), 0);
    pool.add(ticketOf("b"), 0);
    expect([pool.remove("a"), pool.remove("a"), pool.has("a")]).toEqual([true, false, false]);
    expect(round(pool, 0)).toEqual([]);
    pool.add(ticketOf("a"), 5);
    expect(round(pool, 5)).toHaveLength(1);
    expect([pool.size, pool.players]).toEqual([0, 0]);
  });
  it("[RD18] a slot that is given to another ticket brings neither the old one's turn nor its timer", () => {
    const pool = createPool(duel, { ticketsMax: 9 });
    pool.add(ticketOf("gone", { ratings: [1_500], sinceMs: 0 }), 0);
    pool.remove("gone");
    pool.add(ticketOf("young", { ratings: [1_650], sinceMs: 5_000 }), 5_000);
    round(pool, 5_000);
    // gone would have widened at 10 s; young does at 15 s.
    expect(pool.nextDueMs()).toBeGreaterThan(5_000);
    for (let nowMs = 5_005; nowMs < 14_990; nowMs += 5) round(pool, nowMs);
    pool.add(ticketOf("partner", { ratings: [1_500], sinceMs: 0 }), 14_990);
    expect(round(pool, 14_990)).toEqual([]);
    expect(round(pool, 15_000)).toHaveLength(1);
  });
  it("[RD18] whoever takes over a slot does not take over its turn to look", () => {
    const mode = match({ teams: [{ seats: 1 }, { seats: 1 }], skill, holdMs: 250 });
    const pool = createPool(mode, { ticketsMax: 9_000 });
    for (let n = 0; n < 4_000; n++) pool.add(ticketOf(`x${n}`), 0);
    for (let n = 0; n < 4_000; n++) pool.remove(`x${n}`);
    round(pool, 0);
    // It has waited, so it would look at once; its slot goes to a newcomer that lets others choose first.
    pool.add(ticketOf("gone", { sinceMs: -9_000 }), 0);
    pool.remove("gone");
    pool.add(ticketOf("a"), 0);
    pool.add(ticketOf("b"), 0);
    expect(round(pool, 0)).toEqual([]);
    expect(round(pool, 250)).toHaveLength(1);
  });
  it("[RD18] values of `same` that nobody has any more are forgotten", () => {
    const groups = createGroups(match({ teams: [{ seats: 2 }], same: ["map"] }));
    const first = groups.enter({ map: "ice" });
    expect(groups.enter({ map: "ice" })).toBe(first);
    expect(groups.enter({ map: "dust" })).not.toBe(first);
    groups.leave(first);
    groups.leave(first);
    for (let n = 0; n < 50; n++) {
      expect(groups.enter({ map: n })).toBe(first);
      groups.leave(first);
    }
  });
  it("[RD18] thousands come and go in any order, and the counts stay right", () => {
    const pool = createPool(duel, { ticketsMax: 5_000 });
    const dice = diceOf(5);
    const there = new Map<string, number>();
    for (let n = 0; n < 15_000; n++) {
      const key = `t${Math.floor(dice() * 3_000)}`;
      if (there.delete(key)) pool.remove(key);
      else {
        there.set(key, n);
        pool.add(ticketOf(key, { ratings: [dice() * 3_000], metros: { fra: 5, ams: 9 }, sinceMs: n }), n);
      }
    }
    expect(pool.size).toBe(there.size);
    for (let n = 0; n < 3_000; n++) expect(pool.has(`t${n}`)).toBe(there.has(`t${n}`));
    for (const key of there.keys()) pool.remove(key);
    expect([pool.size, pool.players]).toEqual([0, 0]);
    expect(round(pool, 30_000)).toEqual([]);
  });
});

describe("the private hold", () => {
  const holding = match({ teams: [{ seats: 1 }, { seats: 1 }], skill, holdMs: 250 });
  it("[RD19] hold = holdMs × max(0, 1 − 50 × seats / tickets expected within holdMs)", () => {
    const arrivals = createArrivals({ holdMs: 250, seats: 2 });
    expect(arrivals.holdMs(0)).toBe(0);
    for (let n = 0; n < 400; n++) arrivals.count(1_000);
    // 400 a second are 100 in 250 ms: 50 for each seat of a duel, where holding begins.
    expect(arrivals.holdMs(1_000)).toBe(0);
    for (let n = 0; n < 1_600; n++) arrivals.count(1_000);
    expect(arrivals.holdMs(1_000)).toBeCloseTo(200, 6);
    expect(arrivals.holdMs(1_000 + 1_000 * Math.log(2))).toBeCloseTo(150, 6);
  });
  it("[RD19] in a crowd a newcomer lets others choose it first, and looks itself when its hold is over", () => {
    const pool = createPool(holding, { ticketsMax: 10_000 });
    for (let n = 0; n < 4_000; n++) pool.add(ticketOf(`x${n}`, { ratings: [9_000 + 101 * n] }), 0);
    for (let n = 0; n < 4_000; n++) pool.remove(`x${n}`);
    round(pool, 0);
    pool.add(ticketOf("a", { ratings: [1_500] }), 0);
    pool.add(ticketOf("b", { ratings: [1_540] }), 0);
    expect(round(pool, 0)).toEqual([]);
    expect(pool.explain("a", 0).join()).toMatch(/lets others choose it for another 2\d\d ms/);
    expect(round(pool, 150)).toEqual([]);
    // An old one has no hold: it chooses at once.
    pool.add(ticketOf("old", { ratings: [1_560], sinceMs: -5_000 }), 150);
    expect(round(pool, 150).map(({ tickets }) => tickets.map(({ key }) => key).sort())).toEqual([["b", "old"]]);
    pool.add(ticketOf("c", { ratings: [1_510] }), 150);
    expect(round(pool, 200)).toEqual([]);
    expect(round(pool, 250)).toHaveLength(1);
  });
  it("[RD19] in a sparse pool nobody holds", () => {
    const pool = createPool(holding, { ticketsMax: 100 });
    pool.add(ticketOf("a"), 0);
    pool.add(ticketOf("b"), 0);
    expect(round(pool, 0)).toHaveLength(1);
  });
});

describe("explanations", () => {
  it("[RD23] say who is there, what keeps them apart and what changes when", () => {
    const mode = match({
      teams: [{ seats: 5 }, { seats: 5 }],
      skill: [
        { afterMs: 0, max: 100 },
        { afterMs: 5_000, max: 200 },
      ],
      latency: [
        { afterMs: 0, max: 60 },
        { afterMs: 8_000, max: 120 },
      ],
      same: ["map"],
      bots: { afterMs: 20_000 },
      holdMs: 0,
    });
    const pool = createPool(mode, { ticketsMax: 100 });
    const attributes = { map: "ice" };
    const add = (key: string, rating: number, more = {}) =>
      pool.add(ticketOf(key, { ratings: [rating], attributes, metros: { fra: 20, iad: 90 }, ...more }), 1_000);
    add("me", 1_500);
    add("near", 1_510);
    add("nearer", 1_499);
    add("rude", 1_500, { avoid: ["me.0"] });
    add("strong", 2_200);
    round(pool, 1_000);
    expect(pool.explain("me", 1_000)).toEqual([
      "2 tickets are within its 100 rating points; 7 more are needed",
      "1 ticket is left out by avoid lists",
      "1 ticket is out of its reach by rating, metro or map",
      "its skill window widens to 200 in 4 s",
      "its latency limit widens to 120 ms in 7 s, which opens iad",
      "bots take the empty seats in 19 s",
    ]);
    expect(pool.explain("nobody", 1_000)).toEqual([]);
  });
  it("[RD23] say which role is missing, that the other's window is too narrow, or that no metro will do", () => {
    const roles = [
      { name: "healer", min: 1, max: 1 },
      { name: "fighter", min: 0, max: 1 },
    ];
    const mode = match({
      teams: [{ seats: 2, roles }],
      skill: [
        { afterMs: 0, max: 50 },
        { afterMs: 1_000, max: 500 },
      ],
      latency: [{ afterMs: 0, max: 60 }],
      holdMs: 0,
    });
    const pool = createPool(mode, { ticketsMax: 100 });
    pool.add(ticketOf("me", { roles: [["fighter"]], sinceMs: 0 }), 2_000);
    pool.add(ticketOf("other", { roles: [["fighter"]], ratings: [1_600], sinceMs: 1_900 }), 2_000);
    pool.add(ticketOf("far", { metros: { iad: 85.2 } }), 2_000);
    round(pool, 2_000);
    expect(pool.explain("me", 2_000)).toEqual(
      expect.arrayContaining([
        "1 ticket is within its rating window, but it is not yet within theirs",
        '1 players must play "healer"; 0 would',
        "its skill window is at its widest, 500 points",
      ]),
    );
    expect(pool.explain("far", 2_000)[0]).toBe("its nearest metro is 85 ms away, its latency limit is 60 ms");
  });
  it("[RD24] a proposal says why these players, why there, and what had widened", () => {
    const pool = createPool(duel, { ticketsMax: 9 });
    pool.add(ticketOf("a", { ratings: [1_500], metros: { fra: 12, ams: 30 } }), 0);
    pool.add(ticketOf("b", { ratings: [1_650], metros: { fra: 25 } }), 0);
    expect(round(pool, 10_000)[0]!.why()).toEqual([
      "2 tickets of 2 players; the oldest waited 10 s",
      "their ratings are 150 apart; the narrowest window is 200 points",
      "the teams' mean ratings are 150 apart, sides by lot",
      "fra is best for the worst placed player: 25 ms",
      "skill had widened from 100 points to 200 points",
    ]);
    const backfilled = createPool(match({ teams: [{ seats: 2 }, { seats: 2 }], backfill: true }), { ticketsMax: 9 });
    backfilled.offer(roomOf("fra_7_room1"));
    backfilled.add(ticketOf("a"), 0);
    expect(round(backfilled, 0)[0]!.why()[0]).toBe("room fra_7_room1 asked for players; 1 ticket of 1 player join it");
  });
});

describe("estimates", () => {
  it("[RD25] are a mean of recent waits, of one's own rating band once it has seen eight, and the population", () => {
    const pool = createPool(duel, { ticketsMax: 900 });
    expect(estimate(pool)).toEqual({ players: 0, waitMs: undefined });
    const meet = (rating: number, waitMs: number, n: number) => {
      for (const side of ["a", "b"]) {
        pool.add(ticketOf(`${side}${n}`, { ratings: [rating], sinceMs: 100_000 - waitMs }), 100_000);
      }
      expect(round(pool, 100_000)).toHaveLength(1);
    };
    for (let n = 0; n < 6; n++) meet(1_500, 2_000, n);
    expect(estimate(pool).waitMs).toBeCloseTo(2_000, 6);
    for (let n = 6; n < 12; n++) meet(2_500, 9_000, n);
    expect(estimate(pool, 1_500).waitMs).toBeCloseTo(2_000, 6);
    expect(estimate(pool, 2_500).waitMs).toBeCloseTo(9_000, 6);
    // Twelve matched since the first twelve, each counts a tenth.
    expect(estimate(pool).waitMs).toBeCloseTo(9_000 - 7_000 * 0.9 ** 12, 3);
    expect(estimate(pool, 300).waitMs).toBe(estimate(pool).waitMs);
    pool.add(ticketOf("me", { ratings: [1, 2] }), 100_000);
    expect(estimate(pool).players).toBe(2);
  });
});
