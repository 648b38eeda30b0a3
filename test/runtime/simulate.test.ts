/** `frontrow simulate` as a studio runs it: on a table, and on the log that a matchmaker wrote of real tickets. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startDuellist } from "../support/duellist.ts";
import { type FrontrowProcess, runFrontrow, startFrontrow } from "../support/frontrow.ts";
import { madeUpGames } from "../support/simulate/made-up-games.ts";

const folder = mkdtempSync(join(tmpdir(), "frontrow-simulate-"));
const games = join(folder, "games.csv");
writeFileSync(games, madeUpGames({ games: 150 }));
const CONFIG = join(import.meta.dirname, "../../docs/examples/simulate/frontrow.config.ts");
const COLUMNS = "time=1,game=2,player=5,team=6,score=7";

const simulate = (...args: string[]) => runFrontrow("simulate", { args: ["--config", CONFIG, ...args], cwd: folder });
const onGames = (...args: string[]) => simulate("--games", games, "--columns", COLUMNS, ...args);

describe("frontrow simulate on a table of games", () => {
  it("[SI12] prints modes side by side, and writes a page", async () => {
    const page = join(folder, "report.html");
    const { code, said } = await onGames("--mode", "anyone", "--against", "balanced", "patient", "--html", page);
    expect(said).toMatch(/^300 tickets of \d+ players in /);
    expect(said).toMatch(/^ +anyone +balanced +patient$/m);
    expect(said).toMatch(/^skill spread p50( +\d+){3}$/m);
    expect(code).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("anyone against balanced, patient");
  });

  it("[SI12] prints JSON, the same for the same seed", async () => {
    const args = ["--mode", "balanced", "--rate", "5", "--seed", "7", "--json"];
    const [one, two] = await Promise.all([onGames(...args), onGames(...args)]);
    expect(one).toEqual(two);
    const report = JSON.parse(one.said);
    expect(report).toMatchObject({ seed: 7, input: { kind: "games", files: ["games.csv"], rows: 300, rate: 5 } });
    expect(report.modes).toHaveLength(1);
    expect(report.modes[0].matches).toBeGreaterThan(50);
  });

  it.each([
    ["neither games nor a log", ["--mode", "anyone"], /either --games <table>, or --log/],
    ["no mode", ["--games", games], /--mode/],
    ["a mode that there is not", ["--mode", "balance", "--games", games], /no mode "balance". Did you mean balanced\?/],
    ["columns that nobody named", ["--mode", "anyone", "--games", games], /no row of names.*--columns/],
    ["a column too far", ["--mode", "anyone", "--games", games, "--columns", "time=99"], /there is no column "99"/],
    ["a table that is not there", ["--mode", "anyone", "--games", "none.csv"], /there is no file none.csv/],
    ["a table as a log", ["--mode", "anyone", "--log", games], /is it a table of games\? Use --games/],
    ["a rate of nothing", ["--mode", "anyone", "--games", games, "--rate", "0"], /a number above 0/],
    [
      "a config that is not there",
      ["--mode", "anyone", "--games", games, "--config", "x.ts"],
      /there is no config .*x\.ts/,
    ],
  ])("[SI12] %s is named, with exit code 1", async (_, args, message) => {
    const { code, said } = await simulate(...args);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  it("[SI12] in a mode that fills rooms nobody waits", async () => {
    const { code, said } = await runFrontrow("simulate", { args: ["--mode", "arena", "--games", games], cwd: folder });
    expect(said).toMatch(/in mode "arena" nobody waits: it fills rooms. Modes with waiting: duel/);
    expect(code).toBe(1);
  });
});

describe("frontrow simulate on a ticket log", () => {
  const running: FrontrowProcess[] = [];
  afterEach(async () => {
    for (const process of running.splice(0)) await process.end();
  });

  it("[SI9] duels that were really played stand in the log, and a simulation of it finds them again", async () => {
    const config = join(import.meta.dirname, "../support/duel.config.ts");
    const log = join(folder, "tickets.ndjson");
    const dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: config, FRONTROW_TICKET_LOG: log } });
    running.push(dev);
    const duellists = await Promise.all(["ann", "bob", "cid"].map((name) => startDuellist(dev.port, name, 60)));
    const seats = () => duellists.flatMap(({ outcomes }) => outcomes.filter(({ match }) => match !== undefined));
    await vi.waitFor(() => expect(seats().length).toBeGreaterThan(30), { timeout: 15_000, interval: 20 });
    for (const duellist of duellists) duellist.close();
    expect(await dev.end()).toBe(0);

    const lines = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ t: "open", version: 1 });
    const begun = new Set(lines.filter(({ t }) => t === "begin").map(({ key }) => key));
    const seated = lines.filter(({ how }) => how === "seated");
    const logged = new Set(seated.map(({ match }) => match));
    for (const { match } of seats()) expect(logged).toContain(match);
    for (const { key } of seated) expect(begun).toContain(key);
    expect(readFileSync(log, "utf8")).not.toMatch(/ann|bob|cid/);

    const args = ["--mode", "duel", "--log", log, "--config", config, "--json"];
    const { code, said } = await runFrontrow("simulate", { args, cwd: folder });
    expect(code, said).toBe(0);
    const [report] = JSON.parse(said).modes;
    expect(report.tickets + report.repeated).toBe(begun.size);
    // What was seated really is matched again, but for the few whose partner was on the way out.
    expect(report.matches).toBeGreaterThan(logged.size * 0.8);
    expect(report.rttMs.count).toBe(report.matchedTickets);
  }, 60_000);

  it("[SI9] without a file named nothing is written", async () => {
    const config = join(import.meta.dirname, "../support/duel.config.ts");
    const cwd = mkdtempSync(join(tmpdir(), "frontrow-no-log-"));
    const dev = await startFrontrow("dev", { env: { FRONTROW_CONFIG: config }, cwd });
    running.push(dev);
    const duellists = await Promise.all(["ann", "bob"].map((name) => startDuellist(dev.port, name)));
    await vi.waitFor(() => expect(duellists[0]!.outcomes.length).toBeGreaterThan(0), { timeout: 15_000, interval: 20 });
    for (const duellist of duellists) duellist.close();
    expect(await dev.end()).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
