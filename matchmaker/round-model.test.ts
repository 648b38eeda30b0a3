import { type MatchMode, type MatchModeInput, match, widened } from "@frontrow/shared/config/match-mode.ts";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createPool } from "./pool/pool.ts";
import { EVERY_METRO_AFTER_MS, METROS_AT_FIRST } from "./pool/rules.ts";
import { diceOf, ticketOf } from "./pool/sample-tickets.ts";
import type { PoolTicket } from "./pool/words.ts";
import { runRound } from "./round.ts";

const duel = match({
  teams: [{ seats: 1 }, { seats: 1 }],
  skill: [
    { afterMs: 0, max: 60 },
    { afterMs: 400, max: 150 },
    { afterMs: 3_000, max: null },
  ],
  latency: [
    { afterMs: 0, max: 50 },
    { afterMs: 1_000, max: 200 },
  ],
  holdMs: 0,
});

/** Where a ticket stands at that age. */
function metrosOf(mode: MatchMode, ticket: PoolTicket, nowMs: number): string[] {
  const ageMs = nowMs - ticket.sinceMs;
  const within = ticket.metros.filter(({ rttMs }) => rttMs <= widened(mode.latency, ageMs));
  return within.slice(0, ageMs >= EVERY_METRO_AFTER_MS ? 8 : METROS_AT_FIRST).map(({ metro }) => metro);
}
const ratingOf = (ticket: PoolTicket) => ticket.players[0]!.rating;
const apart = (a: PoolTicket, b: PoolTicket) => Math.abs(ratingOf(a) - ratingOf(b));
const windowOf = (mode: MatchMode, ticket: PoolTicket, nowMs: number) => widened(mode.skill, nowMs - ticket.sinceMs);
const agree = (mode: MatchMode, a: PoolTicket, b: PoolTicket, nowMs: number) =>
  apart(a, b) <= Math.min(windowOf(mode, a, nowMs), windowOf(mode, b, nowMs));

/** The rule said plainly: whoever is new or has widened looks, oldest first; nearest metro first, then nearest rating. */
function createModel(mode: MatchMode) {
  const waiting: PoolTicket[] = [];
  const lookedAt = new Map<PoolTicket, string>();
  const moments = [...mode.skill!, ...mode.latency!].map(({ afterMs }) => afterMs);
  const stage = (ticket: PoolTicket, nowMs: number) =>
    `${moments.filter((ms) => ms <= nowMs - ticket.sinceMs).length} ${metrosOf(mode, ticket, nowMs).length}`;
  return {
    waiting,
    round(nowMs: number): string[] {
      const met: string[] = [];
      const due = waiting.filter((ticket) => lookedAt.get(ticket) !== stage(ticket, nowMs));
      for (const ticket of due.sort((a, b) => a.sinceMs - b.sinceMs)) {
        if (!waiting.includes(ticket)) continue;
        lookedAt.set(ticket, stage(ticket, nowMs));
        for (const metro of metrosOf(mode, ticket, nowMs)) {
          const [partner] = waiting
            .filter((other) => other !== ticket && metrosOf(mode, other, nowMs).includes(metro))
            .filter((other) => agree(mode, ticket, other, nowMs))
            .sort((a, b) => apart(ticket, a) - apart(ticket, b));
          if (!partner) continue;
          met.push([ticket.key, partner.key].sort().join(" "));
          for (const each of [ticket, partner]) waiting.splice(waiting.indexOf(each), 1);
          break;
        }
      }
      return met;
    },
  };
}

const rating = fc.integer({ min: 0, max: 3_000 * 16 }).map((sixteenths) => sixteenths / 16);
const arrival = fc.record({
  rating,
  rtts: fc.uniqueArray(fc.integer({ min: 5, max: 210 }), { minLength: 5, maxLength: 5 }),
  agedMs: fc.constantFrom(0, 0, 0, 35, 405, 1_200),
});
const turn = fc.record({
  arrivals: fc.array(arrival, { maxLength: 6 }),
  afterMs: fc.constantFrom(5, 10, 100, 650, 1_500),
});

describe("a 1v1 pool beside a plain quadratic model", () => {
  it("[RD12] the same tickets meet in the same rounds, and no two who could meet are left", () => {
    let met = 0;
    fc.assert(
      fc.property(fc.array(turn, { minLength: 3, maxLength: 12, size: "max" }), (turns) => {
        const all = turns.flatMap(({ arrivals }) => arrivals);
        const gaps = all.flatMap((a, i) =>
          all.map((b, j) => (i < j ? Math.abs(a.rating - b.rating) : -1 - i * 99 - j)),
        );
        // Equal distances are anybody's choice; here each choice has one right answer.
        fc.pre(new Set(gaps).size === gaps.length);
        const pool = createPool(duel, { ticketsMax: 1_000 });
        const model = createModel(duel);
        let nowMs = 10_000;
        let number = 0;
        for (const { arrivals, afterMs } of turns) {
          for (const { rating: points, rtts, agedMs } of arrivals) {
            // No two began to wait at the same moment, so that "oldest first" has one order.
            const sinceMs = nowMs - agedMs - number / 1_000;
            const metros = Object.fromEntries(["ams", "fra", "iad", "lhr", "waw"].map((name, at) => [name, rtts[at]!]));
            const ticket = ticketOf(`t${number++}`, { ratings: [points], metros, sinceMs });
            pool.add(ticket, nowMs);
            model.waiting.push(ticket);
          }
          const { proposals } = runRound(pool, { nowMs, rng: diceOf(1), anchorsMax: 1_000 });
          const meetings = proposals.map(({ tickets }) =>
            tickets
              .map(({ key }) => key)
              .sort()
              .join(" "),
          );
          expect(meetings).toEqual(model.round(nowMs));
          met += meetings.length;
          for (const a of model.waiting) {
            for (const b of model.waiting) {
              if (a === b || !agree(duel, a, b, nowMs)) continue;
              const there = metrosOf(duel, b, nowMs);
              expect(metrosOf(duel, a, nowMs).some((metro) => there.includes(metro))).toBe(false);
            }
          }
          // A step of the timing wheel later than the model would be no fault; on its grid there is no difference.
          nowMs = Math.ceil((nowMs + afterMs) / 5) * 5;
        }
      }),
      { numRuns: 150 },
    );
    expect(met).toBeGreaterThan(300);
  }, 60_000);
});

