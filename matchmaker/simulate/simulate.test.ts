import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MatchRules, match } from "@frontrow/shared/config/match-mode.ts";
import { predictWin } from "openskill";
import { describe, expect, it } from "vitest";
import { madeUpGames } from "../../test/support/simulate/made-up-games.ts";
import { atRate } from "./at-rate.ts";
import { readGames } from "./games/read-games.ts";
import { ticketsOfGames } from "./games/tickets-of-games.ts";
import { simulate } from "./simulate.ts";
import type { ReplayTicket } from "./words.ts";

const SECOND = 1_000;
const duel = (rules: Partial<MatchRules> = {}) => match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, ...rules });

/** Asked for `at` seconds after the beginning of time, alone, with nothing said of distances. */
function ticket(key: string, at: number, more: Partial<ReplayTicket> & { rating?: number } = {}): ReplayTicket {
  const { rating = 1_500, ...given } = more;
  return {
    key,
    atMs: at * SECOND,
    sinceMs: at * SECOND,
    players: [{ playerId: key, rating, sigma: 0, roles: [] }],
    metros: [],
    attributes: {},
    avoid: [],
    compat: "any",
    ...given,
  };
}

const run = (mode: ReturnType<typeof duel>, tickets: readonly ReplayTicket[]) =>
  simulate({ mode, tickets, seed: 1 }).modes[0]!;

