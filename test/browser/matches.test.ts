/** Duels and squads on the demo's page, in a real Chromium, through the real path; only waits and lengths are short. */
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleArenaPage } from "../../cli/arena/page/bundle.ts";
import { barriersOf, chromiumMissing, complaintsOf, launchChromium } from "../support/chromium.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import config from "./short-waits/frontrow.config.ts";

const missing = chromiumMissing();
const CONFIG = fileURLToPath(new URL("./short-waits/frontrow.config.ts", import.meta.url));
const DESKTOP = { viewport: { width: 1_360, height: 800 } };
const PHONE = { viewport: { width: 380, height: 740 }, hasTouch: true, isMobile: true };
const SOON = { timeout: 20_000, interval: 50 };
const TEST_MS = 90_000;

describe.skipIf(missing)(missing ?? "matches on the demo's page", { timeout: TEST_MS }, () => {
  let dev: FrontrowProcess;
  let browser: Browser;
  let files: Awaited<ReturnType<typeof bundleArenaPage>>;

  beforeAll(async () => {
    [dev, browser, files] = await Promise.all([
      startFrontrow("dev", { env: { FRONTROW_CONFIG: CONFIG } }),
      launchChromium(),
      bundleArenaPage({ modes: config.modes }),
    ]);
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await dev?.end();
  });

  /**
   * `frontrow dev` serves the page for the demo's own config only: here the test puts the same files in its place. Not as the answer to
   * the page's own address, because Chromium lets no made-up page talk to this machine.
   */
  async function open(options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    for (const [path, { type, body }] of files) {
      if (path === "/") continue;
      await page.route(`${dev.url}${path}`, (route) => route.fulfill({ contentType: type, body: Buffer.from(body) }));
    }
    await page.goto(`${dev.url}/`);
    await page.setContent(Buffer.from(files.get("/")!.body).toString());
    return page;
  }
  const pane = (page: Page, index: number) => page.locator(".pane").nth(index);
  const told = (at: Locator, name: string) =>
    at.evaluate((element, key) => (element as HTMLElement).dataset[key], name);
  const becomes = (at: Locator, state: string) => expect.poll(() => stateOf(at), SOON).toBe(state);
  async function stateOf(at: Locator) {
    const state = await told(at, "state");
    return state === "failed" ? `failed: ${await at.getByRole("alert").textContent()}` : state;
  }
  /** From the arena, where every pane begins, to the mode's queue. */
  async function choose(at: Locator, mode: "Duel" | "Squads"): Promise<void> {
    await becomes(at, "playing");
    await at.getByRole("button", { name: "Leave" }).click();
    await becomes(at, "idle");
    await at.getByLabel(mode).check();
    await at.getByRole("button", { name: "Play", exact: true }).click();
  }
  const shows = (at: Locator, text: string | RegExp) => expect.poll(() => at.textContent(), SOON).toMatch(text);

  it("[AR18] two panes duel one another until one has won, see how it ended, and play again", async () => {
    const page = await open(DESKTOP);
    const complaints = complaintsOf(page);
    const [left, right] = [pane(page, 0), pane(page, 1)];
    // One after the other: they share a mouse.
    for (const side of [left, right]) await choose(side, "Duel");
    for (const side of [left, right]) await becomes(side, "playing");
    await expect.poll(() => told(left, "others"), SOON).toMatch(/./);
    expect(await told(left, "room")).toBe(await told(right, "room"));
    expect([await told(left, "players"), await told(left, "bots")]).toEqual(["2", "0"]);
    expect([await told(left, "team"), await told(right, "team")].sort()).toEqual(["1", "2"]);
    await shows(left.locator(".match"), /You 0\s*:\s*0/);

    // They begin out of each other's sight; the left player goes where the other is, shooting.
    await duelUntilOver(page, left);
    for (const side of [left, right]) await becomes(side, "over");
    expect([await told(left, "result"), await told(right, "result")]).toEqual(["won", "lost"]);
    await shows(left, /You won.*1 : 0, first to 1/s);
    await shows(right, /You lost.*0 : 1, first to 1/s);
    expect(await barriersOf(page)).toEqual([]);

    const before = await told(left, "room");
    for (const side of [left, right]) await side.getByRole("button", { name: "Play again" }).click();
    for (const side of [left, right]) await becomes(side, "playing");
    expect(await told(left, "room")).toBe(await told(right, "room"));
    expect(await told(left, "room")).not.toBe(before);
    expect(complaints).toEqual([]);
  });

  /** Steers the left player (W A S D, Space) towards the other, around the block in the middle, until the match is over. */
  async function duelUntilOver(page: Page, at: Locator): Promise<void> {
    await page.keyboard.down("Space");
    const held = new Set<string>();
    const hold = async (key: string, isHeld: boolean) => {
      if (isHeld === held.has(key)) return;
      await (isHeld ? page.keyboard.down(key) : page.keyboard.up(key));
      if (isHeld) held.add(key);
      else held.delete(key);
    };
    const steer = async () => {
      const [x = 0, y = 0] = [await told(at, "x"), await told(at, "y")].map(Number);
      const foe = (await told(at, "others"))?.split(":")[1]?.split(",").map(Number) ?? [x, y];
      const [dx, dy] = [foe[0]! - x, foe[1]! - y];
      // First up, past the block in the middle; then in that of the eight directions in which the other is.
      const eighth = Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * (Math.PI / 4);
      const isBehindBlock = y > 400 && Math.abs(dx) > 300;
      const [right, down] = isBehindBlock ? [0, -1] : [Math.cos(eighth), Math.sin(eighth)];
      await hold("KeyD", right > 0.5);
      await hold("KeyA", right < -0.5);
      await hold("KeyS", down > 0.5);
      await hold("KeyW", down < -0.5);
      return told(at, "state");
    };
    await expect.poll(steer, { timeout: 30_000, interval: 50 }).toBe("over");
    for (const key of [...held, "Space"]) await page.keyboard.up(key);
  }

  it("[AR18] the winner of a duel whose other player leaves is told so", async () => {
    const page = await open(DESKTOP);
    const [left, right] = [pane(page, 0), pane(page, 1)];
    for (const side of [left, right]) await choose(side, "Duel");
    for (const side of [left, right]) await becomes(side, "playing");
    await expect.poll(() => told(left, "others"), SOON).toMatch(/./);
    await right.getByRole("button", { name: "Leave" }).click();
    await becomes(left, "over");
    await shows(left, /You won.*nobody is left on the other side/s);
  });

  it("[AR19] who is alone is told what is waited for, and plays bots after the stated wait", async () => {
    for (const [colorScheme, size] of [
      ["dark", DESKTOP],
      ["light", PHONE],
    ] as const) {
      const page = await open({ ...size, colorScheme });
      const complaints = complaintsOf(page);
      const player = pane(page, 0);
      await choose(player, "Duel");
      await becomes(player, "waiting");
      const card = player.locator('[data-for~="waiting"]');
      await shows(card, "only you");
      await shows(card, /Bots fill up\s*in [1-6] s/);
      await shows(card, /1 more is needed/);
      expect(await barriersOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      await becomes(player, "playing");
      await expect.poll(() => told(player, "bots"), SOON).toBe("1");
      expect(await told(player, "players")).toBe("1");
      await shows(player.locator(".match"), /You \d+\s*:\s*\d+\s*first to 1/);
      expect(await barriersOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it("[AR19] squads ask whether the player is there, and are five against five with bots until the time is up", async () => {
    const page = await open(PHONE);
    const complaints = complaintsOf(page);
    const player = pane(page, 0);
    await choose(player, "Squads");
    await becomes(player, "asked");
    await shows(player, /Are you there\?\s*\d+ s left/);
    expect(await barriersOf(page)).toEqual([]);
    await player.getByRole("button", { name: "Ready" }).click();
    await becomes(player, "playing");
    await expect.poll(() => told(player, "bots"), SOON).toBe("9");
    await shows(player.locator(".match"), /Your team \d+\s*:\s*\d+\s*first to 100/);
    await becomes(player, "over");
    await shows(player, /(Your team (won|lost)|A draw).*the time is up/s);
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);

    await player.getByRole("button", { name: "Play again" }).click();
    await becomes(player, "asked");
    await player.getByRole("button", { name: "Not now" }).click();
    await expect.poll(() => stateOf(player), SOON).toContain("DECLINED");
  });

  it("[AR20] a wait that is cancelled ends at once, and leads to no seat", async () => {
    const page = await open(PHONE);
    const player = pane(page, 0);
    await choose(player, "Duel");
    await becomes(player, "waiting");
    await player.getByRole("button", { name: "Cancel" }).click();
    await becomes(player, "idle");
    // Whoever comes next finds nobody in the pool.
    const other = pane(await open(PHONE), 0);
    await choose(other, "Duel");
    await shows(other.locator('[data-for~="waiting"]'), "only you");
    await becomes(other, "playing");
    await expect.poll(() => told(other, "bots"), SOON).toBe("1");
    expect(await stateOf(player)).toBe("idle");
  });
});
