import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import { ratingContract } from "../../../test/contract/rating.ts";
import type { RatingStore } from "../rating-store.ts";
import { createSqliteRatings } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "frontrow-ratings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${files++}.db`);

ratingContract("ratings in SQLite", (rules) => createSqliteRatings(newFile(), rules));

const start = 1_700_000_000_000;
const HOUR = 3_600_000;
const duel = (matchId: string, players = ["ada", "bob"], startedAtMs = start) => ({
  matchId,
  mode: "duel",
  teams: players.map((playerId) => [playerId]),
  startedAtMs,
});
const won = (matchId: string, winner = "ada") => ({ matchId, ranks: { [winner]: 1 }, left: [] });
const matchesOf = async (store: RatingStore, playerId: string) =>
  (await store.standings("duel", [playerId]))[0]!.matches;

function rows(file: string, query: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file);
  try {
    return db.prepare(query).all();
  } finally {
    db.close();
  }
}

const child = join(import.meta.dirname, "../../../test/support/ratings-app/apply-all.ts");
const applyAll = (file: string, matches: number) =>
  promisify(execFile)(process.execPath, [child, file, String(matches)], { timeout: 15_000 });

describe("a file", () => {
  it("[RA6] results are there after a restart, and are not applied again", async () => {
    const file = newFile();
    const before = await createSqliteRatings(file);
    await before.record([duel("m1"), duel("m2")]);
    await before.apply(won("m1"), start);
    const standing = await before.standings("duel", ["ada", "bob"]);
    await before.close();

    const after = await createSqliteRatings(file);
    expect(await after.standings("duel", ["ada", "bob"])).toEqual(standing);
    expect(await after.apply(won("m1", "bob"), start)).toBe("ALREADY");
    expect(await after.apply(won("m2"), start)).toBe("APPLIED");
    await after.close();
  });

  it("[RA6] processes that share it apply each result once between them, and print no warning", async () => {
    const file = newFile();
    const said = await Promise.all([applyAll(file, 200), applyAll(file, 200)]);
    const outcomes = said.map(({ stdout }) => JSON.parse(stdout) as Record<string, number>);
    expect(outcomes[0]!.APPLIED! + outcomes[1]!.APPLIED!).toBe(200);
    expect(outcomes[0]!.ALREADY! + outcomes[1]!.ALREADY!).toBe(200);
    expect(said.map(({ stderr }) => stderr)).toEqual(["", ""]);
    expect(rows(file, "SELECT player_id, matches FROM careers ORDER BY player_id")).toEqual([
      { player_id: "ada", matches: 200 },
      { player_id: "bob", matches: 200 },
    ]);
  });

  it("[RA11] what another process wrote is seen, though the player's standing was remembered", async () => {
    const file = newFile();
    const [here, there] = await Promise.all([createSqliteRatings(file), createSqliteRatings(file)]);
    expect(await Promise.all([matchesOf(here, "ada"), matchesOf(there, "ada")])).toEqual([0, 0]);
    await here.record([duel("m1")]);
    await here.apply(won("m1"), start);
    expect(await matchesOf(here, "ada")).toBe(1);
    await vi.waitFor(async () => expect(await matchesOf(there, "ada")).toBe(1), { timeout: 5_000, interval: 20 });
    await Promise.all([here.close(), there.close()]);
  });

  it("[RA10] rows of old matches and of guests who do not come back are deleted", async () => {
    const file = newFile();
    const store = await createSqliteRatings(file);
    await store.record([duel("m1", ["guest_abcdefgh", "ada"]), duel("m2"), duel("m3")]);
    await store.apply(won("m1"), start);
    await store.apply(won("m2"), start + 24 * HOUR - 1);
    expect(rows(file, "SELECT match_id FROM matches ORDER BY 1")).toEqual([{ match_id: "m2" }, { match_id: "m3" }]);
    expect(rows(file, "SELECT player_id FROM careers ORDER BY 1")).toHaveLength(3);
    await store.record([duel("m4", ["ada", "bob"], start + 24 * HOUR)]);
    expect(rows(file, "SELECT match_id FROM matches ORDER BY 1")).toEqual([{ match_id: "m2" }, { match_id: "m4" }]);
    expect(rows(file, "SELECT player_id FROM careers ORDER BY 1")).toEqual([
      { player_id: "ada" },
      { player_id: "bob" },
    ]);
    await store.close();
  });

  it("[RA10] standings are remembered up to a bound, and asked of the file again beyond it", async () => {
    const file = newFile();
    const store = await createSqliteRatings(file, { standingsMax: 2 });
    await store.standings("duel", ["ada", "bob", "eve"]);
    // Written past every store: nobody is told of it, so that what is remembered shows.
    const write = "INSERT INTO careers VALUES ('duel', ?, 30, 5, 7, 0, '[]', 0, 0, 0, 0)";
    for (const playerId of ["ada", "bob", "eve"]) rows(file, write.replace("?", `'${playerId}'`));
    const found = await store.standings("duel", ["eve", "bob", "ada"]);
    expect(found.map(({ matches }) => matches)).toEqual([0, 0, 7]);
    await store.close();
  });

  it("[RA6] one ask that cannot be answered fails alone", async () => {
    const store = await createSqliteRatings(newFile());
    const results = await Promise.allSettled([
      store.record([duel("m1")]),
      store.record([{ ...duel("m2"), mode: undefined as unknown as string }]),
      store.apply(won("m1"), start),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await matchesOf(store, "ada")).toBe(1);
    await store.close();
  });
});

describe("a file that cannot be used", () => {
  it("[RA12] is told at once, with its name", async () => {
    const file = join(folder, "no", "such", "folder.db");
    await expect(createSqliteRatings(file)).rejects.toThrow(`the ratings in ${file} cannot be used`);
  });

  it("[RA12] one that is something else stays as it is", async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE careers (everything TEXT); PRAGMA user_version = 99;");
    db.close();
    await expect(createSqliteRatings(file)).rejects.toThrow("version 99");
    expect(rows(file, "SELECT name FROM sqlite_master")).toEqual([{ name: "careers" }]);
  });

  it("[RA12] a closed store says so, and everything asked before is answered", async () => {
    const file = newFile();
    const store = await createSqliteRatings(file);
    const asked = Promise.all([store.record([duel("m1")]), store.apply(won("m1"), start)]);
    const closing = store.close();
    expect((await asked)[1]).toBe("APPLIED");
    await closing;
    await store.close();
    await expect(store.standings("duel", ["kim"])).rejects.toThrow("closed");
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});