describe("any pool", () => {
  const squads = {
    teams: [{ seats: 5 }, { seats: 5 }],
    skill: [
      { afterMs: 0, max: 100 },
      { afterMs: 2_500, max: 300 },
    ],
  } satisfies MatchModeInput;
  const play = (seed: number, anchorsMax: number) => {
    const pool = createPool(match(squads), { ticketsMax: 10_000 });
    const dice = diceOf(seed);
    const rng = diceOf(99);
    const met: string[] = [];
    for (let nowMs = 0; nowMs < 4_000; nowMs += 20) {
      for (let n = 0; n < 4; n++) {
        const rating = Math.round(1_500 + 300 * (dice() + dice() + dice() - 1.5));
        const ratings = new Array(1 + Math.floor(dice() * 3)).fill(rating);
        pool.add(ticketOf(`t${nowMs}-${n}`, { ratings, sinceMs: nowMs }), nowMs);
      }
      for (let more = true; more; ) {
        const round = runRound(pool, { nowMs, rng, anchorsMax });
        for (const { teams } of round.proposals) {
          met.push(teams.map((team) => team.map(({ ticket }) => ticket.key).join()).join(" v "));
        }
        more = round.more;
      }
    }
    return met;
  };
  it("[RD15] the same tickets, times and dice make the same matches", () => {
    expect(play(7, 1_000).length).toBeGreaterThan(50);
    expect(play(7, 1_000)).toEqual(play(7, 1_000));
    expect(play(7, 1_000)).not.toEqual(play(8, 1_000));
  });
  it("[RD16] a round in slices comes to the same as one at once, and no slice looks more often than it may", () => {
    expect(play(7, 3)).toEqual(play(7, 1_000));
    const pool = createPool(match({ ...squads, holdMs: 0 }), { ticketsMax: 100 });
    for (let n = 0; n < 30; n++) pool.add(ticketOf(`t${n}`, { ratings: [n * 101] }), 0);
    const looks = vi.spyOn(pool.search, "look");
    expect(runRound(pool, { nowMs: 0, rng: diceOf(1), anchorsMax: 7 })).toEqual({ proposals: [], more: true });
    expect(looks).toHaveBeenCalledTimes(7);
  });
  it("[RD16] a slice ends early where looks are dear, and the rest follows", () => {
    const roles = [
      { name: "tank", min: 1, max: 2 },
      { name: "healer", min: 1, max: 2 },
      { name: "fighter", min: 1, max: 3 },
    ];
    const pool = createPool(
      match({
        ...squads,
        teams: [
          { seats: 5, roles },
          { seats: 5, roles },
        ],
        holdMs: 0,
      }),
      {
        ticketsMax: 4_000,
      },
    );
    for (let n = 0; n < 2_000; n++) pool.add(ticketOf(`t${n}`, { ratings: [1_500], roles: [["fighter"]] }), 0);
    const looks = vi.spyOn(pool.search, "look");
    const slice = () => runRound(pool, { nowMs: 0, rng: diceOf(1), anchorsMax: 1_000_000 });
    expect(slice()).toEqual({ proposals: [], more: true });
    expect(looks.mock.calls.length).toBeLessThan(1_000);
    for (let more = true; more; ) more = slice().more;
    expect(looks).toHaveBeenCalledTimes(2_000);
  });
  it("[RD17] nobody looks for whom nothing has changed, and the pool says when that will be", () => {
    const pool = createPool(match({ ...squads, holdMs: 0 }), { ticketsMax: 100 });
    expect(pool.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
    for (let n = 0; n < 30; n++) pool.add(ticketOf(`t${n}`, { ratings: [n * 301], sinceMs: 1_000 }), 1_000);
    expect(pool.nextDueMs()).toBe(1_000);
    const looks = vi.spyOn(pool.search, "look");
    const round = (nowMs: number) => runRound(pool, { nowMs, rng: diceOf(1), anchorsMax: 100 });
    round(1_000);
    expect(looks).toHaveBeenCalledTimes(30);
    for (let nowMs = 1_005; nowMs < 3_500; nowMs += 5) round(nowMs);
    expect(looks).toHaveBeenCalledTimes(30);
    expect(pool.nextDueMs()).toBe(3_500);
    round(3_500);
    expect(looks).toHaveBeenCalledTimes(60);
    expect(pool.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
