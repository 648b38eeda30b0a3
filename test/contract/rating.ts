/** Every RatingStore must pass this: memory, SQLite, and a studio's own. */
import type { RatingRules } from "@frontrow/matchmaker/rating/apply-result.ts";
import type { MatchResult, RatingStore, RecordedMatch } from "@frontrow/matchmaker/rating/rating-store.ts";
import { describe, expect, it, onTestFinished } from "vitest";

export type CreateRatings = (rules?: Partial<RatingRules>) => Promise<RatingStore>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const start = 1_700_000_000_000;
const end = start + 10 * MINUTE;

const duel = (matchId: string, players = ["ada", "bob"], more: Partial<RecordedMatch> = {}): RecordedMatch => ({
  matchId,
  mode: "duel",
  teams: players.map((playerId) => [playerId]),
  startedAtMs: start,
  ...more,
});
const wins = (matchId: string, winner: string, loser: string, more: Partial<MatchResult> = {}): MatchResult => ({
  matchId,
  ranks: { [winner]: 1, [loser]: 2 },
  left: [],
  ...more,
});

export function ratingContract(name: string, create: CreateRatings) {
  async function opened(rules?: Partial<RatingRules>): Promise<RatingStore> {
    const store = await create(rules);
    onTestFinished(() => store.close());
    return store;
  }
  /** A match that `winner` won. */
  async function played(store: RatingStore, matchId: string, winner: string, loser: string, mode = "duel") {
    await store.record([duel(matchId, [winner, loser], { mode })]);
    expect(await store.apply(wins(matchId, winner, loser), end)).toBe("APPLIED");
  }
  const one = async (store: RatingStore, playerId: string, mode = "duel") =>
    (await store.standings(mode, [playerId]))[0]!;

  describe(name, () => {
    it("[RA8] players that were never seen have the start values, in the order asked for", async () => {
      const store = await opened();
      expect(await store.standings("duel", [])).toEqual([]);
      const fresh = { rating: 1_500, skill: { mu: 25, sigma: 25 / 3 }, matches: 0, leaves: 0, barredUntilMs: 0 };
      expect(await store.standings("duel", ["eve", "ada"])).toEqual([
        { playerId: "eve", ...fresh },
        { playerId: "ada", ...fresh },
      ]);
      await played(store, "m1", "ada", "bob");
      const found = await store.standings("duel", ["bob", "eve", "ada", "bob"]);
      expect(found.map(({ playerId }) => playerId)).toEqual(["bob", "eve", "ada", "bob"]);
      expect(found[0]).toEqual(found[3]);
      expect(found[2]!.rating).toBeGreaterThan(1_500);
      expect(found[1]!.rating).toBe(1_500);
    });

    it("[RA8] a mode's ratings are its own", async () => {
      const store = await opened();
      await played(store, "m1", "ada", "bob");
      expect((await one(store, "ada", "squads")).matches).toBe(0);
      await played(store, "m2", "bob", "ada", "squads");
      expect((await one(store, "ada")).rating).toBeGreaterThan(1_500);
      expect((await one(store, "ada", "squads")).rating).toBeLessThan(1_500);
    });

    it("[RA2] the store keeps what openskill computes, match after match", async () => {
      const store = await opened();
      await played(store, "m1", "ada", "bob");
      const ada = await one(store, "ada");
      expect(ada).toMatchObject({ matches: 1, leaves: 0 });
      // Of openskill's own README: two new players, the first wins.
      expect(ada.skill.mu).toBeCloseTo(27.6352, 3);
      expect(ada.skill.sigma).toBeCloseTo(8.0661, 3);
      expect(ada.rating).toBeCloseTo(1_500 + (ada.skill.mu - 25) * 42, 9);
      await played(store, "m2", "ada", "bob");
      const later = await one(store, "ada");
      expect(later.matches).toBe(2);
      expect(later.skill.mu).toBeGreaterThan(ada.skill.mu);
      expect(later.skill.sigma).toBeLessThan(ada.skill.sigma);
    });

    it("[RA6] a result is applied once a match, however often and however it is reported", async () => {
      const store = await opened();
      await store.record([duel("m1")]);
      const twice = await Promise.all([
        store.apply(wins("m1", "ada", "bob"), end),
        store.apply(wins("m1", "ada", "bob"), end),
      ]);
      expect(twice.sort()).toEqual(["ALREADY", "APPLIED"]);
      const before = await store.standings("duel", ["ada", "bob"]);
      expect(await store.apply(wins("m1", "bob", "ada"), end + MINUTE)).toBe("ALREADY");
      await store.record([duel("m1")]);
      expect(await store.apply(wins("m1", "bob", "ada"), end + MINUTE)).toBe("ALREADY");
      expect(await store.standings("duel", ["ada", "bob"])).toEqual(before);
    });

    it("[RA6] the first record of a match stands", async () => {
      const store = await opened();
      await store.record([duel("m1"), duel("m1", ["eve", "kim"])]);
      await store.record([duel("m1", ["eve", "kim"])]);
      expect(await store.apply(wins("m1", "ada", "bob"), end)).toBe("APPLIED");
      expect((await one(store, "ada")).matches).toBe(1);
      expect((await one(store, "eve")).matches).toBe(0);
    });

    it("[RA7] the result of a match that nobody recorded changes nothing", async () => {
      const store = await opened();
      expect(await store.apply(wins("m1", "ada", "bob"), end)).toBe("UNKNOWN");
      expect((await one(store, "ada")).matches).toBe(0);
    });

    it("[RA7] who is ranked without being of the match gets nothing", async () => {
      const store = await opened();
      await store.record([duel("m1")]);
      await store.apply({ matchId: "m1", ranks: { ada: 2, bob: 2, eve: 1 }, left: ["kim"] }, end);
      expect(await one(store, "eve")).toMatchObject({ matches: 0, rating: 1_500 });
      expect((await one(store, "kim")).leaves).toBe(0);
    });

    it("[RA7] a match without a result is forgotten after a day", async () => {
      const store = await opened();
      await store.record([duel("m1"), duel("m2", ["ada", "bob"], { startedAtMs: start + 1 })]);
      expect(await store.apply(wins("m1", "ada", "bob"), start + 24 * HOUR)).toBe("UNKNOWN");
      expect(await store.apply(wins("m2", "ada", "bob"), start + 24 * HOUR)).toBe("APPLIED");
    });

    it("[RA7] a match is forgotten an hour after its result, and is not applied again", async () => {
      const store = await opened();
      await played(store, "m1", "ada", "bob");
      expect(await store.apply(wins("m1", "ada", "bob"), end + HOUR - 1)).toBe("ALREADY");
      expect(await store.apply(wins("m1", "ada", "bob"), end + HOUR)).toBe("UNKNOWN");
      expect((await one(store, "ada")).matches).toBe(1);
    });

    it("[RA3] who left loses by it, also the winner; who never sat down has left", async () => {
      const store = await opened();
      const teams = [
        ["ada", "bob"],
        ["eve", "kim"],
      ];
      await store.record([{ matchId: "m1", mode: "squads", teams, startedAtMs: start }]);
      const ranks = { ada: 1, bob: 1, eve: 2, kim: 2 };
      await store.apply({ matchId: "m1", ranks, left: ["bob"], sat: ["ada", "bob", "eve"] }, end);
      const [ada, bob, eve, kim] = await store.standings("squads", ["ada", "bob", "eve", "kim"]);
      expect(ada!.rating).toBeGreaterThan(1_500);
      for (const lost of [bob, eve, kim]) expect(lost!.rating).toBeLessThan(1_500);
      expect([ada, bob, eve, kim].map((standing) => standing!.leaves)).toEqual([0, 1, 0, 1]);
    });

    it("[RA4] a match without ranks rates nobody, and who left it has left", async () => {
      const store = await opened();
      await store.record([duel("m1")]);
      expect(await store.apply({ matchId: "m1", ranks: {}, left: ["bob"] }, end)).toBe("APPLIED");
      expect(await one(store, "ada")).toMatchObject({ rating: 1_500, matches: 0, leaves: 0 });
      expect(await one(store, "bob")).toMatchObject({ rating: 1_500, matches: 0, leaves: 1 });
    });

    it("[RA5] a second leave within a day bars, and not in other modes", async () => {
      const store = await opened();
      for (const [at, matchId] of ["m1", "m2"].entries()) {
        await store.record([duel(matchId)]);
        await store.apply(wins(matchId, "ada", "bob", { left: ["bob"] }), end + at * MINUTE);
        expect((await one(store, "bob")).barredUntilMs).toBe(at === 0 ? 0 : end + 6 * MINUTE);
      }
      expect((await one(store, "bob")).leaves).toBe(2);
      expect((await one(store, "bob", "squads")).barredUntilMs).toBe(0);
      expect((await one(store, "ada")).barredUntilMs).toBe(0);
      await played(store, "m3", "bob", "ada");
      expect((await one(store, "bob")).barredUntilMs).toBe(end + 6 * MINUTE);
    });

    it("[RA5] other penalties are data", async () => {
      const store = await opened({ leaves: { windowMs: HOUR, barMs: [MINUTE] } });
      await store.record([duel("m1")]);
      await store.apply(wins("m1", "ada", "bob", { left: ["bob"] }), end);
      expect((await one(store, "bob")).barredUntilMs).toBe(end + MINUTE);
    });

    it("[RA9] the leaderboard is best first, equals by player id, in pages", async () => {
      const store = await opened();
      await store.record([duel("m1", ["eve", "ada", "bob", "kim"])]);
      await store.apply({ matchId: "m1", ranks: { kim: 1, ada: 2, eve: 2, bob: 3 }, left: [] }, end);
      await played(store, "m2", "zoe", "yan", "squads");
      const names = async (offset: number, limit = 100) =>
        (await store.leaderboard({ mode: "duel", limit, offset })).map(({ playerId }) => playerId);
      expect(await names(0)).toEqual(["kim", "ada", "eve", "bob"]);
      expect(await names(1, 2)).toEqual(["ada", "eve"]);
      expect(await names(4)).toEqual([]);
      expect((await store.leaderboard({ mode: "duel", limit: 1, offset: 0 }))[0]).toEqual(await one(store, "kim"));
    });

    it("[RA9] the leaderboard leaves out who has too few finished matches", async () => {
      const store = await opened({ leaderboardMatchesMin: 2 });
      await played(store, "m1", "ada", "bob");
      await store.standings("duel", ["kim"]);
      expect(await store.leaderboard({ mode: "duel", limit: 10, offset: 0 })).toEqual([]);
      await played(store, "m2", "ada", "eve");
      expect(await store.leaderboard({ mode: "duel", limit: 10, offset: 0 })).toMatchObject([{ playerId: "ada" }]);
    });

    it.each([
      { limit: 0, offset: 0 },
      { limit: 101, offset: 0 },
      { limit: 1.5, offset: 0 },
      { limit: 1, offset: -1 },
      { limit: 1, offset: 10_001 },
      { limit: Number.NaN, offset: 0 },
    ])("[RA9] %o is no page of a leaderboard", async (page) => {
      await expect((await opened()).leaderboard({ mode: "duel", ...page })).rejects.toThrow(RangeError);
    });

    it("[RA8] ids are taken as they are: quotes, names of every object, other scripts", async () => {
      const store = await opened();
      const [first, second] = ["__proto__", `o'neil"; DROP TABLE careers; --`];
      await store.record([{ matchId: "m'1", mode: "duel", teams: [[first], [second]], startedAtMs: start }]);
      await store.apply({ matchId: "m'1", ranks: { [second]: 1 }, left: ["渡"] }, end);
      expect((await one(store, second)).rating).toBeGreaterThan(1_500);
      expect((await one(store, first)).rating).toBeLessThan(1_500);
    });

    it("[RA6] five hundred matches at once are each applied once", async () => {
      const store = await opened();
      const ids = Array.from({ length: 500 }, (_, at) => `m${at}`);
      await Promise.all(ids.map((id) => store.record([duel(id, [`a${id}`, "bob"])])));
      const outcomes = await Promise.all(ids.map((id) => store.apply(wins(id, `a${id}`, "bob"), end)));
      expect(outcomes.every((outcome) => outcome === "APPLIED")).toBe(true);
      expect((await one(store, "bob")).matches).toBe(500);
    });
  });
}
