import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { type MatchModeInput, match, matchModeProblems, widened } from "./match-mode.ts";
import { configProblems, defineConfig, fill, type Mode, type ModeNames, type OptionsOf } from "./modes.ts";

const duel: MatchModeInput = { teams: [{ seats: 1 }, { seats: 1 }] };
const squads: MatchModeInput = { teams: [{ seats: 5 }, { seats: 5 }] };
const rooms = async () => ({});

/** Everything that a mode can say. */
const everything = {
  room: "squads",
  teams: [
    {
      seats: 5,
      roles: [
        { name: "tank", min: 1, max: 2 },
        { name: "any", min: 0, max: 5 },
      ],
    },
    { seats: 3 },
  ],
  partyMax: 3,
  skill: [
    { afterMs: 0, max: 100 },
    { afterMs: 10_000, max: 300 },
    { afterMs: 30_000, max: null },
  ],
  latency: [
    { afterMs: 0, max: 60 },
    { afterMs: 5_000, max: 120 },
  ],
  same: ["map"],
  ranges: [{ attribute: "level", steps: [{ afterMs: 0, max: 5 }] }],
  start: { playersMin: 4, afterMs: 20_000 },
  bots: { afterMs: 40_000 },
  priority: { attribute: "vip", headStartMs: 5_000 },
  readyCheckMs: 15_000,
  backfill: true,
  holdMs: 100,
  timeoutMs: 60_000,
  allowedMetros: ["fra", "ams"],
};

describe("match()", () => {
  it("[MM1] fills in every default, and what follows from the rules", () => {
    expect(match(duel)).toEqual({
      kind: "match",
      teams: [{ seats: 1 }, { seats: 1 }],
      seats: 2,
      partyMax: 1,
      holdMs: 250,
      timeoutMs: 120_000,
    });
    expect(match({ teams: [{ seats: 5 }, { seats: 3 }] })).toMatchObject({ seats: 8, partyMax: 5 });
  });

  it("[MM1] keeps what is given, and the last latency step is the furthest metro", () => {
    const mode = match(everything);
    expect(mode).toEqual({ kind: "match", ...everything, seats: 8, latencyMsMax: 120 });
    const unlimited = match({
      ...duel,
      latency: [
        { afterMs: 0, max: 60 },
        { afterMs: 9, max: null },
      ],
    });
    expect(unlimited).not.toHaveProperty("latencyMsMax");
  });

  it("[MM2] what it made is taken again, and nothing changes", () => {
    const options = z.object({ map: z.string(), level: z.number(), vip: z.boolean() });
    for (const input of [duel, squads, everything, { ...everything, options }]) {
      const mode = match(input);
      expect(match(mode)).toEqual(mode);
      expect(defineConfig({ modes: { mode }, rooms }).modes.mode).toEqual(mode);
    }
  });

  it("[MM2] what follows from the rules cannot be said otherwise", () => {
    expect(matchModeProblems({ ...duel, seats: 2 })).toEqual([]);
    expect(matchModeProblems({ ...duel, seats: 8 })).toEqual([
      "seats: a match has those of its teams, 2; leave it out",
    ]);
    expect(matchModeProblems({ ...duel, latencyMsMax: 80 })).toEqual([
      expect.stringMatching(/^latencyMsMax: .*`latency`/),
    ]);
  });

  it("[MM3] leaves wrong rules to whoever knows the mode's name, who tells of all of them", () => {
    const wide = match({ teams: [{ seats: 40 }, { seats: 40 }], partyMax: 50, holdMs: 5_000, timeoutMs: 5_000 });
    const late = match({ ...duel, skill: [{ afterMs: 5, max: 1 }] });
    expect(configProblems({ modes: { wide, late }, rooms })).toEqual([
      expect.stringMatching(/^modes\.wide\.teams: 80 seats/),
      expect.stringMatching(/^modes\.wide\.partyMax: /),
      expect.stringMatching(/^modes\.wide\.holdMs: /),
      "modes.late.skill: the first step must be afterMs 0",
    ]);
    expect(() => defineConfig({ modes: { wide, late }, rooms })).toThrow(
      /^frontrow\.config: modes\.wide\.teams: .*\n(.*\n)+frontrow\.config: modes\.late\.skill: /,
    );
  });

  it("[MM4] says it of options that are no schema, and of attributes that the schema drops", () => {
    const same = ["map"];
    expect(matchModeProblems({ ...duel, options: {} })).toEqual(["options: must be a zod schema"]);
    const none = z.object({ level: z.number() });
    const problem = 'options: no ticket can have the attribute "map"; the schema has no such key';
    expect(matchModeProblems({ ...duel, same, options: none })).toEqual([problem]);
    expect(matchModeProblems({ ...duel, same, options: z.strictObject({ level: z.number() }) })).toEqual([problem]);
    expect(matchModeProblems({ ...duel, priority: { attribute: "map", headStartMs: 1 }, options: none })).toEqual([
      problem,
    ]);
    for (const options of [
      z.object({ map: z.string() }),
      z.looseObject({}),
      z.record(z.string(), z.json()),
      undefined,
    ]) {
      expect(matchModeProblems({ ...duel, same, options })).toEqual([]);
    }
  });
});

