import type { WantedRoom } from "@frontrow/lobby/lobby.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Backfill } from "../pool/words.ts";
import { createBackfills } from "./backfills.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const company = JSON.stringify({ rating: 1_600, attributes: { map: "ice" }, playerIds: ["ada"] });
const room = (over: Partial<WantedRoom> = {}): WantedRoom => {
  return { roomId: "fra_1_abcdef", compat: "any", wanted: [0, 2], seated: 1, held: 0, capacity: 4, company, ...over };
};

function setUp() {
  const index = { rooms: [room()] as WantedRoom[], asked: 0, answer: async () => index.rooms };
  const offers = new Map<string, Backfill>();
  const told: string[] = [];
  const pool = {
    size: 1,
    offer(backfill: Backfill) {
      told.push("offer");
      offers.set(backfill.roomId, backfill);
    },
    withdrawOffer(roomId: string) {
      told.push("withdraw");
      offers.delete(roomId);
    },
  };
  const pools = [{ compat: "any", pool }];
  const offered = vi.fn();
  const backfills = createBackfills({
    metro: "fra",
    clock: createSystemClock(() => Date.now()),
    everyMs: 1_000,
    modes: ["duel"],
    async list(mode) {
      expect(mode).toBe("duel");
      index.asked++;
      return index.answer();
    },
    poolsOf: () => pools,
    offered,
  });
  const beat = () => vi.advanceTimersByTimeAsync(1_000);
  return { index, pool, pools, offers, told, offered, backfills, beat, offer: () => offers.get("fra_1_abcdef") };
}

it("[RP12] a room that wants players is offered to its pool as its server describes it, once", async () => {
  const { offer, beat, told, offered, pools } = setUp();
  await beat();
  expect(offer()).toMatchObject({ metro: "fra", free: [0, 2], rating: 1_600, attributes: { map: "ice" } });
  expect(offer()).toMatchObject({ playerIds: ["ada"], sinceMs: Date.now() });
  expect(offered).toHaveBeenCalledExactlyOnceWith(pools[0]);
  await beat();
  await beat();
  expect(told).toEqual(["offer"]);
});

it("[RP12] what it wants now replaces what it wanted, and keeps its age", async () => {
  const { index, offer, beat } = setUp();
  await beat();
  const { sinceMs } = offer()!;
  index.rooms = [room({ wanted: [1, 1] })];
  await beat();
  expect(offer()).toMatchObject({ free: [1, 1], sinceMs });
});

it("[RP12] a room that asks no more, or is over, is withdrawn", async () => {
  const { index, offers, beat } = setUp();
  await beat();
  index.rooms = [];
  await beat();
  expect(offers.size).toBe(0);
});

it("[RP12] no more seats are offered than are free, and none while somebody is on the way", async () => {
  const { index, offer, beat } = setUp();
  for (const [over, free] of [
    [{ wanted: [2, 2], seated: 1 }, [2, 1]],
    [{ wanted: [2, 2], seated: 4 }, undefined],
    [{ wanted: [0, 2], held: 1 }, undefined],
    [{ wanted: [1, 0], seated: 3 }, [1, 0]],
  ] as const) {
    index.rooms = [room(over)];
    await beat();
    expect(offer()?.free).toEqual(free);
  }
});

it("[RP12] from a proposal on a room is not offered before a list asked for after its end says what it wants", async () => {
  const { index, offers, offer, backfills, beat } = setUp();
  await beat();
  // The pool gives away what it proposes.
  offers.clear();
  backfills.taken("fra_1_abcdef");
  await beat();
  expect(offers.size).toBe(0);
  // A list that is under way when the proposal ends may be older than its seats.
  let answer = () => {};
  index.answer = () => new Promise((resolve) => (answer = () => resolve([room()])));
  await beat();
  backfills.settled("fra_1_abcdef");
  answer();
  index.answer = async () => [room({ wanted: [0, 1] })];
  await vi.advanceTimersByTimeAsync(0);
  expect(offers.size).toBe(0);
  await beat();
  expect(offer()?.free).toEqual([0, 1]);
});

it("[RP12] a pool of other builds, one that is gone and one where nobody waits are offered nothing", async () => {
  const { index, pool, pools, offers, beat } = setUp();
  index.rooms = [room({ compat: "v2" })];
  await beat();
  expect(offers.size).toBe(0);
  index.rooms = [room()];
  await beat();
  expect(offers.size).toBe(1);
  pool.size = 0;
  await beat();
  expect(offers.size).toBe(0);
  pool.size = 1;
  await beat();
  expect(offers.size).toBe(1);
  const [own] = pools.splice(0);
  await beat();
  expect(offers.size).toBe(0);
  pools.push(own!);
  await beat();
  expect(offers.size).toBe(1);
});

it("[RP12] the index is asked only while somebody waits or a room was offered, and one question at a time", async () => {
  const { index, pool, beat } = setUp();
  pool.size = 0;
  await beat();
  expect(index.asked).toBe(0);
  pool.size = 1;
  index.answer = () => new Promise(() => {});
  for (let i = 0; i < 5; i++) await beat();
  expect(index.asked).toBe(1);
});

it("[RP12] an index that is away changes nothing, and what nobody can read is no offer", async () => {
  const { index, offers, beat } = setUp();
  await beat();
  index.answer = () => Promise.reject(new Error("away"));
  await beat();
  expect(offers.size).toBe(1);
  for (const bad of ["", "{", "null", '{"rating":"x","attributes":{},"playerIds":[]}', '{"rating":1}']) {
    index.answer = async () => [room({ company: bad })];
    await beat();
    expect(offers.size, bad).toBe(0);
  }
});
