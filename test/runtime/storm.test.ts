/**
 * Every connection of a server breaks at once: a switch is restarted, a proxy is replaced. The players are stock SDKs, which come
 * back in step and without jitter; what the server's ticks think of it is read from its own metrics.
 */
import { createClient, type Played } from "@frontrow/client";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { freePort } from "../support/redis-server.ts";
import type config from "../support/storm/frontrow.config.ts";
import type { SwarmState } from "../support/storm/rooms.ts";

const CONFIG = new URL("../support/storm/frontrow.config.ts", import.meta.url).pathname;
const PLAYERS = 200;
/** At 100 a second two seconds' worth of players, what they wait before they come, and what a busy machine adds. */
const BACK_MS = 15_000;
const TICKS = "frontrow_game_server_tick_late_seconds_count";
let dev: FrontrowProcess;
let game: DelayProxy;
const players: Played<SwarmState>[] = [];

beforeAll(async () => {
  const target = { host: "127.0.0.1", port: await freePort() };
  game = await startDelayProxy({ port: 0, target, roundTripMs: 0 });
  const env = { PORT: `${target.port}`, FRONTROW_CONFIG: CONFIG, FRONTROW_PUBLIC_URL: `ws://127.0.0.1:${game.port}` };
  dev = await startFrontrow("dev", { env });
  for (const chatter of ["info", "warn", "log"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterAll(async () => {
  for (const { room } of players) {
    room.reconnection.enabled = false;
    room.connection.close();
  }
  await game?.close();
  await dev?.end("SIGKILL");
});

async function enter(): Promise<void> {
  const client = createClient<typeof config>({ url: dev.url });
  const played = await client.play("swarm");
  client.close();
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  // As stock SDKs have it.
  const { reconnection } = played.room;
  Object.assign(reconnection, { minUptime: 0, backoff: (attempt: number, delay: number) => 2 ** attempt * delay });
  players.push(played);
}

/** Of the one room, so far. A deadline that was missed by a whole period is skipped. */
async function ticks(): Promise<number> {
  const text = await (await fetch(`${dev.adminUrl}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(TICKS));
  return Number(line?.slice(line.lastIndexOf(" ") + 1));
}

async function perSecond(during: () => Promise<unknown>): Promise<number> {
  const [before, sinceMs] = [await ticks(), performance.now()];
  await during();
  return ((await ticks()) - before) / ((performance.now() - sinceMs) / 1_000);
}

it("[RS7] when every connection of a server breaks at once, all players are back in time, and its ticks go on", async () => {
  for (let at = 0; at < PLAYERS; at += 25) await Promise.all(Array.from({ length: 25 }, enter));
  let back = 0;
  const comes = players.map(
    ({ room }) =>
      new Promise<void>((resolve, reject) => {
        room.onReconnect(() => {
          back++;
          resolve();
        });
        room.onLeave((code) => reject(new Error(`left with ${code} as one of ${back}`)));
      }),
  );
  // Whatever else this machine does is taken off: what counts is what the storm takes from the ticks.
  const calm = await perSecond(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
  const beganMs = performance.now();
  const storm = await perSecond(() => {
    game.cut();
    return Promise.all(comes);
  });
  expect(performance.now() - beganMs).toBeLessThan(BACK_MS);
  // Let in all at once they leave less than half of them.
  expect(storm).toBeGreaterThan(calm * 0.7);
  const ticking = players.map(({ room }) => room.state.ticks);
  await vi.waitFor(() => {
    for (const [at, { room }] of players.entries()) expect(room.state.ticks).toBeGreaterThan(ticking[at]!);
  });
}, 90_000);
