import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { match } from "@frontrow/shared/config/match-mode.ts";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createManualClock } from "../../test/support/manual-clock.ts";
import type { EnlistedTicket } from "../match/enlisted.ts";
import type { OwnerEvent, TicketEnd } from "../match/owner.ts";
import { openLogFile } from "./file.ts";
import { TicketLogLine } from "./lines.ts";
import { createTicketLog } from "./ticket-log.ts";

const WALL_MS = 1_700_000_000_000;

function logWith() {
  const clock = createManualClock(5_000);
  const lines: TicketLogLine[] = [];
  const modes = {
    duel: match({
      teams: [{ seats: 1 }, { seats: 1 }],
      options: z.object({ map: z.string(), name: z.string() }),
      same: ["map"],
      timeoutMs: 60_000,
    }),
  };
  const log = createTicketLog({
    modes,
    clock,
    wallMs: () => WALL_MS + clock.nowMs(),
    pseudonym: (name) => `~${name.length}`,
    write(line) {
      expect(line.endsWith("\n")).toBe(true);
      lines.push(TicketLogLine.parse(JSON.parse(line)));
    },
  });
  const ticket = (sinceMs = 4_000): EnlistedTicket => ({
    key: "ann-of-nowhere:t1",
    mode: "duel",
    compat: "any",
    poolKey: "duel|any",
    parts: [],
    sinceMs,
    inPool: {
      key: "ann-of-nowhere:t1",
      players: [{ playerId: "ann-of-nowhere", rating: 1_512.345, roles: [] }],
      metros: [{ metro: "fra", rttMs: 12.3456 }],
      attributes: { map: "ice", name: "Ann" },
      sinceMs,
      avoid: ["bob"],
    },
    match: undefined,
  });
  const flight = { match: "match-0001", proposal: { metro: "fra" } } as Extract<
    OwnerEvent,
    { kind: "ended" }
  >["flight"];
  return { clock, lines, log, ticket, flight: flight! };
}

describe("the ticket log", () => {
  it("[SI9] a ticket begins once and ends once, with what rounds saw of it and nobody's name", async () => {
    const { clock, lines, log, ticket, flight } = logWith();
    const one = ticket();
    log.hear({ kind: "enlisted", ticket: one });
    log.hear({ kind: "enlisted", ticket: one });
    await clock.pass(2_000);
    log.hear({ kind: "ended", ticket: one, how: "seated", flight });
    log.hear({ kind: "ended", ticket: one, how: "gone" });
    expect(lines).toEqual([
      {
        t: "begin",
        atMs: WALL_MS + 5_000,
        key: "~17",
        mode: "duel",
        compat: "any",
        ageMs: 1_000,
        players: [{ id: "~14", rating: 1_512.3, roles: [] }],
        metros: [{ metro: "fra", rttMs: 12.3 }],
        attributes: { map: "ice" },
        avoid: ["~3"],
      },
      { t: "end", atMs: WALL_MS + 7_000, key: "~17", how: "seated", ageMs: 3_000, match: "match-0001", metro: "fra" },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/ann|bob/i);
  });

  it("[SI9] what was withdrawn at the mode's timeout is a timeout, what never was in a pool leaves no line", async () => {
    const { clock, lines, log, ticket } = logWith();
    log.hear({ kind: "ended", ticket: ticket(), how: "moved" });
    expect(lines).toEqual([]);
    const ends: [ageMs: number, how: TicketEnd][] = [
      [59_900, "withdrawn"],
      [30_000, "withdrawn"],
      [60_000, "moved"],
    ];
    for (const [ageMs, how] of ends) {
      const one = ticket(clock.nowMs() - ageMs);
      log.hear({ kind: "enlisted", ticket: one });
      log.hear({ kind: "ended", ticket: one, how });
    }
    expect(lines.flatMap((line) => (line.t === "end" ? [line.how] : []))).toEqual(["timeout", "withdrawn", "moved"]);
  });

  it("[SI9] other events of the owner leave no line", () => {
    const { lines, log } = logWith();
    log.hear({ kind: "match-released", mode: "duel", why: "gone" });
    expect(lines).toEqual([]);
  });
});

describe("the ticket log's file", () => {
  const unreachable = (error: unknown) => expect.unreachable(String(error));
  const fresh = () => join(mkdtempSync(join(tmpdir(), "frontrow-log-")), "tickets.ndjson");
  const defaults = { bytesMax: 1e6, bufferBytesMax: 1e6, opening: () => "open\n" };

  it("[SI10] goes on with a file that is there, readable by its owner alone", async () => {
    const path = fresh();
    for (const line of ["one\n", "two\n"]) {
      const file = openLogFile({ ...defaults, path, failed: unreachable });
      file.write(line);
      await file.close();
    }
    expect(readFileSync(path, "utf8")).toBe("open\none\nopen\ntwo\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("[SI10] a full file becomes the one before, and nothing is lost between", async () => {
    const path = fresh();
    writeFileSync(path, "x".repeat(40));
    const file = openLogFile({ ...defaults, path, bytesMax: 60, failed: unreachable });
    // 40 are there, 5 open it, 10 a line: two fit until it is full.
    for (let line = 0; line < 4; line++) {
      file.write(`line ${line}   \n`);
      await vi.waitFor(() => expect(file.dropped).toBe(0));
    }
    await file.close();
    const [before, now] = [readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")];
    expect(`${before}${now}`.match(/line \d/g)).toEqual(["line 0", "line 1", "line 2", "line 3"]);
    expect(now).toMatch(/open\n/);
    expect(before.length).toBeLessThan(90);
    expect(file.dropped).toBe(0);
  });

  it("[SI10] lines beyond what may wait for the disk are lost and counted", async () => {
    const path = fresh();
    const file = openLogFile({ ...defaults, path, bufferBytesMax: 1_000, failed: unreachable });
    // The disk gets no turn while this loop runs.
    for (let line = 0; line < 100; line++) file.write(`${"x".repeat(99)}\n`);
    expect(file.dropped).toBe(91);
    await file.close();
    expect(readFileSync(path, "utf8").length).toBe(5 + 9 * 100);
  });

  it("[SI10] a file that cannot be written is told once, and every line after that is counted as lost", async () => {
    const failed = vi.fn();
    const file = openLogFile({ ...defaults, path: "/nowhere/at/all/tickets.ndjson", failed });
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
    file.write("one\n");
    expect(file.dropped).toBe(1);
    await file.close();
    expect(failed).toHaveBeenCalledOnce();
  });
});
