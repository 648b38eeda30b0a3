import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { match } from "@frontrow/shared/config/match-mode.ts";
import { describe, expect, it } from "vitest";
import type { BeginLine, EndLine } from "../ticket-log/lines.ts";
import { readTicketLog } from "./read-ticket-log.ts";
import { simulate } from "./simulate.ts";

const START = 1_700_000_000_000;
const begin = (key: string, second: number, more: Partial<BeginLine> = {}): BeginLine => ({
  t: "begin",
  atMs: START + second * 1_000,
  key,
  mode: "duel",
  compat: "any",
  ageMs: 0,
  players: [{ id: `p-${key}`, rating: 1_500, roles: [] }],
  metros: [{ metro: "fra", rttMs: 9 }],
  attributes: {},
  avoid: [],
  ...more,
});
const end = (key: string, second: number, how: EndLine["how"], ageMs = 1_000): EndLine => ({
  t: "end",
  atMs: START + second * 1_000,
  key,
  how,
  ageMs,
});
const OPEN = { t: "open", version: 1, atMs: START };

const folder = mkdtempSync(join(tmpdir(), "frontrow-ticket-log-"));
let files = 0;
function log(...lines: (object | string)[]): string {
  const file = join(folder, `${++files}.ndjson`);
  writeFileSync(file, lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  return file;
}

describe("ticket logs", () => {
  it("[SI11] only who left by himself has shown how long he would wait", async () => {
    const ends = ["seated", "timeout", "withdrawn", "gone", "superseded", "lapsed", "full"] as const;
    const lines = ends.flatMap((how, at) => [begin(how, at), end(how, at + 60, how, 7_000)]);
    const { tickets } = await readTicketLog([log(OPEN, ...lines, begin("open", 9))], "duel");
    expect(tickets.map(({ leavesAfterMs }) => leavesAfterMs)).toEqual([
      undefined,
      undefined,
      7_000,
      7_000,
      7_000,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("[SI11] a ticket that moved to another replica is one ticket, as old as it is", async () => {
    const one = log(OPEN, begin("a", 0), end("a", 10, "moved", 10_000));
    const other = log(OPEN, begin("a", 11, { ageMs: 11_000 }), end("a", 20, "withdrawn", 20_000));
    // In any order of the files.
    const { tickets } = await readTicketLog([other, one], "duel");
    expect(tickets).toHaveLength(1);
    expect(tickets[0]).toMatchObject({ atMs: START, sinceMs: START, leavesAfterMs: 20_000 });
  });

  it("[SI11] the same key after an end that was one is another ticket", async () => {
    const file = log(OPEN, begin("a", 0), end("a", 10, "seated"), begin("a", 50, { ageMs: 2_000 }));
    const { tickets } = await readTicketLog([file], "duel");
    expect(tickets.map(({ sinceMs }) => sinceMs - START)).toEqual([0, 48_000]);
    expect(new Set(tickets.map(({ key }) => key)).size).toBe(2);
  });

  it("[SI11] torn lines and ends without a beginning are left out and named; other modes are no concern", async () => {
    const other = begin("squad", 2, { mode: "squads" });
    const file = log(OPEN, begin("a", 0), '{"t":"begin","atM', other, end("squad", 3, "seated"), end("z", 4, "seated"));
    const { tickets, leftOut, lines } = await readTicketLog([file], "duel");
    expect(tickets).toHaveLength(1);
    expect(lines).toBe(6);
    expect(leftOut).toEqual([
      { why: "it is no line of a ticket log", count: 1, lines: [3] },
      { why: "it ends a ticket that began before the log", count: 1, lines: [] },
    ]);
  });

  it("[SI11] a mode that is not in it, another file, a newer version: errors that say what to do", async () => {
    await expect(readTicketLog([log(OPEN, begin("a", 0))], "squads")).rejects.toThrow(/there are duel. .*--log-mode/);
    await expect(readTicketLog([log("match_id,played_at")], "duel")).rejects.toThrow(/Use --games/);
    await expect(readTicketLog([log({ ...OPEN, version: 2 })], "duel")).rejects.toThrow(/newer Frontrow/);
    await expect(readTicketLog([log({ hello: 1 })], "duel")).rejects.toThrow(/no line of a ticket log/);
    const torn = join(folder, "torn.ndjson.gz");
    const whole = Array.from({ length: 20_000 }, (_, at) => JSON.stringify(begin(`${at * 7919}`, at))).join("\n");
    writeFileSync(torn, gzipSync(whole).subarray(0, 100_000));
    await expect(readTicketLog([torn], "duel")).rejects.toThrow(/unexpected end/);
    await expect(readTicketLog([join(folder, "none")], "duel")).rejects.toThrow(/there is no file/);
  });

  it("[SI11] what is read is what a simulation takes: avoided players, attributes, patience", async () => {
    const mode = match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, same: ["map"] });
    const on = (map: string) => ({ attributes: { map } });
    const file = log(
      OPEN,
      begin("a", 0, { ...on("ice"), avoid: ["p-b"] }),
      begin("b", 1, on("ice")),
      begin("c", 2, on("sand")),
      begin("d", 3, { ...on("ice"), avoid: ["p-b"] }),
      end("c", 30, "withdrawn", 28_000),
      begin("e", 40, on("sand")),
    );
    const { tickets } = await readTicketLog([file], "duel");
    const { matches, waitMs, unmatched } = simulate({ mode, tickets, seed: 1 }).modes[0]!;
    // a and d meet; b is avoided by both, c has left when e comes.
    expect({ matches, unmatched }).toEqual({ matches: 1, unmatched: { timedOut: 2, left: 1, unreachable: 0 } });
    expect(waitMs!.max).toBe(3_000);
  });
});
