import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MetroDistance, type RouteQuestion, route } from "./route.ts";

const fromBerlin: MetroDistance[] = [
  { metro: "ams", up: true, edgeToMetroMs: 14 },
  { metro: "fra", up: true, edgeToMetroMs: 9 },
  { metro: "nyc", up: true, edgeToMetroMs: 92 },
];
const ask = (question: Partial<RouteQuestion>) => route({ metros: fromBerlin, playerToEdgeMs: 2, ...question });

describe("metro choice", () => {
  it("[RT1] a player in Berlin plays in Frankfurt, then Amsterdam, then New York", () => {
    const { order, why } = ask({});
    expect(order).toEqual(["fra", "ams", "nyc"]);
    expect(why[0]).toBe("fra: 11 ms (2 ms to the edge, 9 ms on), chosen.");
  });

  it("[RT1] a player who was not measured yet goes by the edge's own distances", () => {
    expect(ask({ playerToEdgeMs: undefined }).order).toEqual(["fra", "ams", "nyc"]);
  });

  /** A page said "0.6 ms verified" beside "67 ms to the edge": what the first probe had found while the page was still busy. */
  it("[RT1] a round trip that is not verified yet is told as what it is", () => {
    expect(ask({ isUnverified: true }).why[0]).toBe(
      "fra: 11 ms (2 ms to the edge by the first probes, 9 ms on), chosen.",
    );
    expect(ask({ playerToEdgeMs: undefined, isUnverified: true }).why[0]).toBe("fra: 9 ms, chosen.");
  });

  it("[RT2] where the limit is 12 ms only Frankfurt is within it, and the others still come after", () => {
    const { order, why } = ask({ latencyMsMax: 12 });
    expect(order).toEqual(["fra", "ams", "nyc"]);
    expect(why[1]).toContain("beyond the mode's 12 ms");
  });

  it("[RT2] the limit counts before stickiness: a previous metro beyond it loses", () => {
    expect(ask({ latencyMsMax: 12, previous: "ams" }).order[0]).toBe("fra");
  });

  it("[RT3] a metro that was never measured comes last but is there", () => {
    const metros = [{ metro: "aaa", up: true, edgeToMetroMs: undefined }, ...fromBerlin];
    expect(ask({ metros }).order).toEqual(["fra", "ams", "nyc", "aaa"]);
  });

  it("[RT3] when nothing is measured everything is still offered", () => {
    const metros = fromBerlin.map((metro) => ({ ...metro, edgeToMetroMs: undefined }));
    expect(ask({ metros }).order).toEqual(["ams", "fra", "nyc"]);
  });

  it("[RT4] who played in Amsterdam stays there for 3 ms, and moves for 20", () => {
    const near = [{ metro: "ams", up: true, edgeToMetroMs: 12 }, fromBerlin[1]!];
    const far = [{ metro: "ams", up: true, edgeToMetroMs: 29 }, fromBerlin[1]!];
    expect(ask({ metros: near, previous: "ams" })).toMatchObject({ order: ["ams", "fra"] });
    expect(ask({ metros: near, previous: "ams" }).why.join(" ")).toContain("used before");
    expect(ask({ metros: far, previous: "ams" }).order).toEqual(["fra", "ams"]);
  });

  it("[RT5] two metros in one building are ordered by their code for everybody", () => {
    const metros = [
      { metro: "zrh", up: true, edgeToMetroMs: 9.1 },
      { metro: "fra", up: true, edgeToMetroMs: 9.3 },
    ];
    expect(ask({ metros }).order).toEqual(["fra", "zrh"]);
  });

  it("[RT6] residency and a broken link take a metro out, with the reason", () => {
    const metros = [fromBerlin[0]!, { ...fromBerlin[1]!, up: false }, fromBerlin[2]!];
    const { order, why } = ask({ metros, allowedMetros: ["fra", "ams"] });
    expect(order).toEqual(["ams"]);
    expect(why).toEqual(expect.arrayContaining(["fra is not connected.", "nyc may not host this."]));
  });

  it("[RT6] whatever the distances, the order holds each allowed connected metro once and nothing else", () => {
    const metro = fc.record({
      metro: fc.constantFrom("ams", "fra", "nyc", "sin", "syd"),
      up: fc.boolean(),
      edgeToMetroMs: fc.option(fc.double({ min: 0, max: 400, noNaN: true }), { nil: undefined }),
    });
    const metros = fc.uniqueArray(metro, { selector: (m) => m.metro });
    const previous = fc.option(fc.constantFrom("ams", "fra"), { nil: undefined });
    fc.assert(
      fc.property(
        metros,
        previous,
        fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
        (all, before, limit) => {
          const { order } = route({
            metros: all,
            playerToEdgeMs: 3,
            allowedMetros: ["ams", "fra", "sin"],
            previous: before,
            latencyMsMax: limit,
          });
          const expected = all.filter((m) => m.up && ["ams", "fra", "sin"].includes(m.metro)).map((m) => m.metro);
          expect([...order].sort()).toEqual(expected.sort());
        },
      ),
    );
  });
});
