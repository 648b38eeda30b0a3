import { match } from "@frontrow/shared/config/match-mode.ts";
import { describe, expect, it } from "vitest";
import { simulate } from "../simulate.ts";
import type { ReplayTicket } from "../words.ts";
import { durationAxis, numberAxis, timeAxis } from "./axis.ts";
import { page } from "./page.ts";
import type { SimulationResult } from "./result.ts";
import { rowsOf } from "./rows.ts";
import { table } from "./table.ts";
import { drawTradeOff } from "./trade-off.ts";
import { duration, percent } from "./words-of.ts";

const mode = match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 });
const tickets = Array.from({ length: 5 }, (_, at): ReplayTicket => {
  const rating = 1_500 + at * 10;
  const players = [{ playerId: `p${at}`, rating, sigma: 0, roles: [] }];
  const [atMs, key] = [at * 2_000, `t${at}`];
  return { key, atMs, sinceMs: atMs, players, metros: [], attributes: {}, avoid: [], compat: "any" };
});
const result = (names: string[], some = tickets): SimulationResult => ({
  input: { kind: "log", files: ["a.ndjson"], rows: 10, leftOut: [], understood: [], cut: false, rate: 1 },
  ...simulate({ mode, against: names.slice(1).map(() => mode), names, tickets: some, seed: 1 }),
});

describe("a report", () => {
  it("[SI12] the table has a column a mode, under its name, and no row of nothing", () => {
    const text = table(result(["duel", "a longer name"]));
    expect(text).toMatch(/^5 tickets of 5 players in 8.0 s; from a.ndjson \(10 lines\), seed 1\.\n/);
    expect(text).toMatch(/^matched +80.0 % +80.0 %$/m);
    expect(text).toMatch(/^wait p99 +2.0 s +2.0 s$/m);
    expect(text).not.toMatch(/round trip|with bots|short of players|gave up/);
    const widths = text
      .split("\n")
      .filter((line) => /^(matches|wait p50|skill)/.test(line))
      .map((line) => line.length);
    expect(new Set(widths).size).toBe(1);
  });

  it("[SI12] rows say what there is: distances where they are known", () => {
    const near = tickets.map((ticket) => ({ ...ticket, metros: [{ metro: "fra", rttMs: 12 }] }));
    const labels = rowsOf(result(["duel"], near)).map(({ label }) => label);
    expect(labels).toContain("round trip p95");
    expect(labels).toContain("beyond nearest metro p50");
  });

  it.each([
    [0, "0 ms"],
    [325.4, "325 ms"],
    [999.6, "1.0 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min 00 s"],
    [302_000, "5 min 02 s"],
    [3_599_600, "1 h 00 min"],
    [12_000_000, "3 h 20 min"],
  ])("[SI12] %i ms are %s", (ms, words) => expect(duration(ms)).toBe(words));

  it.each([
    [0, "0.0 %"],
    [0.0004, "< 0.1 %"],
    [0.617, "61.7 %"],
    [0.9999, "> 99.9 %"],
    [1, "100 %"],
  ])("[SI12] a share of %f is %s", (share, words) => expect(percent(share)).toBe(words));

  it("[SI13] an axis has round ticks, at most six, and holds all of what it shows", () => {
    for (const max of [1, 3, 999, 4_999, 61_000, 3_700_000, 9e8]) {
      for (const axis of [durationAxis("t", max), numberAxis("n", max)]) {
        expect(axis.ticks.length).toBeLessThanOrEqual(6);
        expect(axis.max).toBeGreaterThanOrEqual(max);
        expect(axis.ticks.at(-1)).toBe(axis.max);
      }
      expect(timeAxis("t", max).max).toBe(max);
    }
    expect(durationAxis("t", 290_000).ticks.map(durationAxis("t", 290_000).word).join(" ")).toBe(
      "0 1 min 2 min 3 min 4 min 5 min",
    );
  });

  it("[SI13] the page says the same for the same result, and shows a result of one lonely ticket", () => {
    expect(page(result(["duel"]))).toBe(page(result(["duel"])));
    const lonely = page(result(["duel"], tickets.slice(0, 1)));
    expect(lonely).toContain("unmatched: timed out");
    expect(lonely).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("[SI14] the picture of the trade-off has a point a schedule and crowd, further down for more equal matches", () => {
    const schedules = [
      { name: "anyone", waitP95Ms: 1_000, spreadP50: 200 },
      { name: "patient", waitP95Ms: 60_000, spreadP50: 20 },
    ];
    const crowd = { says: "few & far", schedules };
    const asPlayed = { says: "as played", spread: 210 };
    const svg = drawTradeOff({ title: "t", subtitle: "s", asPlayed, crowds: [crowd] });
    const [, x1, y1, x2, y2] = /class="line" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
    expect(x2).toBeGreaterThan(x1!);
    expect(y2).toBeGreaterThan(y1!);
    expect(svg).toContain("few &amp; far");
  });
});
