/** Results of matches on their way from a room to whoever counts them. */
import type { MatchReport } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import type { EnterWorld } from "./world.ts";

const resultOf = (match: string, over: Partial<MatchReport> = {}): MatchReport => ({
  match,
  roomId: "fra_1_room1",
  mode: "duel",
  ranks: { ann: 1, bob: 2 },
  left: ["bob"],
  players: [
    { playerId: "ann", team: 0 },
    { playerId: "bob", team: 1 },
  ],
  ...over,
});
/** Short enough to wait for. */
const short = { reportRetryMs: 500, reportKeptMs: 2_000 };

export function reportCases(enter: EnterWorld) {
  it("[LM15] a result is kept once a match, given, and gone when somebody is done with it", async (t) => {
    const w = await enter(t, { ...short, reportKeptMs: 60_000 });
    const { index, leases } = w.lobby();
    const result = resultOf("m:one");
    expect(await leases.report(result)).toEqual({ kind: "KEPT" });
    expect(await leases.report(resultOf("m:one", { ranks: { ann: 2, bob: 1 } }))).toEqual({ kind: "REPEATED" });
    expect(await index.takeReports(10)).toEqual([{ id: "m:one", report: result }]);
    await index.doneReports(["m:one", "m:unknown"]);
    await w.pass(short.reportRetryMs + 50);
    expect(await index.takeReports(10)).toEqual([]);
    expect(await leases.report(result)).toEqual({ kind: "REPEATED" });
    expect(await leases.report(resultOf("m:unknown", { ranks: undefined }))).toEqual({ kind: "KEPT" });
    expect((await index.takeReports(10)).map(({ report }) => report.ranks)).toEqual([undefined]);
  });

  it("[LM15] the oldest is given first, no more than were asked for, and not twice at a time", async (t) => {
    const w = await enter(t, { reportRetryMs: 60_000 });
    const { index, leases } = w.lobby();
    for (const match of ["m:b", "m:c", "m:a"]) {
      await leases.report(resultOf(match));
      await w.wait(5);
    }
    const take = async (max: number) => (await index.takeReports(max)).map(({ id }) => id);
    expect(await take(0)).toEqual([]);
    expect(await take(2)).toEqual(["m:b", "m:c"]);
    expect(await take(10)).toEqual(["m:a"]);
    expect(await take(10)).toEqual([]);
  });

  it("[LM15] a result that was taken and not done with is given again", async (t) => {
    const w = await enter(t, short);
    const { index, leases } = w.lobby();
    await leases.report(resultOf("m:one"));
    for (let i = 0; i < 2; i++) {
      expect((await index.takeReports(10)).map(({ id }) => id)).toEqual(["m:one"]);
      expect(await index.takeReports(10)).toEqual([]);
      await w.pass(short.reportRetryMs + 50);
    }
  });

  it("[LM15] a step back of the clock hides no result", async (t) => {
    const w = await enter(t, { ...short, reportKeptMs: 3_600_000 });
    const { index, leases } = w.lobby();
    await leases.report(resultOf("m:one"));
    await index.takeReports(1);
    await w.stepBack();
    await w.pass(short.reportRetryMs + 50);
    expect((await index.takeReports(10)).map(({ id }) => id)).toEqual(["m:one"]);
  });

  it("[LM16] beyond reportsMax a result is dropped and counted; one that nobody took in time makes room", async (t) => {
    const w = await enter(t, { ...short, reportsMax: 2 });
    const { index, leases } = w.lobby();
    await leases.report(resultOf("m:a"));
    await leases.report(resultOf("m:b"));
    expect(await leases.report(resultOf("m:c"))).toEqual({ kind: "DROPPED", dropped: 1 });
    expect(await leases.report(resultOf("m:c"))).toEqual({ kind: "DROPPED", dropped: 2 });
    await index.takeReports(1);
    await index.doneReports(["m:a"]);
    expect(await leases.report(resultOf("m:c"))).toEqual({ kind: "KEPT" });
    await w.pass(short.reportKeptMs + 50);
    expect(await leases.report(resultOf("m:d"))).toEqual({ kind: "KEPT" });
    expect((await index.takeReports(10)).map(({ id }) => id)).toEqual(["m:d"]);
  });

  it("[LM16] a result that is too large is refused", async (t) => {
    const w = await enter(t);
    const { index, leases } = w.lobby();
    const left = [`${"x".repeat(w.limits.reportBytes)}`];
    await expect(leases.report(resultOf("m:one", { left }))).rejects.toThrow("report");
    expect(await index.takeReports(10)).toEqual([]);
  });
}
