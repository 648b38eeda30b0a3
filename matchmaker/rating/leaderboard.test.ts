import { FrontrowError } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { readLeaderboard } from "./leaderboard.ts";
import { createMemoryRatings } from "./memory/memory.ts";

const modes = { duel: { kind: "match" }, arena: { kind: "fill" } };

it("[RA9] a page has places from its offset on, and whole points", async () => {
  const store = createMemoryRatings();
  await store.record([{ matchId: "m1", mode: "duel", teams: [["ada", "bob", "eve"]], startedAtMs: 0 }]);
  await store.apply({ matchId: "m1", ranks: { eve: 1, ada: 2, bob: 3 }, left: [] }, 1);
  expect(await readLeaderboard(store, modes, { mode: "duel", limit: 2, offset: 1 })).toEqual([
    { place: 2, playerId: "ada", rating: 1_530, matches: 1 },
    { place: 3, playerId: "bob", rating: 1_349, matches: 1 },
  ]);
});

it.each(["arena", "toString", ""])("[RA9] mode %j has no leaderboard", async (mode) => {
  const asked = readLeaderboard(createMemoryRatings(), modes, { mode, limit: 1, offset: 0 });
  await expect(asked).rejects.toMatchObject({ refusal: { code: "UNKNOWN_MODE" } });
});

it("[RA9] a page that is none is refused with every problem", async () => {
  const asked = readLeaderboard(createMemoryRatings(), modes, { mode: "duel", limit: 0, offset: -1 });
  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FrontrowError);
  expect((error as FrontrowError).refusal).toMatchObject({
    code: "INVALID_ATTRIBUTES",
    issues: ["limit: 1 to 100", "offset: 0 to 10000"],
  });
});
