import { type MatchRules, match, matchModeProblems } from "@frontrow/shared/config/match-mode.ts";
import { describe, expect, it } from "vitest";
import { createPool, type Pool } from "./pool/pool.ts";
import { GROUP } from "./pool/records.ts";
import { diceOf, roomOf, ticketOf, type Wish } from "./pool/sample-tickets.ts";
import { runRound } from "./round.ts";

const duel = [{ seats: 1 }, { seats: 1 }];
const squads = [{ seats: 5 }, { seats: 5 }];

/** A pool of a mode without holds, and what rounds make of it. */
function poolOf(rules: MatchRules, tickets: Readonly<Record<string, Wish>> = {}) {
  const pool = createPool(match({ holdMs: 0, ...rules }), { ticketsMax: 1_000 });
  for (const [key, wish] of Object.entries(tickets)) pool.add(ticketOf(key, wish), wish.sinceMs ?? 0);
  return pool;
}
const proposalsAt = (pool: Pool, nowMs: number) =>
  runRound(pool, { nowMs, rng: diceOf(1), anchorsMax: 1_000 }).proposals;
/** Who meets whom, as sorted keys. */
const meetings = (pool: Pool, nowMs: number) =>
  proposalsAt(pool, nowMs).map(({ tickets }) =>
    tickets
      .map(({ key }) => key)
      .sort()
      .join(" "),
  );
const teamsAt = (pool: Pool, nowMs: number) =>
  proposalsAt(pool, nowMs).map(({ teams }) => teams.map((team) => team.map(({ ticket }) => ticket.key)));

describe("skill", () => {
  const skill = [
    { afterMs: 0, max: 100 },
    { afterMs: 10_000, max: 200 },
    { afterMs: 20_000, max: null },
  ];
  it("[RD2] two meet as soon as both windows reach the other's rating, and not before", () => {
    const pool = poolOf({ teams: duel, skill }, { a: { ratings: [1_500] }, b: { ratings: [1_650], sinceMs: 3_000 } });
    // a accepts 200 from 10 s on, b, who came at 3 s, from 13 s on.
    expect(meetings(pool, 3_000)).toEqual([]);
    expect(meetings(pool, 10_000)).toEqual([]);
    expect(meetings(pool, 12_995)).toEqual([]);
    expect(meetings(pool, 13_000)).toEqual(["a b"]);
  });
  it("[RD2] the last step null accepts anybody", () => {
    const pool = poolOf({ teams: duel, skill }, { a: { ratings: [100] }, b: { ratings: [2_900] } });
    expect(meetings(pool, 19_995)).toEqual([]);
    expect(meetings(pool, 20_000)).toEqual(["a b"]);
  });
  it("[RD2] in a larger match the difference is that of its extremes, and the narrowest window of anybody decides", () => {
    const tickets = {
      low: { ratings: [1_450] },
      high: { ratings: [1_560] },
      middle: { ratings: [1_500] },
    };
    const pool = poolOf({ teams: [{ seats: 3 }], skill }, tickets);
    expect(meetings(pool, 0)).toEqual([]);
    // low and high accept 110 now, but middle, who came later, only 100: and it would sit between them.
    pool.add(ticketOf("middle", { ratings: [1_500], sinceMs: 5_000 }), 5_000);
    expect(meetings(pool, 10_000)).toEqual([]);
    expect(meetings(pool, 15_000)).toEqual(["high low middle"]);
  });
  it("[RD2] nearest first: each of a pair's neighbours is left for somebody nearer", () => {
    const pool = poolOf(
      { teams: duel, skill },
      { a: { ratings: [1_500] }, far: { ratings: [1_590] }, near: { ratings: [1_504] } },
    );
    expect(meetings(pool, 0)).toEqual(["a near"]);
  });
  it("[RD2] a set that agrees is found even though nearer tickets do not agree with one another", () => {
    // Nearest to 1,500 are 1,460 and 1,560, which are 100 apart: with them only a fourth within 1,460 to 1,560 would do.
    const tickets = {
      a: { ratings: [1_500] },
      b: { ratings: [1_455] },
      c: { ratings: [1_557] },
      d: { ratings: [1_580] },
      e: { ratings: [1_590] },
    };
    expect(meetings(poolOf({ teams: [{ seats: 2 }, { seats: 2 }], skill }, tickets), 0)).toEqual(["a c d e"]);
  });
});