describe("simulate", () => {
  it("[SI2] two players meet at the very moment at which both accept the other", () => {
    const mode = duel({
      skill: [
        { afterMs: 0, max: 100 },
        { afterMs: 20 * SECOND, max: 300 },
      ],
    });
    // a comes at 0 s, b at 5 s, 200 points apart: a would take b from 20 s on, b would take a at 25 s.
    const { matches, waitMs, spread, widened } = run(mode, [ticket("a", 0), ticket("b", 5, { rating: 1_700 })]);
    expect(matches).toBe(1);
    // The timing wheel is never early and at most a step of 5 ms late.
    expect(waitMs!.max - 25 * SECOND).toBeGreaterThanOrEqual(0);
    expect(waitMs!.max - 25 * SECOND).toBeLessThanOrEqual(5);
    expect(waitMs!.max - waitMs!.p50).toBeCloseTo(5 * SECOND, 3);
    expect(spread!.max).toBe(200);
    expect(widened).toEqual({ skill: 1 });
  });

  it("[SI2] tickets of different compats never meet", () => {
    const tickets = [
      ticket("a", 0, { compat: "1.0" }),
      ticket("b", 1, { compat: "1.1" }),
      ticket("c", 2, { compat: "1.0" }),
    ];
    const { matches, unmatched, waitMs } = run(duel(), tickets);
    expect(matches).toBe(1);
    expect(unmatched.timedOut).toBe(1);
    expect(waitMs!.max).toBe(2 * SECOND);
  });

  it("[SI3] who finds nobody leaves at the timeout, or when its player gave up; who comes then meets nobody", () => {
    const mode = duel({ timeoutMs: 60 * SECOND });
    const { matches, unmatched, tickets } = run(mode, [
      ticket("patient", 0),
      ticket("too-late", 60),
      ticket("hasty", 200, { leavesAfterMs: 3 * SECOND }),
      ticket("later", 203),
      ticket("lost", 204, { metros: [{ metro: "syd", rttMs: 9 }] }),
    ]);
    expect(matches).toBe(0);
    expect(unmatched).toEqual({ timedOut: 4, left: 1, unreachable: 0 });
    expect(tickets).toBe(5);
  });

  it("[SI3] one second earlier they would have met", () => {
    const mode = duel({ timeoutMs: 60 * SECOND });
    const { matchedTickets } = run(mode, [
      ticket("patient", 0),
      ticket("in-time", 59),
      ticket("hasty", 200, { leavesAfterMs: 3 * SECOND }),
      ticket("soon", 202),
    ]);
    expect(matchedTickets).toBe(4);
  });

  it("[SI3] who still waits does not come again, and meets itself never", () => {
    const again = { players: ticket("a", 0).players };
    const { tickets, repeated, matches, players } = run(duel({ timeoutMs: 60 * SECOND }), [
      ticket("a", 0),
      ticket("a-again", 30, again),
      ticket("a-afterwards", 70, again),
      ticket("b", 80),
    ]);
    expect({ tickets, repeated, matches, players }).toEqual({ tickets: 3, repeated: 1, matches: 1, players: 2 });
  });

  it("[SI3] a mode's metros decide who is out of reach", () => {
    const mode = duel({ allowedMetros: ["fra"] });
    const far = [{ metro: "syd", rttMs: 9 }];
    const near = [{ metro: "fra", rttMs: 9 }];
    const { unmatched, matches } = run(mode, [
      ticket("a", 0, { metros: far }),
      ticket("b", 1, { metros: near }),
      ticket("c", 2, { metros: near }),
      ticket("unknown", 3),
      ticket("d", 4, { metros: near }),
    ]);
    expect(unmatched.unreachable).toBe(1);
    // Nobody wrote down how far the fourth is: its distance is taken to be no matter.
    expect(matches).toBe(2);
  });

  it("[SI4] waits count from a ticket's beginning, also where it came with an age", () => {
    const { waitMs } = run(duel(), [ticket("a", 10, { sinceMs: 4 * SECOND }), ticket("b", 12)]);
    expect(waitMs!.max).toBe(8 * SECOND);
    expect(waitMs!.p50).toBe(0);
  });

  it("[SI4] distances are each player's to the metro of the match, and beyond the nearest one", () => {
    const { rttMs, deltaMs } = run(duel(), [
      ticket("a", 0, {
        metros: [
          { metro: "fra", rttMs: 10 },
          { metro: "ams", rttMs: 18 },
        ],
      }),
      ticket("b", 1, {
        metros: [
          { metro: "ams", rttMs: 12 },
          { metro: "fra", rttMs: 40 },
        ],
      }),
    ]);
    // Amsterdam: its worst player has 18 ms, Frankfurt's 40 ms.
    expect([rttMs!.curve[25], rttMs!.curve[75]]).toEqual([12, 18]);
    expect([deltaMs!.p50, deltaMs!.max]).toEqual([0, 8]);
  });

  it("[SI4] a match against bots alone has no spread, and is counted as one with bots", () => {
    const mode = duel({ bots: { afterMs: 10 * SECOND } });
    const report = run(mode, [ticket("a", 0)]);
    expect(report).toMatchObject({ matches: 1, withBots: 1, short: 0, widened: { bots: 1 } });
    expect(report.spread).toBeUndefined();
    expect(report.favourite).toBeUndefined();
  });

  it("[SI4] a match that starts without all of its players is counted as short", () => {
    const mode = match({ teams: [{ seats: 4 }], holdMs: 0, start: { playersMin: 2, afterMs: 10 * SECOND } });
    const { matches, short } = run(mode, [ticket("a", 0), ticket("b", 1)]);
    expect({ matches, short }).toEqual({ matches: 1, short: 1 });
  });

  it("[SI5] the favourite is openskill's likeliest winner, in duels and in free-for-alls", () => {
    const player = (key: string, at: number, rating: number, sigma: number) =>
      ticket(key, at, { players: [{ playerId: key, rating, sigma, roles: [] }] });
    // 42 points are one mu.
    const { favourite } = run(duel(), [player("a", 0, 1_500, 8), player("b", 0, 1_500 + 42 * 5, 3)]);
    expect(favourite!.max).toBeCloseTo(Math.max(...predictWin([[{ mu: 25, sigma: 8 }], [{ mu: 30, sigma: 3 }]])), 3);
    const brawl = match({ teams: [{ seats: 3 }], holdMs: 0 });
    const even = run(brawl, [player("a", 0, 1_500, 8), player("b", 0, 1_500, 8), player("c", 0, 1_500, 8)]);
    expect(even.favourite!.max).toBeCloseTo(1 / 3, 2);
  });

  it("[SI1] the same seed gives the same report, and a mode's column is the same alone and beside others", async () => {
    const { tickets } = await fromTable(madeUpGames({ games: 200 }));
    const [mode, other] = [duel({ skill: [{ afterMs: 0, max: 100 }], holdMs: 250 }), duel()];
    const both = simulate({ mode, against: other, names: ["new", "old"], tickets, seed: 7 });
    expect(JSON.stringify(simulate({ mode, against: [other], names: ["new", "old"], tickets, seed: 7 }))).toBe(
      JSON.stringify(both),
    );
    expect(simulate({ mode, names: ["new"], tickets: [...tickets].reverse(), seed: 7 }).modes[0]).toEqual(
      both.modes[0],
    );
    expect(both.modes.map(({ name }) => name)).toEqual(["new", "old"]);
    expect(both.modes[0]).not.toEqual({ ...both.modes[1], name: "new" });
  });

  it("[SI1] other jitter by another seed, and none for a report of nothing", async () => {
    const table = madeUpGames({ games: 50 });
    const [one, two] = [await fromTable(table, 1), await fromTable(table, 2)];
    expect(one.tickets).toEqual((await fromTable(table, 1)).tickets);
    expect(one.tickets).not.toEqual(two.tickets);
    expect(() => simulate({ mode: duel(), tickets: [], seed: 1 })).toThrow(/no tickets/);
  });
});