describe("a rule that nobody could satisfy", () => {
  const steps = (...list: [number, number | null][]) => list.map(([afterMs, max]) => ({ afterMs, max }));
  const roles = (...list: [string, number, number][]) => ({
    teams: [{ seats: 2, roles: list.map(([name, min, max]) => ({ name, min, max })) }, { seats: 2 }],
  });

  it.each<[string, object, string]>([
    ["too many seats", { teams: [{ seats: 33 }, { seats: 32 }] }, "teams: 65 seats; a match has at most 64"],
    ["one seat", { teams: [{ seats: 1 }] }, "teams: a match of one seat would never have to wait; use fill(), or bots"],
    ["a large party", { partyMax: 2 }, "partyMax: a party of 2 fits in no team; the largest has 1 seats"],
    ["a start above", { start: { playersMin: 3, afterMs: 0 } }, "start.playersMin: 3 players for 2 seats"],
    ["a late start", { start: { playersMin: 1, afterMs: 120_000 } }, "start.afterMs: a ticket ends after 120000 ms"],
    ["late bots", { bots: { afterMs: 2_000 }, timeoutMs: 2_000 }, "bots.afterMs: a ticket ends after 2000 ms"],
    ["a long hold", { holdMs: 1_000, timeoutMs: 1_000 }, "holdMs: a ticket ends after 1000 ms"],
    ["the usual hold", { timeoutMs: 1_000, holdMs: 999 }, ""],
    ["a long ready check", { readyCheckMs: 9_000, timeoutMs: 9_000 }, "readyCheckMs: a ticket ends after 9000 ms"],
    ["an attribute twice", { same: ["map", "map"] }, 'same, ranges: "map" is named twice'],
    [
      "an attribute in both",
      { same: ["map"], ranges: [{ attribute: "map", steps: steps([0, 1]) }] },
      'same, ranges: "map" is named twice',
    ],
    ["a late first step", { skill: steps([1, 100]) }, "skill: the first step must be afterMs 0"],
    ["steps out of order", { skill: steps([0, 1], [9, 2], [9, 3]) }, "skill: afterMs 9 does not follow 9"],
    ["a step that narrows", { latency: steps([0, 90], [9, 80]) }, "latency: 80 after 90 does not widen"],
    ["a step that stays", { latency: steps([0, 90], [9, 90]) }, "latency: 90 after 90 does not widen"],
    ["a limit after none", { skill: steps([0, null], [9, 90]) }, "skill: 90 after null does not widen"],
    ["none after none", { skill: steps([0, null], [9, null]) }, "skill: null after null does not widen"],
    ["a step that nobody reaches", { skill: steps([0, 1], [120_000, 2]) }, "skill: nobody reaches afterMs 120000"],
    [
      "a range's steps",
      {
        ranges: [
          { attribute: "a", steps: steps([0, 1]) },
          { attribute: "b", steps: steps([5, 1]) },
        ],
      },
      "ranges.1.steps: the first step must be afterMs 0",
    ],
    [
      "a role upside down",
      roles(["tank", 2, 1], ["any", 0, 2]),
      'teams.0.roles: "tank" wants at least 2 and at most 1',
    ],
    ["a role twice", roles(["tank", 0, 2], ["tank", 0, 2]), 'teams.0.roles: "tank" is named twice'],
    ["too many wanted", roles(["tank", 2, 2], ["any", 1, 2]), "teams.0.roles: they want at least 3 players in 2 seats"],
    [
      "too few allowed",
      roles(["tank", 0, 1]),
      "teams.0.roles: they take at most 1 players, so 2 seats are never filled",
    ],
  ])("[MM3] %s is refused with the reason", (_name, rules, problem) => {
    const problems = matchModeProblems({ ...duel, ...rules });
    expect(problems).toEqual(problem === "" ? [] : [expect.stringContaining(problem)]);
  });

  /**
   * A mistyped rule hid what was wrong with the others: a developer mended one and was told of the next.
   */
  it("[MM3] unknown keys, wrong values and steps that cannot be are told together", () => {
    const skil = [{ afterMs: 0, max: 1 }];
    const rules = { skil, skill: [{ afterMs: 5, max: 1 }], partyMax: 0, latency: [{ afterMs: 0, max: 1, min: 0 }] };
    expect(matchModeProblems({ ...duel, ...rules }).sort()).toEqual([
      "latency.0.min: there is no such key",
      expect.stringMatching(/^partyMax: /),
      "skil: there is no such key; did you mean skill?",
      "skill: the first step must be afterMs 0",
    ]);
    const late = steps([0, 1], [130_000, 2]);
    expect(matchModeProblems({ skill: late })).toEqual([
      expect.stringMatching(/^teams: /),
      expect.stringMatching(/^skill: nobody reaches afterMs 130000/),
    ]);
    expect(matchModeProblems({ ...duel, skill: late, timeoutMs: -1 })).toEqual([expect.stringMatching(/^timeoutMs: /)]);
  });

  it("[MM3] a mode that neither fill() nor match() made is told of both", () => {
    const config = { modes: { duel: { ...duel }, none: null }, rooms };
    expect(configProblems(config)).toEqual([
      "modes.duel: a mode is what fill({ … }) or match({ … }) makes",
      "modes.none: a mode is what fill({ … }) or match({ … }) makes",
    ]);
  });

  it.each<[string, object, RegExp]>([
    ["no teams", { teams: [] }, /^teams: /],
    ["an empty team", { teams: [{ seats: 0 }] }, /^teams\.0\.seats: /],
    ["half a seat", { teams: [{ seats: 1.5 }] }, /^teams\.0\.seats: /],
    ["a mistyped rule", { skil: [] }, /^skil: there is no such key; did you mean skill\?$/],
    ["a mistyped step", { skill: [{ afterMs: 0, max: 1, min: 0 }] }, /^skill\.0\.min: /],
    ["a metro that is none", { allowedMetros: ["Frankfurt am Main"] }, /^allowedMetros\.0: /],
    ["no metro", { allowedMetros: [] }, /^allowedMetros: /],
    ["too many attributes", { same: ["a", "b", "c", "d", "e"] }, /^same: /],
    ["an attribute with a blank", { same: ["a b"] }, /^same\.0: 1 to 32 letters/],
    ["a negative wait", { timeoutMs: -1 }, /^timeoutMs: /],
    ["a wait above an hour", { timeoutMs: 3_600_001 }, /^timeoutMs: /],
    ["an infinite limit", { skill: [{ afterMs: 0, max: Number.POSITIVE_INFINITY }] }, /^skill\.0\.max: /],
  ])("[MM3] %s has not the shape of a rule", (_name, rules, problem) => {
    expect(matchModeProblems({ ...duel, ...rules })).toEqual([expect.stringMatching(problem)]);
  });

  it("[MM3] one seat with bots, a free-for-all and a start with fewer players are possible", () => {
    expect(matchModeProblems({ teams: [{ seats: 1 }], bots: { afterMs: 0 } })).toEqual([]);
    expect(matchModeProblems({ teams: [{ seats: 64 }], start: { playersMin: 2, afterMs: 1_000 } })).toEqual([]);
    expect(matchModeProblems(everything)).toEqual([]);
  });

  it("[MM3] whatever the JSON, problems are said and nothing is thrown", () => {
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>;
    const key = fc.constantFrom(...Object.keys(everything), "options", "kind", "seats", "latencyMsMax", "__proto__");
    const bent = fc
      .array(fc.tuple(key, json), { maxLength: 4 })
      .map((changes) => JSON.parse(JSON.stringify({ ...everything, ...Object.fromEntries(changes) })) as unknown);
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(json, bent), (input) => {
        const problems = matchModeProblems(input);
        for (const problem of problems) expect(problem).toMatch(/^[^:]+: \S/s);
        if (problems.length > 0) refused++;
        else expect(match(input as MatchModeInput).seats).toBeGreaterThan(0);
        expect(configProblems({ modes: { mode: { kind: "match", ...(input as object) } }, rooms })).toBeInstanceOf(
          Array,
        );
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("[MM3] every mode that loads can match: its steps begin at 0, go up and widen until the ticket ends", () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 4_000 }),
      max: fc.option(fc.integer({ min: 1, max: 5 })),
    });
    let good = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 3 }), (skill) => {
        if (matchModeProblems({ ...duel, skill, timeoutMs: 3_000 }).length > 0) return;
        good++;
        const limits = skill.map(({ afterMs }) => widened(skill, afterMs));
        expect(skill[0]!.afterMs).toBe(0);
        expect(skill.every(({ afterMs }) => afterMs < 3_000)).toBe(true);
        limits.slice(1).forEach((limit, at) => void expect(limit).toBeGreaterThan(limits[at]!));
      }),
      {
        numRuns: 2_000,
        examples: [
          [
            [
              { afterMs: 0, max: 1 },
              { afterMs: 5, max: 2 },
              { afterMs: 9, max: null },
            ],
          ],
        ],
      },
    );
    expect(good).toBeGreaterThan(0);
  });
});

