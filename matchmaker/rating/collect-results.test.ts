import type { LobbyIndex, MatchReport } from "@frontrow/lobby/lobby.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createResultCollector, type ResultCollectorOptions, type ResultEvent } from "./collect-results.ts";
import { createMemoryRatings } from "./memory/memory.ts";
import type { RatingStore } from "./rating-store.ts";

const startedAtMs = 1_700_000_000_000;
const limits = resolveLimits({ reportRetryMs: 50 });
let lobby: ReturnType<typeof createMemoryLobby>;
let ratings: RatingStore;
let events: ResultEvent[];

beforeEach(() => {
  lobby = createMemoryLobby({ metro: "fra", limits });
  ratings = createMemoryRatings();
  events = [];
});

function collectorOf(changed: Partial<ResultCollectorOptions> = {}) {
  const collector = createResultCollector({
    index: lobby.index,
    ratings,
    clock: createSystemClock(),
    wallMs: () => startedAtMs + 60_000,
    observe: (event) => void events.push(event),
    ...changed,
  });
  onTestFinished(() => collector.stop());
  return collector;
}

const record = (...ids: string[]) =>
  ratings.record(ids.map((matchId) => ({ matchId, mode: "duel", teams: [["ada"], ["bob"]], startedAtMs })));
const reported = (match: string, more: Partial<MatchReport> = {}) =>
  lobby.leases.report({
    match,
    roomId: "fra_7_aaaaa",
    mode: "duel",
    ranks: { ada: 1, bob: 2 },
    left: [],
    players: [
      { playerId: "ada", team: 0 },
      { playerId: "bob", team: 1 },
    ],
    ...more,
  });
const standing = async (playerId: string) => (await ratings.standings("duel", [playerId]))[0]!;
const outcomes = () => events.map((event) => (event.kind === "result" ? event.outcome : event.kind));

it("[RA13] a reported match is rated once, by whichever replica takes it, and done with", async () => {
  await record("m1", "m2");
  await reported("m1");
  await reported("m2");
  const found = await Promise.all([collectorOf().collect(), collectorOf().collect()]);
  expect(found[0]! + found[1]!).toBe(2);
  expect(outcomes()).toEqual(["APPLIED", "APPLIED"]);
  expect((await standing("ada")).matches).toBe(2);
  expect((await standing("ada")).rating).toBeGreaterThan(1_500);
  await new Promise((resolve) => setTimeout(resolve, 2 * limits.reportRetryMs));
  expect(await collectorOf().collect()).toBe(0);
});

it("[RA13] what a replica took and did not mark done, because it died, is given to another and counts once", async () => {
  await record("m1");
  await reported("m1");
  const dying: Pick<LobbyIndex, "takeReports" | "doneReports"> = {
    takeReports: lobby.index.takeReports,
    doneReports: () => Promise.reject(new Error("gone")),
  };
  await collectorOf({ index: dying }).collect();
  await vi.waitFor(async () => expect(await collectorOf().collect()).toBe(1), { timeout: 5_000, interval: 20 });
  expect(outcomes()).toEqual(["APPLIED", "results-away", "ALREADY"]);
  expect((await standing("ada")).matches).toBe(1);
});

it("[RA13] the result of a match that the matchmaker did not record is dropped, and said", async () => {
  await reported("m9");
  expect(await collectorOf().collect()).toBe(1);
  expect(events).toMatchObject([{ kind: "result", outcome: "UNKNOWN", match: "m9", mode: "duel" }]);
  await new Promise((resolve) => setTimeout(resolve, 2 * limits.reportRetryMs));
  expect(await collectorOf().collect()).toBe(0);
});

it("[RA13] a result that the store could not take is given again", async () => {
  await record("m1", "m2");
  await reported("m1");
  await reported("m2");
  let isFull = true;
  const apply: RatingStore["apply"] = (result, nowMs) =>
    isFull && result.matchId === "m1" ? Promise.reject(new Error("disk full")) : ratings.apply(result, nowMs);
  const collector = collectorOf({ ratings: { apply } });
  await collector.collect();
  expect(outcomes().sort()).toEqual(["APPLIED", "result-failed"]);
  isFull = false;
  await vi.waitFor(async () => expect(await collector.collect()).toBe(1), { timeout: 5_000, interval: 20 });
  expect((await standing("ada")).matches).toBe(2);
});

it("[RA3] players who never sat down, and those who left, are told apart from the report", async () => {
  await record("m1", "m2");
  await reported("m1", { players: [{ playerId: "ada", team: 0 }], ranks: { ada: 1 } });
  await reported("m2", { left: ["ada"], ranks: undefined });
  await collectorOf().collect();
  expect([(await standing("ada")).leaves, (await standing("bob")).leaves]).toEqual([1, 1]);
  expect((await standing("bob")).rating).toBeLessThan(1_500);
  expect((await standing("ada")).matches).toBe(1);
});

it("[RA13] a running collector takes all there is, goes on while the index is away, and stops", async () => {
  const ids = Array.from({ length: 450 }, (_, at) => `m${at}`);
  await record(...ids);
  for (const id of ids) await reported(id);
  let isAway = true;
  const takeReports = vi.fn((max: number) => {
    if (!isAway) return lobby.index.takeReports(max);
    isAway = false;
    return Promise.reject(new Error("away"));
  });
  // Ten times as fast as time, so that nobody waits a second for the second try.
  const clock = { nowMs: () => 0, after: (ms: number, due: () => void) => createSystemClock().after(ms / 10, due) };
  const collector = collectorOf({ index: { takeReports, doneReports: lobby.index.doneReports }, clock });
  collector.start();
  collector.start();
  await vi.waitFor(async () => expect((await standing("ada")).matches).toBe(450), { timeout: 5_000 });
  expect(outcomes()[0]).toBe("results-away");
  await collector.stop();
  const asked = takeReports.mock.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(takeReports.mock.calls.length).toBe(asked);
});
