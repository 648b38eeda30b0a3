import type { MatchReport, ReportReply } from "@frontrow/lobby/lobby.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { expect, it, onTestFinished, vi } from "vitest";
import { recordingLog } from "../../test/support/game-server/recording-log.ts";
import type { GameServerEvent } from "../observe.ts";
import { createResultReports } from "./result-reports.ts";

const limits = resolveLimits({ heartbeatMs: 10, leaseMs: 30, reportKeptMs: 60_000 });
const WAIT = { timeout: 5_000, interval: 5 };
const resultOf = (match: string): MatchReport => ({
  match,
  roomId: "fra_7_aaaaa",
  mode: "duel",
  ranks: { ada: 1 },
  left: [],
  players: [{ playerId: "ada", team: 0 }],
});

function reportsTo(index: (report: MatchReport) => Promise<ReportReply>) {
  let nowMs = 0;
  const told: string[] = [];
  const replies: string[] = [];
  const { log, lines } = recordingLog();
  const reports = createResultReports({
    leases: {
      report(report) {
        told.push(report.match);
        return index(report);
      },
    },
    limits,
    log,
    observe: (event: GameServerEvent) => void (event.kind === "result" && replies.push(event.reply)),
    nowMs: () => nowMs,
  });
  onTestFinished(() => reports.stop(0));
  const later = (ms: number) => {
    nowMs += ms;
  };
  return { reports, told, replies, lines, later };
}

it("[RA14] a result that the index has is not said again", async () => {
  const { reports, told, replies } = reportsTo(async () => ({ kind: "KEPT" }));
  reports.send(resultOf("m1"));
  reports.send(resultOf("m2"));
  await vi.waitFor(() => expect(reports.pending).toBe(0), WAIT);
  reports.send(resultOf("m3"));
  await vi.waitFor(() => expect(replies).toEqual(["KEPT", "KEPT", "KEPT"]), WAIT);
  expect(told).toEqual(["m1", "m2", "m3"]);
});

it("[RA14] results wait while the index is away, silent or full, and the log says so once", async () => {
  const answers: Array<() => Promise<ReportReply>> = [
    () => Promise.reject(new Error("away")),
    () => new Promise(() => {}),
    async () => ({ kind: "DROPPED", dropped: 1 }),
  ];
  const { reports, told, replies, lines } = reportsTo(async () => answers.shift()?.() ?? { kind: "REPEATED" });
  for (const match of ["m1", "m2", "m3"]) reports.send(resultOf(match));
  await vi.waitFor(() => expect(reports.pending).toBe(0), WAIT);
  expect(replies).toEqual(["AWAY", "AWAY", "DROPPED", "REPEATED", "REPEATED", "REPEATED"]);
  expect(new Set(told.slice(3))).toEqual(new Set(["m1", "m2", "m3"]));
  expect(lines.map(({ level }) => level)).toEqual(["warn", "info"]);
});

it("[RA14] one that is never taken does not keep the others", async () => {
  const { reports } = reportsTo(async ({ match }) => {
    if (match === "m1") throw new Error("too large");
    return { kind: "KEPT" };
  });
  for (const match of ["m1", "m2", "m3"]) reports.send(resultOf(match));
  await vi.waitFor(() => expect(reports.pending).toBe(1), WAIT);
});

it("[RA14] what the index does not take within the time that it keeps results itself is given up, and said", async () => {
  const { reports, replies, lines, later } = reportsTo(() => Promise.reject(new Error("away")));
  reports.send(resultOf("m1"));
  await vi.waitFor(() => expect(replies).toContain("AWAY"), WAIT);
  later(limits.reportKeptMs);
  await vi.waitFor(() => expect(reports.pending).toBe(0), WAIT);
  expect(replies.at(-1)).toBe("LOST");
  expect(lines.at(-1)).toMatchObject({ level: "error", fields: { match: "m1" } });
});

it("[RA14] of too many the oldest is given up", async () => {
  const { reports, told, replies } = reportsTo(() => Promise.reject(new Error("away")));
  for (let at = 0; at <= 1_000; at++) reports.send(resultOf(`m${at}`));
  expect(reports.pending).toBe(1_000);
  expect(replies).toEqual(["LOST"]);
  expect(told).toEqual(["m0"]);
});

it("[RA14] a server that ends tries until its deadline, and says what it loses", async () => {
  let isAway = true;
  const { reports, replies, later } = reportsTo(async () => {
    later(10);
    if (isAway) throw new Error("away");
    return { kind: "KEPT" };
  });
  reports.send(resultOf("m1"));
  await vi.waitFor(() => expect(replies).toContain("AWAY"), WAIT);
  const stopping = reports.stop(10_000);
  isAway = false;
  await stopping;
  expect([reports.pending, replies.at(-1)]).toEqual([0, "KEPT"]);

  const lost = reportsTo(async () => {
    lost.later(10);
    throw new Error("away");
  });
  lost.reports.send(resultOf("m2"));
  await lost.reports.stop(50);
  expect([lost.reports.pending, lost.replies.at(-1)]).toEqual([0, "LOST"]);
});
