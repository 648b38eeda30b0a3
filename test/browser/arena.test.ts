/** The page that `npm start` serves, in a real Chromium, through the real path. */
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { barriersOf, chromiumMissing, complaintsOf, launchChromium } from "../support/chromium.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";

const missing = chromiumMissing();
const DESKTOP = { viewport: { width: 1_360, height: 800 } };
const PHONE = { viewport: { width: 380, height: 740 }, hasTouch: true, isMobile: true };
const SOON = { timeout: 20_000, interval: 100 };
const TEST_MS = 90_000;

describe.skipIf(missing)(missing ?? "the arena's page", { timeout: TEST_MS }, () => {
  let dev: FrontrowProcess;
  let browser: Browser;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startFrontrow("dev"), launchChromium()]);
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await dev?.end();
  });

  async function open(options: BrowserContextOptions, hash = ""): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(`${dev.url}/${hash}`);
    return page;
  }
  const pane = (page: Page, index: number) => page.locator(".pane").nth(index);
  const told = (at: Locator, name: string) =>
    at.evaluate((element, key) => (element as HTMLElement).dataset[key], name);
  const becomes = (at: Locator, state: string) => expect.poll(() => stateOf(at), SOON).toMatch(new RegExp(`^${state}`));
  /** A failure says why, so that a test that did not expect it says so too. */
  async function stateOf(at: Locator) {
    const state = await told(at, "state");
    return state === "failed" ? `failed: ${await at.getByRole("alert").textContent()}` : state;
  }
  /** Seated, and shown its ship. */
  const plays = (at: Locator) =>
    expect.poll(async () => ((await told(at, "x")) ? "playing" : stateOf(at)), SOON).toBe("playing");
  /** Where `viewer` sees the ship of `session`, as `x,y`. */
  const seenBy = async (viewer: Locator, session: string) =>
    (await told(viewer, "others"))
      ?.split(" ")
      .find((other) => other.startsWith(`${session}:`))
      ?.split(":")[1];

  it("[AR10] two players at one keyboard sit in one room, and each sees the other move", async () => {
    const page = await open(DESKTOP);
    const complaints = complaintsOf(page);
    const [left, right] = [pane(page, 0), pane(page, 1)];
    for (const side of [left, right]) await plays(side);
    await expect.poll(() => told(left, "players"), SOON).toBe("2");
    expect(await told(right, "room")).toBe(await told(left, "room"));

    for (const [mover, viewer, key] of [
      [left, right, "KeyA"],
      [right, left, "ArrowDown"],
    ] as const) {
      const session = (await told(mover, "session"))!;
      await expect.poll(() => seenBy(viewer, session), SOON).toBeDefined();
      const before = await seenBy(viewer, session);
      await page.keyboard.down(key);
      await expect.poll(() => seenBy(viewer, session), SOON).not.toBe(before);
      await page.keyboard.up(key);
      // What the mover foresaw, what the room decided and what the other is shown come to the same place.
      await expect
        .poll(
          async () => (await seenBy(viewer, session)) === `${await told(mover, "x")},${await told(mover, "y")}`,
          SOON,
        )
        .toBe(true);
    }
    await left.getByLabel("More bots").click();
    await expect.poll(() => told(right, "bots"), SOON).toBe("1");
    expect(complaints).toEqual([]);
  });

  it("[AR11] the code of a private room lets a friend in, by typing or by link, and nobody else", async () => {
    const page = await open(DESKTOP);
    const [host, friend] = [pane(page, 0), pane(page, 1)];
    for (const side of [host, friend]) {
      await plays(side);
      await side.getByRole("button", { name: "Leave" }).click();
      await becomes(side, "idle");
    }
    await host.getByRole("button", { name: "Private room" }).click();
    await plays(host);
    const code = (await told(host, "code"))!;
    expect(code).toMatch(/^[A-Z]+-/);
    await friend.getByLabel("Code").fill(code.toLowerCase());
    await friend.getByRole("button", { name: "Join" }).click();
    await expect.poll(() => told(host, "players"), SOON).toBe("2");
    // The longer name beside the code pushed the button that removes a pane onto a line of its own.
    await page.setViewportSize({ width: 1_240, height: 800 });
    for (const side of [host, friend]) {
      const name = await side.getByRole("heading").boundingBox();
      const remove = await side.getByLabel("Remove this player").boundingBox();
      expect(remove!.y).toBeLessThan(name!.y + name!.height);
    }

    const invited = pane(await open(PHONE, `#${code}`), 0);
    await plays(invited);
    await expect.poll(() => told(host, "players"), SOON).toBe("3");
    expect(await told(invited, "room")).toBe(await told(host, "room"));
    const stranger = pane(await open(PHONE), 0);
    await plays(stranger);
    expect(await told(stranger, "room")).not.toBe(await told(host, "room"));
  });

  it("[AR12] a player whose connection drops is back on its ship by itself", async () => {
    const page = await (await browser.newContext(PHONE)).newPage();
    // The SDK gives up a room that drops within five seconds of joining it; the page's clock need not wait for that.
    await page.addInitScript(() => {
      const now = Date.now;
      Object.assign(globalThis, { skipMs: 0, roomSockets: [] });
      const shared = globalThis as never as { skipMs: number; roomSockets: WebSocket[] };
      Date.now = () => now() + shared.skipMs;
      globalThis.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, Array.isArray(protocols) ? protocols : []);
          if (`${url}`.includes("sessionId=")) shared.roomSockets.push(this);
        }
      };
    });
    await page.goto(dev.url);
    const player = pane(page, 0);
    await plays(player);
    const session = await told(player, "session");
    // The states pass quickly: they are written down rather than looked for.
    await player.evaluate((element) => {
      const shared = globalThis as never as { skipMs: number; roomSockets: WebSocket[]; states: unknown[] };
      shared.states = [];
      const note = () => shared.states.push((element as HTMLElement).dataset.state);
      new MutationObserver(note).observe(element, { attributeFilter: ["data-state"] });
      shared.skipMs = 10_000;
      shared.roomSockets[0]!.close();
    });
    const states = () => page.evaluate(() => (globalThis as never as { states: unknown[] }).states);
    await expect.poll(states, SOON).toEqual(["reconnecting", "playing"]);
    expect(await told(player, "session")).toBe(session);
    const before = await told(player, "y");
    await page.keyboard.down("KeyW");
    await expect.poll(() => told(player, "y"), SOON).not.toBe(before);
  });

  it("[AR26] after a reload each player is on its own ship again", async () => {
    const page = await browser.newPage();
    await page.goto(dev.url);
    const panes = [pane(page, 0), pane(page, 1)];
    for (const each of panes) await plays(each);
    const sessions = () => Promise.all(panes.map((each) => told(each, "session")));
    const before = await sessions();
    expect(new Set(before).size).toBe(2);
    const toEdge = () => panes[0]!.locator('[data-ref="edge"]').textContent();
    await expect.poll(toEdge, SOON).toMatch(/^[\d.]+ ms verified$/);
    await page.reload();
    for (const each of panes) await plays(each);
    expect(await sessions()).toEqual(before);
    // Nobody asked the edge: it said "measuring…" for ever.
    expect(await toEdge()).toBe("–");
    await page.close();
  });

  it("[AR13] the page has no serious barrier, complains of nothing and fits a phone, in dark and in light", async () => {
    for (const [colorScheme, size] of [
      ["dark", DESKTOP],
      ["light", DESKTOP],
      ["dark", PHONE],
      ["light", PHONE],
    ] as const) {
      const page = await open({ ...size, colorScheme });
      const complaints = complaintsOf(page);
      const player = pane(page, 0);
      await plays(player);
      await player.getByText("Why this seat").click();
      expect(await barriersOf(page)).toEqual([]);
      await player.getByRole("button", { name: "Leave" }).click();
      await becomes(player, "idle");
      expect(await barriersOf(page)).toEqual([]);
      await player.getByLabel("Code").fill("LOCAL-00000000");
      await player.getByRole("button", { name: "Join" }).click();
      await becomes(player, "failed");
      expect(await player.getByRole("alert").textContent()).toContain("CODE_UNKNOWN");
      expect(await barriersOf(page)).toEqual([]);
      const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(spill).toBe(0);
      expect(complaints).toEqual([]);
    }
  });

  it("[AR14] a failure shows its code, and its retry opens when the error says and then works", async () => {
    const page = await open(PHONE);
    const player = pane(page, 0);
    await plays(player);
    await player.getByRole("button", { name: "Leave" }).click();
    await becomes(player, "idle");
    await dev.end();
    await player.getByRole("button", { name: "Play" }).click();
    await becomes(player, "failed");
    expect(await player.getByRole("alert").textContent()).toContain("EDGE_UNREACHABLE");
    const retry = player.getByRole("button", { name: /^Retry/ });
    expect(await retry.isDisabled()).toBe(true);
    dev = await dev.again();
    await retry.click();
    await plays(player);
  });
});
