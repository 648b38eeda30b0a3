/**
 * A thousand clients that are sent a room's stream, say that they have shown its first frame, and never read again; and some that never
 * said anything. Beside them are readers, who must show exactly what the server has at every tick that they are sent. What the thousand
 * cost is looked for where it could be: in the server's process and in the kernel, which holds what was sent and not read.
 */
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { afterAll, expect, it, vi } from "vitest";
import { kernelBytes } from "../support/kernel-bytes.ts";
import { createReadBuffer, inBatches } from "../support/raw-seat.ts";
import { type MotesReader, readMotes, type StalledSeat, sitAndStall } from "./tools/motes.ts";
import { devScene } from "./tools/scene.ts";
import { MOTES_HZ } from "./world/motes.ts";
import type { Weight } from "./world/motes-room.ts";

const ROOMS = 2;
const [READERS, STALLED, MUTE] = [2, 500, 25];
/** Long enough for those who answer no pings to be told from those who show nothing, and short enough for a test. */
const IDLE_MS = 12_000;
const { streamEvictMs, sendBufferBytes } = defaultLimits;
const TOO_SLOW = 4010;
/** Without a close frame: it would not have been read. */
const CUT = 1006;
const PACES = "frontrow_game_server_stream_paces_total";
const soon = { timeout: 20_000, interval: 100 };
const ticksIn = (ms: number) => (ms / 1_000) * MOTES_HZ;

const scene = devScene({
  limits: { requestsPerAddressPerSecond: 5_000, socketIdleMs: IDLE_MS },
  env: { FRONTROW_SEATS_MAX: "2000", FRONTROW_LOG_LEVEL: "info" },
});
const readers: MotesReader[] = [];
const stalled: StalledSeat[] = [];
const mute: StalledSeat[] = [];
afterAll(() => {
  for (const reader of readers) reader.stop();
  for (const { seat } of [...stalled, ...mute]) seat.cut();
});

/** One reader of each room. */
const speakers = () => readers.filter((_, at) => at % READERS === 0);
const reports = () => Promise.all(speakers().map((reader) => reader.report()));
const weigh = () => readers[0]!.weigh();

/** What the process weighs before and after they sat down. */
async function fillRooms(): Promise<{ before: Weight; after: Weight }> {
  const into = createReadBuffer();
  let before: Weight | undefined;
  for (let room = 0; room < ROOMS; room++) {
    for (let at = 0; at < READERS; at++) readers.push(await readMotes(scene.url));
    before ??= await weigh();
    mute.push(...(await inBatches(MUTE, 25, () => sitAndStall(scene.url, into, true))));
    stalled.push(...(await inBatches(STALLED, 25, () => sitAndStall(scene.url, into, false))));
  }
  for (const { clients } of await reports()) expect(clients).toBe(READERS + MUTE + STALLED);
  return { before: before!, after: await weigh() };
}

async function allAreShownTheTruth(): Promise<void> {
  const ticks = (await reports()).map(({ tick }) => tick);
  await vi.waitFor(() => {
    for (const [at, { tick }] of readers.entries()) expect(tick).toBeGreaterThan(ticks[Math.floor(at / READERS)]!);
  }, soon);
  expect(readers.map(({ lost, wrong }) => ({ lost, wrong }))).toEqual(readers.map(() => ({ lost: 0, wrong: 0 })));
}

async function allHaveLeft(): Promise<void> {
  const isAlone = { clients: READERS, viewers: READERS };
  await vi.waitFor(async () => expect(await reports()).toMatchObject([isAlone, isAlone]), soon);
  // Only now do they read what was left for them.
  for (const { seat } of [...stalled, ...mute]) seat.readOn();
  await Promise.all([...stalled, ...mute].map(({ seat }) => seat.closed));
  expect(new Set(stalled.map(({ seat }) => seat.code))).toEqual(new Set([TOO_SLOW]));
  expect(new Set(mute.map(({ seat }) => seat.code))).toEqual(new Set([CUT]));
}

/** Places, tokens and sockets are remembered for some seconds more. */
async function allIsGivenBack({ before, after }: { before: Weight; after: Weight }): Promise<void> {
  const half = (before.heap + after.heap) / 2;
  await vi.waitFor(async () => expect((await weigh()).heap).toBeLessThan(half), { timeout: 20_000, interval: 1_000 });
  const held = kernelBytes(scene.frontrow.member("dev").port);
  for (const { seat } of [...stalled, ...mute]) expect(held.get(seat.localPort) ?? 0).toBe(0);
}

it.skipIf(process.platform !== "linux")(
  "[AT34] a thousand clients that never read cost the others nothing, and no more than is stated; they are closed in time and leave nothing",
  async () => {
    const dev = scene.frontrow.member("dev");
    const sat = await fillRooms();
    for (const { room } of speakers()) room.send("begin");
    const began = (await reports()).map(({ tick }) => tick);
    await Promise.all([...stalled, ...mute].map((each) => each.stalled));
    await allAreShownTheTruth();

    // By then each of them would have been sent six times what it may cost.
    const late = began[0]! + ticksIn(0.8 * streamEvictMs);
    await vi.waitUntil(() => speakers()[0]!.tick >= late, soon);
    const held = kernelBytes(dev.port);
    const { rss } = await weigh();
    for (const { clients } of await reports()) expect(clients).toBe(READERS + MUTE + STALLED);
    const sentInASecond = MOTES_HZ * Math.max(...readers.map(({ bytesMax }) => bytesMax));
    const bound = sentInASecond + sendBufferBytes;
    const each = stalled.map(({ seat }) => held.get(seat.localPort) ?? 0);
    expect(Math.max(...each)).toBeLessThanOrEqual(bound);
    const inKernel = each.reduce((sum, bytes) => sum + bytes, 0);
    expect(rss - sat.after.rss + inKernel).toBeLessThanOrEqual(stalled.length * bound);
    // So much for those who once said something. The mute are judged by their buffers, and the kernel keeps these empty.
    for (const { seat } of mute) expect(held.get(seat.localPort)).toBeGreaterThan(2 * bound);

    await vi.waitFor(async () => expect(await dev.metric(PACES, "evicted")).toBe(stalled.length), soon);
    await allHaveLeft();
    await allAreShownTheTruth();
    for (const [room, { drops, missed }] of (await reports()).entries()) {
      const slow = drops.filter(({ code }) => code === TOO_SLOW);
      expect([slow.length, drops.length]).toEqual([STALLED, STALLED + MUTE]);
      const inTime = slow.map(({ tick }) => tick - began[room]! - ticksIn(streamEvictMs));
      expect(Math.min(...inTime)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...inTime)).toBeLessThanOrEqual(ticksIn(500));
      expect(missed).toMatchObject({ byOwnDoing: 0, unexplained: 0 });
    }
    await allIsGivenBack(sat);
  },
  90_000,
);