const COLUMNS = { time: "1", game: "2", player: "5", team: "6", score: "7" };

async function fromTable(text: string, seed = 1) {
  const file = join(mkdtempSync(join(tmpdir(), "frontrow-")), "games.csv");
  writeFileSync(file, text);
  return ofFile(file, seed);
}

async function ofFile(file: string, seed: number) {
  const { games } = await readGames(file, { columns: COLUMNS });
  return { games, ...ticketsOfGames(games, { seed, spreadMs: 60 * SECOND }) };
}

const REAL = join(import.meta.dirname, "../../../shared/data/matches/halo2-head-to-head.csv.gz");

describe("what waiting buys", () => {
  it.each(["made up", ...(existsSync(REAL) ? ["Halo 2"] : [])])(
    "[SI14] later widening is more equal and takes longer, a crowd gives both sooner (%s)",
    async (which) => {
      const { tickets } = which === "Halo 2" ? await ofFile(REAL, 1) : await fromTable(madeUpGames());
      const patience = { timeoutMs: 600 * SECOND };
      const widening = (max: number, afterMs: number) => ({
        ...patience,
        skill: [
          { afterMs: 0, max },
          { afterMs, max: null },
        ],
      });
      const [anyone, balanced, patient] = [
        duel(patience),
        duel(widening(150, 30 * SECOND)),
        duel(widening(60, 180 * SECOND)),
      ];
      const measure = (rate: number) =>
        simulate({ mode: anyone, against: [balanced, patient], tickets: atRate(tickets, rate), seed: 1 }).modes.map(
          ({ waitMs, spread, matchedTickets }) => ({ wait: waitMs!.p95, spread: spread!.p50, matchedTickets }),
        );
      const [few, many] = [measure(1), measure(20)];
      for (const [one, two, three] of [few, many]) {
        expect(two!.spread).toBeLessThan(one!.spread);
        expect(three!.spread).toBeLessThan(two!.spread);
        expect(two!.wait).toBeGreaterThan(one!.wait);
        expect(three!.wait).toBeGreaterThan(two!.wait);
      }
      for (const [at, { wait, spread }] of many.entries()) {
        expect(wait).toBeLessThan(few[at]!.wait);
        expect(spread).toBeLessThanOrEqual(few[at]!.spread + 1e-9);
      }
      // Not vacuous.
      expect(few[0]!.matchedTickets).toBeGreaterThan(1_000);
    },
  );
});
