import { expect, it } from "vitest";
import { ratingContract } from "../../../test/contract/rating.ts";
import { createMemoryRatings } from "./memory.ts";

ratingContract("ratings in memory", async (rules) => createMemoryRatings(rules));

const start = 1_700_000_000_000;
const duel = (matchId: string, startedAtMs: number, players = ["ada", "bob"]) => ({
  matchId,
  mode: "duel",
  teams: players.map((playerId) => [playerId]),
  startedAtMs,
});

it("[RA10] no more matches are kept than it was told, the oldest goes first", async () => {
  const store = createMemoryRatings({ matchesMax: 2 });
  for (const at of [1, 2, 3]) await store.record([duel(`m${at}`, start + at)]);
  const outcomes = [1, 2, 3].map((at) => store.apply({ matchId: `m${at}`, ranks: { ada: 1 }, left: [] }, start + 9));
  expect(await Promise.all(outcomes)).toEqual(["UNKNOWN", "APPLIED", "APPLIED"]);
});

it("[RA10] no more players are kept than it was told; who is forgotten is new again", async () => {
  const store = createMemoryRatings({ playersMax: 2 });
  for (const [at, rival] of ["bob", "eve"].entries()) {
    await store.record([duel(`m${at}`, start, ["ada", rival])]);
    await store.apply({ matchId: `m${at}`, ranks: { ada: 1 }, left: [] }, start + at);
  }
  const found = await store.standings("duel", ["ada", "bob", "eve"]);
  expect(found.map(({ matches }) => matches)).toEqual([2, 0, 1]);
});
