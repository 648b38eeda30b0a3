/** The page of `frontrow simulate` in a real browser: light and dark, wide and narrow, without a network. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readGames } from "@frontrow/matchmaker/simulate/games/read-games.ts";
import { ticketsOfGames } from "@frontrow/matchmaker/simulate/games/tickets-of-games.ts";
import { page } from "@frontrow/matchmaker/simulate/report/page.ts";
import { simulate } from "@frontrow/matchmaker/simulate/simulate.ts";
import { match } from "@frontrow/shared/config/match-mode.ts";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriersOf, chromiumMissing, complaintsOf, launchChromium } from "../support/chromium.ts";
import { madeUpGames } from "../support/simulate/made-up-games.ts";

const missing = chromiumMissing();
const folder = mkdtempSync(join(tmpdir(), "frontrow-page-"));
const duel = { teams: [{ seats: 1 }, { seats: 1 }], skill: [{ afterMs: 0, max: 100 }] };
const NAMES = ["duel", 'new <b>"duel"</b>'];

async function writePage(): Promise<string> {
  const table = join(folder, "games.csv");
  writeFileSync(table, madeUpGames({ games: 100 }));
  const { games } = await readGames(table, { columns: { time: "1", game: "2", player: "5", team: "6", score: "7" } });
  const { tickets: bare, asPlayed } = ticketsOfGames(games, { seed: 1, spreadMs: 60_000 });
  const tickets = bare.map((ticket, at) => ({
    ...ticket,
    metros: [
      { metro: "fra", rttMs: 5 + (at % 30) },
      { metro: "ams", rttMs: 12 + (at % 40) },
    ],
  }));
  const [mode, against] = [match(duel), match({ ...duel, holdMs: 0, skill: [{ afterMs: 0, max: 300 }] })];
  const input = {
    kind: "games",
    files: ["<games>.csv"],
    rows: 200,
    leftOut: [],
    understood: ["time = column 1"],
  } as const;
  const report = simulate({ mode, against, names: NAMES, tickets, seed: 1 });
  const file = join(folder, "report.html");
  writeFileSync(file, page({ input: { ...input, cut: false, rate: 1, spreadMs: 60_000, asPlayed }, ...report }));
  return pathToFileURL(file).href;
}

describe.skipIf(missing)(`the page of frontrow simulate${missing ? `: ${missing}` : ""}`, () => {
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    [browser, url] = await Promise.all([launchChromium(), writePage()]);
  });
  afterAll(() => browser?.close());

  it.each([
    ["light", 1_280],
    ["dark", 1_280],
    ["light", 360],
    ["dark", 360],
  ] as const)(
    "[SI13] shows every chart in %s at %i px, without complaint, barrier or request",
    async (colorScheme, width) => {
      const view = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
      const complaints = complaintsOf(view);
      const requests: string[] = [];
      view.on("request", (request) => void requests.push(request.url()));
      await view.goto(url);
      expect(requests.filter((each) => each !== url && !each.startsWith("data:"))).toEqual([]);
      expect(await view.locator("figure > svg[role=img]").count()).toBe(7);
      expect(await view.locator("script").count()).toBe(0);
      // Every line is drawn inside its chart, and no number went wrong.
      expect(await view.locator("main").innerHTML()).not.toMatch(/NaN|Infinity|undefined/);
      for (const path of await view.locator("figure > svg path.line").all()) {
        const [line, chart] = [await path.boundingBox(), await path.locator("xpath=..").boundingBox()];
        expect(line!.x).toBeGreaterThanOrEqual(chart!.x);
        expect(line!.x + line!.width).toBeLessThanOrEqual(chart!.x + chart!.width);
        expect(line!.y + line!.height).toBeLessThanOrEqual(chart!.y + chart!.height);
      }
      // The page itself does not scroll sideways.
      expect(await view.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await barriersOf(view)).toEqual([]);
      expect(complaints).toEqual([]);
      await view.close();
    },
  );

  it("[SI13] a mode's name is text, whatever is in it", async () => {
    const view = await browser.newPage();
    await view.goto(url);
    expect(await view.locator("thead th").allTextContents()).toEqual(NAMES);
    expect(await view.locator("b").count()).toBe(0);
    expect(await view.locator("main").textContent()).toContain("<games>.csv");
    await view.close();
  });
});