describe("metros", () => {
  const latency = [
    { afterMs: 0, max: 40 },
    { afterMs: 5_000, max: 90 },
  ];
  it("[RD3] a match is in the metro that is best for its worst placed player", () => {
    const pool = poolOf(
      { teams: duel, latency },
      { a: { metros: { fra: 10, ams: 25, lhr: 38 } }, b: { metros: { lhr: 8, ams: 20, fra: 36 } } },
    );
    const [proposal] = proposalsAt(pool, 0);
    expect(proposal).toMatchObject({ metro: "ams", quality: { rttMsMax: 25, rttMsSpread: 5 } });
  });
  it("[RD3] a ticket accepts a metro once its own age has widened its limit that far", () => {
    const pool = poolOf(
      { teams: duel, latency },
      { a: { metros: { fra: 10, iad: 80 } }, b: { metros: { iad: 12 }, sinceMs: 1_000 } },
    );
    expect(meetings(pool, 4_995)).toEqual([]);
    expect(proposalsAt(pool, 5_000)).toMatchObject([{ metro: "iad", quality: { widened: ["latency"] } }]);
  });
  it("[RD3] after two seconds the fourth nearest metro counts as well", () => {
    const pool = poolOf(
      { teams: duel },
      { a: { metros: { fra: 1, ams: 2, lhr: 3, iad: 80 } }, b: { metros: { iad: 5 } } },
    );
    expect(meetings(pool, 1_995)).toEqual([]);
    expect(meetings(pool, 2_000)).toEqual(["a b"]);
  });
  it("[RD3] a metro that may not host the mode counts for nothing", () => {
    const tickets = { a: { metros: { fra: 1, ams: 9 } }, b: { metros: { fra: 1, ams: 9 } } };
    expect(proposalsAt(poolOf({ teams: duel, allowedMetros: ["ams"] }, tickets), 0)).toMatchObject([{ metro: "ams" }]);
    expect(meetings(poolOf({ teams: duel, allowedMetros: ["iad"] }, tickets), 9_000)).toEqual([]);
  });
});

describe("attributes", () => {
  it("[RD4] `same` keeps apart whoever differs; without the attribute one meets only those without", () => {
    const pool = poolOf(
      { teams: duel, same: ["map"] },
      {
        ice: { attributes: { map: "ice" } },
        dust: { attributes: { map: "dust" } },
        none: {},
        one: { attributes: { map: 1 } },
        text: { attributes: { map: "1" } },
        dust2: { attributes: { map: "dust" } },
        none2: { attributes: { other: true } },
      },
    );
    expect(meetings(pool, 0).sort()).toEqual(["dust dust2", "none none2"]);
  });
  it("[RD4] a range widens like skill, and holds for all of a match together", () => {
    const ranges = [
      {
        attribute: "level",
        steps: [
          { afterMs: 0, max: 5 },
          { afterMs: 1_000, max: 9 },
        ],
      },
    ];
    const level = (value: number) => ({ attributes: { level: value } });
    const pool = poolOf({ teams: [{ seats: 3 }], ranges }, { a: level(10), b: level(14), c: level(18) });
    expect(meetings(pool, 0)).toEqual([]);
    expect(proposalsAt(pool, 1_000)).toMatchObject([{ quality: { widened: ["level"] } }]);
  });
  it.each([2, 3])(
    "[RD4] players may make up more values of `same` than there are rows, and still meet their like: %i",
    (seats) => {
      const pool = poolOf({ teams: [{ seats }], partyMax: 1, same: ["code"] });
      const add = (key: string, code: number) => pool.add(ticketOf(key, { attributes: { code } }), 0);
      for (let n = 0; n < 900; n++) add(`a${n}`, n);
      expect(meetings(pool, 0)).toEqual([]);
      for (const code of [3, 700, 899]) for (let n = 1; n < seats; n++) add(`b${code}.${n}`, code);
      const met = meetings(pool, 0).map((keys) => keys.replace(/ b.*/, ""));
      expect(met.sort()).toEqual(["a3", "a700", "a899"]);
      for (let n = 0; n < 900; n++) pool.remove(`a${n}`);
      // Nobody is left: rows and numbers are given out anew.
      add("c", 5_000);
      add("d", 5_000);
      expect(pool.core.records.ints[GROUP]).toBeLessThan(900);
      expect(meetings(pool, 0)).toHaveLength(seats === 2 ? 1 : 0);
    },
  );
});

