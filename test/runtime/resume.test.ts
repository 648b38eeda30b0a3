/**
 * Pages that are reloaded, against `frontrow dev`: each page is a client of its own, and of the one before it nothing is left but
 * its storage, or not even that. The way to the game can be cut and stalled.
 */
import { createClient, type FrontrowClient, type Played, type PlayResult } from "@frontrow/client";
import { createMemoryStorage, type SeatStorage } from "@frontrow/client/kept-seat.ts";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type config from "../../cli/arena/frontrow.config.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { freePort } from "../support/redis-server.ts";

const SOON = { timeout: 10_000, interval: 50 };
/** For what a player asks, of which he may do two a second; the server says who sits with its next heartbeat. */
const ASKED = { timeout: 20_000, interval: 800 };
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
type Arena = FrontrowClient<typeof config>;
let dev: FrontrowProcess;
let game: DelayProxy;
// biome-ignore lint/suspicious/noExplicitAny: whatever room it is
type Joined = Pick<Played<any>, "room">;
const clients: Arena[] = [];
const joined: Joined[] = [];

beforeAll(async () => {
  const target = { host: "127.0.0.1", port: await freePort() };
  game = await startDelayProxy({ port: 0, target, roundTripMs: 0 });
  const env = {
    PORT: `${target.port}`,
    FRONTROW_PUBLIC_URL: `ws://127.0.0.1:${game.port}`,
    FRONTROW_JWT_KEY: await exportSPKI(publicKey),
  };
  dev = await startFrontrow("dev", { env });
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterEach(async () => {
  game.stall(false);
  await Promise.all(joined.splice(0).map(({ room }) => room.connection.isOpen && room.leave()));
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await game?.close();
  await dev?.end();
});

const jwtOf = (player: string) =>
  new SignJWT({}).setProtectedHeader({ alg: "ES256" }).setSubject(player).setExpirationTime("1h").sign(privateKey);

function page(storage: SeatStorage = createMemoryStorage(), jwt?: string): Arena {
  const client = createClient<typeof config>({ url: dev.url, storage, ...(jwt ? { jwt } : {}) });
  clients.push(client);
  return client;
}
async function seated<S>(playing: Promise<PlayResult<S>>): Promise<Played<S>> {
  const played = await playing;
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  joined.push(played);
  return played;
}
const shipsIn = ({ room }: Joined) =>
  [...((room.state as { ships?: Map<string, { name: string }> }).ships?.values() ?? [])].map(({ name }) => name).sort();
/** The page is gone, and its SDK with it. */
const unload = ({ room }: Joined) => {
  room.reconnection.enabled = false;
};
const answers = ({ room }: Joined) => new Promise<number>((resolve) => room.ping(resolve));

describe("a page that is reloaded", () => {
  it("[RS1] has its guest back on the same ship, as often as it is reloaded, and its drops made good in between", async () => {
    const storage = createMemoryStorage();
    const host = await seated(page().create("arena", { options: { name: "Host" } }));
    let last = await seated(page(storage).join({ roomId: host.roomId }, { options: { name: "Ada" } }));
    const { sessionId } = last.room;
    for (let reloads = 0; reloads < 3; reloads++) {
      unload(last);
      // Closed by the browser, half open, and while the player is just coming back from a drop.
      if (reloads === 0) last.room.connection.close(4010);
      const back = await seated(page(storage).resume<"arena">());
      expect(back).toMatchObject({ mode: "arena", roomId: host.roomId, playerId: last.playerId, metro: "local" });
      expect(back.room.sessionId).toBe(sessionId);
      await vi.waitFor(() => expect(shipsIn(back)).toEqual(["Ada", "Host"]), SOON);
      last = back;
      back.room.reconnection.minUptime = 0;
      const again = new Promise<void>((resolve) => back.room.onReconnect(() => resolve()));
      back.room.connection.close(4010);
      await again;
      expect(await answers(back)).toBeGreaterThanOrEqual(0);
    }
    await last.room.leave();
    expect(await page(storage).resume()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" });
    await vi.waitFor(() => expect(shipsIn(host)).toEqual(["Host"]), SOON);
  });

  it("[RS4] whose old connection is dead, unnoticed by the server, ends it and is back on the same ship", async () => {
    const storage = createMemoryStorage();
    const ada = await seated(page(storage).create("arena", { options: { name: "Ada" } }));
    unload(ada);
    const ended = new Promise<number>((resolve) => ada.room.onLeave(resolve));
    const back = await seated(page(storage).resume());
    expect(await ended).toBe(4344);
    await vi.waitFor(() => expect(shipsIn(back)).toEqual(["Ada"]), SOON);
  });
});

describe("a signed-in player", () => {
  it("[RS3] is back in the room from another device, with nothing stored, and the older device is told", async () => {
    const jwt = await jwtOf("ada");
    const ada = await seated(page(undefined, jwt).create("arena", { options: { name: "Ada" } }));
    const ended = new Promise<number>((resolve) => ada.room.onLeave(resolve));
    const resumed = () => page(undefined, jwt).resume();
    const back = await vi.waitFor(() => seated(resumed()), ASKED);
    expect(back).toMatchObject({ roomId: ada.roomId, playerId: "ada", mode: "arena" });
    expect(back.room.sessionId).toBe(ada.room.sessionId);
    expect(await ended).toBe(4344);
    await vi.waitFor(() => expect(shipsIn(back)).toEqual(["Ada"]), SOON);
    await back.room.leave();
    await vi.waitFor(
      async () => expect(await resumed()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" }),
      ASKED,
    );
  });

  it("[RS3] comes back to a match with its team", async () => {
    const jwts = await Promise.all([jwtOf("cy"), jwtOf("dee")]);
    const both = await Promise.all(jwts.map((jwt) => seated(page(undefined, jwt).play("duel"))));
    const [cy, dee] = both as [Played<unknown>, Played<unknown>];
    expect(cy.match).toBe(dee.match);
    unload(cy);
    const back = await vi.waitFor(() => seated(page(undefined, jwts[0]).resume()), ASKED);
    expect(back).toMatchObject({ roomId: cy.roomId, match: cy.match, team: cy.team, mode: "duel", playerId: "cy" });
    expect(back.room.sessionId).toBe(cy.room.sessionId);
    expect(back.room.state).toBeDefined();
  });

  it("[RS3] who never played, and a guest with nothing stored, have nothing to resume", async () => {
    const nothing = { ok: false, code: "NOTHING_TO_RESUME", retryable: false };
    // After its start an index waits before it calls seats gone.
    const nowhere = async () => expect(await page(undefined, await jwtOf("eve")).resume()).toMatchObject(nothing);
    await vi.waitFor(nowhere, { timeout: 25_000, interval: 1_000 });
    expect(await page().resume()).toMatchObject(nothing);
  });
});
