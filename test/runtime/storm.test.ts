/**
 * Every connection of a server breaks at once: a switch is restarted, a proxy is replaced. A thousand players come back as stock SDKs do,
 * in step and without jitter; most of them on bare sockets, some with the SDK itself. What becomes of the ticks is for the rooms to say.
 */
import { createClient, type Played } from "@frontrow/client";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { asks } from "../support/game-server/sdk.ts";
import { createReadBuffer, inBatches } from "../support/raw-seat.ts";
import { freePort } from "../support/redis-server.ts";
import type config from "../support/storm/frontrow.config.ts";
import { StormPlayer } from "../support/storm/player.ts";
import type { SwarmReport, SwarmState } from "../support/storm/rooms.ts";

const CONFIG = new URL("../support/storm/frontrow.config.ts", import.meta.url).pathname;
const [ROOMS, PER_ROOM, WITH_SDK] = [5, 200, 4];
const { returnsPerSecond: PER_SECOND } = defaultLimits;
const TICK_HZ = 20;
const PLAYERS = ROOMS * PER_ROOM;
/** At 300 a second four seconds' worth of players, what they wait before they come, and what a busy machine adds. */
const BACK_MS = 25_000;
let dev: FrontrowProcess;
let game: DelayProxy;
/** With the SDK: some of each room. */
const played: Played<SwarmState>[] = [];
const players: StormPlayer[] = [];

beforeAll(async () => {
  const target = { host: "127.0.0.1", port: await freePort() };
  game = await startDelayProxy({ port: 0, target, roundTripMs: 0 });
  const env = {
    ...{ PORT: `${target.port}`, FRONTROW_CONFIG: CONFIG, FRONTROW_SEATS_MAX: "2000" },
    FRONTROW_PUBLIC_URL: `ws://127.0.0.1:${game.port}`,
  };
  dev = await startFrontrow("dev", { env });
  for (const chatter of ["info", "warn", "log"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterAll(async () => {
  for (const { room } of played) {
    room.reconnection.enabled = false;
    room.connection.close();
  }
  for (const player of players) player.cut();
  await game?.close();
  await dev?.end("SIGKILL");
});

async function enter(): Promise<void> {
  const client = createClient<typeof config>({ url: dev.url });
  const result = await client.play("swarm");
  client.close();
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  // As stock SDKs have it.
  const { reconnection } = result.room;
  Object.assign(reconnection, { minUptime: 0, backoff: (attempt: number, delay: number) => 2 ** attempt * delay });
  played.push(result as unknown as Played<SwarmState>);
}

async function fillRooms(): Promise<void> {
  const into = createReadBuffer();
  for (let room = 0; room < ROOMS; room++) {
    await inBatches(WITH_SDK, WITH_SDK, enter);
    const sit = (at: number) => StormPlayer.sit(dev.url, into, room * PER_ROOM + at + 1);
    players.push(...(await inBatches(PER_ROOM - WITH_SDK, 20, sit)));
  }
}

/** Of each room. */
const reports = () =>
  Promise.all(played.filter((_, at) => at % WITH_SDK === 0).map(({ room }) => asks<SwarmReport>(room, "report")));

/** The most that came within one second. */
function mostInASecond(sortedMs: readonly number[]): number {
  let [most, from] = [0, 0];
  for (const [at, ms] of sortedMs.entries()) {
    while (ms - sortedMs[from]! >= 1_000) from++;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

async function cutAllAndWait(): Promise<void> {
  const withSdk = played.map(
    ({ room }) =>
      new Promise<void>((resolve, reject) => {
        room.onReconnect(() => resolve());
        room.onLeave((code) => reject(new Error(`left with ${code}`)));
      }),
  );
  game.cut();
  for (const player of players) player.cut();
  await Promise.all([...withSdk, ...players.map((player) => player.comeBack())]);
}

it("[RS7] when every connection of a server breaks at once, a thousand players are back on their seats in time, no faster than is good for it, and no tick is missed for them", async () => {
  await fillRooms();
  const before = await reports();
  const beganMs = performance.now();
  await cutAllAndWait();
  expect(performance.now() - beganMs).toBeLessThan(BACK_MS);

  const known = PER_ROOM - WITH_SDK;
  // What the last of them said is on its way.
  await vi.waitFor(async () => expect((await reports()).map((room) => room.known)).toEqual(Array(ROOMS).fill(known)), {
    timeout: 10_000,
  });
  const after = await reports();
  for (const [at, { sitting, joins, missed }] of after.entries()) {
    // The same players on the same seats, each once, and nobody has joined anew.
    expect(sitting.toSorted()).toEqual(before[at]!.sitting.toSorted());
    expect([sitting.length, new Set(sitting).size, joins]).toEqual([PER_ROOM, PER_ROOM, PER_ROOM]);
    expect(missed.ticks).toBeGreaterThan(before[at]!.missed.ticks);
    expect(missed.byOwnDoing - before[at]!.missed.byOwnDoing).toBe(0);
    expect(missed.unexplained).toBe(0);
  }
  const returnsMs = after.flatMap((room) => room.returnsMs).sort((a, b) => a - b);
  expect(returnsMs).toHaveLength(PLAYERS);
  expect(mostInASecond(returnsMs)).toBeLessThanOrEqual(PER_SECOND + 2 * (PER_SECOND / TICK_HZ));
}, 90_000);