describe("parties", () => {
  it("[RD5] a party sits in one team, whole", () => {
    const pool = poolOf(
      { teams: squads },
      { three: { ratings: [1, 1, 1] }, four: { ratings: [1, 1, 1, 1] }, two: { ratings: [1, 1] }, one: {} },
    );
    const [teams] = teamsAt(pool, 0);
    expect(teams!.map((team) => [...new Set(team)].sort().join(" ")).sort()).toEqual(["four one", "three two"]);
  });
  it("[RD5] parties that fill no team between them wait", () => {
    const pool = poolOf(
      { teams: squads },
      { a: { ratings: [1, 1, 1] }, b: { ratings: [1, 1, 1] }, c: { ratings: [1, 1, 1, 1] } },
    );
    expect(meetings(pool, 0)).toEqual([]);
  });
  it("[RD5] teams of different sizes, and a lone team, are filled", () => {
    const hunt = poolOf({ teams: [{ seats: 1 }, { seats: 3 }] }, { pair: { ratings: [1, 1] }, a: {}, b: {} });
    expect(teamsAt(hunt, 0)[0]!.map((team) => team.length)).toEqual([1, 3]);
    const all = poolOf({ teams: [{ seats: 4 }] }, { pair: { ratings: [1, 1] }, a: {}, b: {} });
    expect(teamsAt(all, 0)[0]!.map((team) => team.length)).toEqual([4]);
  });
});

describe("roles", () => {
  const roles = [
    { name: "tank", min: 1, max: 1 },
    { name: "healer", min: 1, max: 1 },
    { name: "fighter", min: 0, max: 1 },
  ];
  const teams = [
    { seats: 3, roles },
    { seats: 3, roles },
  ];
  const as = (...wishes: string[]) => ({ roles: [wishes] });
  it("[RD6] everybody gets a role that they would take, within every team's bounds", () => {
    const tickets = {
      t: as("tank"),
      any: {},
      h1: as("healer"),
      h2: as("healer", "tank"),
      f1: as("fighter"),
      th: as("fighter", "tank"),
    };
    const [proposal] = proposalsAt(poolOf({ teams }, tickets), 0);
    for (const team of proposal!.teams) {
      expect(team.map(({ role }) => role).sort()).toEqual(["fighter", "healer", "tank"]);
      for (const { ticket, role } of team) {
        const [player] = ticket.players;
        if (player!.roles.length > 0) expect(player!.roles).toContain(role);
      }
    }
  });
  it("[RD6] a match that lacks a role waits for it", () => {
    const five = {
      a: as("tank"),
      b: as("healer"),
      c: as("healer"),
      d: as("fighter"),
      e: as("fighter"),
      f: as("fighter"),
    };
    const pool = poolOf({ teams }, five);
    expect(meetings(pool, 0)).toEqual([]);
    pool.add(ticketOf("g", as("tank")), 10);
    expect(meetings(pool, 10)).toHaveLength(1);
  });
  it("[RD6] a mode may have 31 different roles, and not more", () => {
    const seats = 2;
    const names = (count: number) =>
      Array.from({ length: 4 }, (_, team) => ({
        seats,
        roles: Array.from({ length: 8 }, (_, n) => ({ name: `r${Math.min(count - 1, team * 8 + n)}`, min: 0, max: 2 })),
      }));
    const unique = (count: number) =>
      names(count).map((team) => ({
        ...team,
        roles: team.roles.filter(({ name }, at) => team.roles.findIndex((role) => role.name === name) === at),
      }));
    expect(matchModeProblems({ teams: unique(32) })).toEqual(["teams: 32 different roles; a mode has at most 31"]);
    expect(matchModeProblems({ teams: unique(31) })).toEqual([]);
    const pool = poolOf({ teams: unique(31) });
    for (let n = 0; n < 8; n++) pool.add(ticketOf(`t${n}`, as(`r${8 * (n >> 1) + (n >> 1 === 3 ? 6 : 0)}`)), 0);
    expect(meetings(pool, 0)).toHaveLength(1);
  });
  it("[RD6] a crowd of one role does not hide the few of another", () => {
    const pool = poolOf({ teams, skill: [{ afterMs: 0, max: 400 }] });
    for (let n = 0; n < 300; n++) pool.add(ticketOf(`f${n}`, { ...as("fighter"), ratings: [1_400 + (n % 200)] }), 0);
    expect(meetings(pool, 0)).toEqual([]);
    for (const [n, role] of ["tank", "tank", "healer", "healer"].entries()) {
      pool.add(ticketOf(`x${n}`, { ...as(role), ratings: [1_700] }), 5);
    }
    expect(meetings(pool, 5)).toHaveLength(1);
  });
});