describe("widening", () => {
  const steps = [
    { afterMs: 0, max: 50 },
    { afterMs: 10_000, max: 100 },
    { afterMs: 30_000, max: null },
  ];

  it.each([
    [0, 50],
    [9_999, 50],
    [10_000, 100],
    [29_999, 100],
    [30_000, Number.POSITIVE_INFINITY],
    [1e12, Number.POSITIVE_INFINITY],
    [-5, 50],
  ])("[MM5] a ticket of %d ms accepts differences up to %d", (ageMs, max) => expect(widened(steps, ageMs)).toBe(max));

  it("[MM5] without steps any difference is accepted", () => {
    expect(widened(undefined, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a config with match modes", () => {
  it("[MM6] plain JSON is enough, and gets its defaults", () => {
    const json = JSON.parse('{ "duel": { "kind": "match", "teams": [{ "seats": 1 }, { "seats": 1 }] } }');
    const config = defineConfig({ modes: json as Record<string, Mode>, rooms });
    expect(config.modes.duel).toEqual(match(duel));
  });

  it("[MM6] problems are told with the mode's name and the rule's", () => {
    const modes = {
      duel: { kind: "match", ...duel, skil: [], partyMax: 0 },
      squads: { kind: "match", ...squads, partyMax: 6 },
    };
    expect(configProblems({ modes, rooms })).toEqual([
      expect.stringMatching(/^modes\.duel\.partyMax: /),
      "modes.duel.skil: there is no such key; did you mean skill?",
      "modes.squads.partyMax: a party of 6 fits in no team; the largest has 5 seats",
    ]);
  });

  it("[MM6] names and options of match modes are known to the compiler", () => {
    const config = defineConfig({
      modes: {
        duel: match({ ...duel, same: ["map"], options: z.object({ map: z.enum(["ice", "lava"]) }) }),
        arena: fill({ seats: 16 }),
      },
      rooms,
    });
    expectTypeOf<ModeNames<typeof config>>().toEqualTypeOf<"duel" | "arena">();
    expectTypeOf<OptionsOf<typeof config, "duel">>().toEqualTypeOf<{ map: "ice" | "lava" }>();
    expect(Object.keys(config.modes)).toEqual(["duel", "arena"]);
  });
});
