import { describe, expect, expectTypeOf, it } from "vitest";
import { defineStream, flag, int, oneOf, type StreamInit, streamProblems } from "./define.ts";
import { rawOf, spoken } from "./fields.ts";
import { layoutOf } from "./layout.ts";

const good = { area: { width: 100, height: 100 }, cell: 10, step: 0.5, kinds: { ship: {} } } as const;

describe("defineStream", () => {
  it("[ST13] tells all problems at once, each with its path", () => {
    const bad = {
      area: { width: 0, height: 100 },
      cell: -1,
      step: 1,
      positionBits: 99,
      entitiesMax: 0.5,
      kinds: {
        ship: {
          angle: 17,
          fields: { x: flag(), hp: int(5, 1), mood: oneOf(), twice: oneOf("a", "a"), big: int(0, 2 ** 21) },
        },
      },
      events: { shot: { fields: { by: { type: "text" } } } },
    } as unknown as StreamInit<never, never>;
    expect(streamProblems(bad)).toEqual([
      "area: width and height must be positive numbers",
      "cell: must be a positive number",
      "step: give either step or positionBits",
      "positionBits: must be a whole number from 1 to 20",
      "entitiesMax: must be a whole number from 1 to 1048576",
      "kinds.ship.angle: must be a whole number of bits from 1 to 16",
      "kinds.ship.fields.x: this name is taken",
      "kinds.ship.fields.hp: min and max must be whole numbers, min not above max",
      "kinds.ship.fields.mood: must have a value",
      "kinds.ship.fields.twice: has a value twice",
      "kinds.ship.fields.big: has more than 2^20 values",
      "events.shot.fields.by: must be int(…), oneOf(…) or flag()",
    ]);
    expect(() => defineStream(bad)).toThrow("stream: cell: must be a positive number\nstream: step");
  });

  it("[ST13] bounds cells, steps, kinds and fields", () => {
    const many = (n: number, what: unknown) =>
      Object.fromEntries(Array.from({ length: n }, (_, at) => [`k${at}`, what]));
    const problems = (change: object) => streamProblems({ ...good, ...change } as never);
    expect(problems({})).toEqual([]);
    expect(problems({ cell: 0.25 })[0]).toBe("cell: must not be smaller than the step of positions");
    expect(problems({ step: 0.000_01 })[0]).toContain("step: the area has more than 2^20");
    expect(problems({ area: { width: 70_000, height: 70_000 }, cell: 70_000 })[0]).toContain(
      "cell: has more than 2^16",
    );
    expect(problems({ area: { width: 9_000, height: 9_000 } })[0]).toContain("at most 65536");
    expect(problems({ kinds: {} })).toEqual(["kinds: must be 1 to 64"]);
    expect(problems({ kinds: many(65, {}) })).toEqual(["kinds: must be 1 to 64"]);
    expect(problems({ kinds: { ship: { fields: many(17, flag()) } } })).toEqual([
      "kinds.ship.fields: at most 16 are possible",
    ]);
  });

  it("[ST13] positionBits give the longer side of the area so many bits", () => {
    const { step: _, ...rest } = good;
    const { maxX, maxY } = layoutOf(defineStream({ ...rest, area: { width: 100, height: 50 }, positionBits: 12 }));
    expect([maxX, maxY]).toEqual([4_095, 2_048]);
  });

  it("[ST14] takes values of fields to the nearest that there is", () => {
    const hp = int(-5, 5);
    expect([-9, -5, 0.4, 5, 99, Number.NaN].map((value) => spoken(hp, rawOf(hp, value)))).toEqual([
      -5, -5, 0, 5, 5, -5,
    ]);
    const weapon = oneOf("laser", "gun");
    expect(["gun", "laser", "spoon"].map((value) => spoken(weapon, rawOf(weapon, value)))).toEqual([
      "gun",
      "laser",
      "laser",
    ]);
  });

  it("[ST15] keeps the names and values of what it defines in its type", () => {
    const defined = defineStream({ ...good, kinds: { ship: { fields: { weapon: oneOf("laser", "gun") } } } });
    expectTypeOf<keyof typeof defined.kinds>().toEqualTypeOf<"ship">();
    expectTypeOf(defined.kinds.ship.fields.weapon.values).toEqualTypeOf<readonly ("laser" | "gun")[]>();
    expect(Object.isFrozen(defined)).toBe(true);
  });
});