describe("fewer players", () => {
  it("[RD7] once its oldest has waited, a match starts with enough players, evenly spread", () => {
    const rules = { teams: squads, start: { playersMin: 4, afterMs: 8_000 } };
    const pool = poolOf(rules, { a: {}, b: { sinceMs: 7_000 }, c: { sinceMs: 7_000 } });
    expect(meetings(pool, 8_000)).toEqual([]);
    // The newcomer looks; a has waited long enough for all of them.
    pool.add(ticketOf("d", { sinceMs: 9_000 }), 9_000);
    const [proposal] = proposalsAt(pool, 9_000);
    expect(proposal).toMatchObject({ bots: [0, 0], quality: { widened: ["start"], waitMs: 9_000 } });
    expect(proposal!.teams.map((team) => team.length)).toEqual([2, 2]);
  });
  it("[RD7] a party of four against nobody does not start", () => {
    const pool = poolOf({ teams: squads, start: { playersMin: 4, afterMs: 100 } }, { a: { ratings: [1, 1, 1, 1] } });
    expect(meetings(pool, 50_000)).toEqual([]);
  });
  it("[RD8] after the wait bots take the seats that stay empty, not before, and players are spread evenly", () => {
    const pool = poolOf(
      { teams: squads, bots: { afterMs: 6_000 } },
      { a: {}, b: { sinceMs: 4_000 }, c: { sinceMs: 5_000 } },
    );
    expect(meetings(pool, 5_995)).toEqual([]);
    const [proposal] = proposalsAt(pool, 6_000);
    expect(proposal!.tickets).toHaveLength(3);
    expect([...proposal!.bots].sort()).toEqual([3, 4]);
    expect(proposal!.quality.widened).toEqual(["bots"]);
  });
  it("[RD8] one alone plays against bots, a duel too", () => {
    const pool = poolOf({ teams: duel, bots: { afterMs: 1_000 }, skill: [{ afterMs: 0, max: 50 }] }, { a: {} });
    expect(proposalsAt(pool, 1_000).map(({ bots }) => [...bots].sort())).toEqual([[0, 1]]);
  });
});

describe("who comes first", () => {
  it("[RD9] priority is as good as having waited, in windows and in order", () => {
    const rules: MatchRules = {
      teams: duel,
      skill: [
        { afterMs: 0, max: 10 },
        { afterMs: 1_000, max: 100 },
      ],
      priority: { attribute: "vip", headStartMs: 800 },
    };
    const pool = poolOf(rules, {
      vip: { ratings: [1_500], attributes: { vip: true }, sinceMs: 800 },
      other: { ratings: [1_550], sinceMs: 0 },
    });
    expect(meetings(pool, 995)).toEqual([]);
    const [proposal] = proposalsAt(pool, 1_000);
    expect(proposal!.quality.waitMs).toBe(1_000);
  });
  it("[RD13] of equally near tickets the one that waits longest is chosen, however many come", () => {
    const apart = { ratings: [1_500] };
    const pool = poolOf({ teams: duel, skill: [{ afterMs: 0, max: 100 }] });
    // They all avoid one another, so they wait; the newcomer is welcome to each.
    const everybody = Array.from({ length: 12 }, (_, n) => `w${n}.0`);
    for (let n = 0; n < 12; n++) pool.add(ticketOf(`w${n}`, { ...apart, sinceMs: n, avoid: everybody }), n);
    expect(meetings(pool, 20)).toEqual([]);
    for (const [n, key] of ["x", "y", "z"].entries()) {
      pool.add(ticketOf(key, { ...apart, sinceMs: 30 + n }), 30 + n);
      expect(meetings(pool, 30 + n)).toEqual([`w${n} ${key}`]);
    }
  });
  it("[RD13] whoever waits longest looks first", () => {
    const pool = poolOf({ teams: duel, skill: [{ afterMs: 0, max: 100 }] });
    pool.add(ticketOf("young", { ratings: [1_420], sinceMs: 900 }), 1_000);
    pool.add(ticketOf("only", { ratings: [1_500], sinceMs: 950 }), 1_000);
    pool.add(ticketOf("old", { ratings: [1_590], sinceMs: 0 }), 1_000);
    expect(meetings(pool, 1_000)).toEqual(["old only"]);
  });
  it("[RD14] without skill it is first come, first served; who comes back with its age is ahead", () => {
    const pool = poolOf({ teams: [{ seats: 2 }, { seats: 2 }] });
    for (let n = 0; n < 3; n++) pool.add(ticketOf(`t${n}`, { ratings: [n * 1_000], sinceMs: 10 + n }), 20);
    pool.add(ticketOf("pair", { ratings: [1, 2_900], sinceMs: 12.5 }), 20);
    pool.add(ticketOf("back", { ratings: [9_000], sinceMs: 1 }), 20);
    expect(meetings(pool, 20)).toEqual(["back t0 t1 t2"]);
  });
  it("[RD10] avoid lists keep two apart whichever of them has the other on its list", () => {
    const tickets = { a: { avoid: ["b.0"] }, b: {}, c: {} };
    expect(meetings(poolOf({ teams: [{ seats: 3 }] }, tickets), 0)).toEqual([]);
    expect(meetings(poolOf({ teams: duel }, { b: {}, a: { avoid: ["b.0"] } }), 0)).toEqual([]);
    expect(meetings(poolOf({ teams: [{ seats: 2 }] }, tickets), 0)).toHaveLength(1);
  });
  it("[RD26] sides are drawn by lot, the same lot for the same dice", () => {
    const sides = (seed: number) => {
      const pool = poolOf({ teams: duel }, { a: {}, b: {} });
      const { proposals } = runRound(pool, { nowMs: 0, rng: diceOf(seed), anchorsMax: 9 });
      return proposals[0]!.teams[0]![0]!.ticket.key;
    };
    expect(new Set(Array.from({ length: 20 }, (_, seed) => sides(seed * 7_919))).size).toBe(2);
    expect(sides(5)).toBe(sides(5));
  });
});

describe("running rooms", () => {
  const rules: MatchRules = { teams: squads, skill: [{ afterMs: 0, max: 100 }], backfill: true };
  it("[RD11] a room takes whole parties into its free seats at once, as many players as fit", () => {
    const pool = poolOf(rules, {
      trio: { ratings: [1_500, 1_510, 1_520] },
      pair: { ratings: [1_480, 1_490] },
      far: { ratings: [1_700] },
    });
    pool.offer(roomOf("r1", { free: [0, 2] }));
    const [proposal, ...more] = proposalsAt(pool, 0);
    expect(more).toEqual([]);
    expect(proposal).toMatchObject({ roomId: "r1", metro: "fra", bots: [0, 0] });
    expect(proposal!.teams.map((team) => team.length)).toEqual([0, 2]);
    expect(pool.size).toBe(2);
  });
  it("[RD11] it comes before a new match, and a later ticket finds it", () => {
    const pool = poolOf({ ...rules, teams: duel });
    pool.offer(roomOf("r1"));
    pool.offer(roomOf("r2", { metro: "iad" }));
    expect(meetings(pool, 0)).toEqual([]);
    pool.add(ticketOf("far", { ratings: [1_601] }), 5);
    expect(meetings(pool, 5)).toEqual([]);
    pool.add(ticketOf("a"), 10);
    pool.add(ticketOf("b"), 10);
    const found = proposalsAt(pool, 10);
    expect(found.map(({ roomId }) => roomId)).toEqual(["r1"]);
    expect(pool.size).toBe(2);
  });
  it("[RD11] a room that no longer asks gets nobody, and neither does one whose players are avoided", () => {
    const pool = poolOf(rules);
    pool.offer(roomOf("r1"));
    pool.withdrawOffer("r1");
    pool.offer(roomOf("r2", { playerIds: ["rude"] }));
    pool.add(ticketOf("a", { avoid: ["rude"] }), 0);
    expect(meetings(pool, 0)).toEqual([]);
  });
});
