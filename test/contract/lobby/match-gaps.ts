/** Matches across a gap of the store: nobody is told that a match has no seats before it is sure. */
import { expect, it } from "vitest";
import { becomeSure, matchOf } from "./matches.ts";
import { type EnterWorld, report } from "./world.ts";

export function matchGapCases(enter: EnterWorld) {
  it("[LM7] after a gap an unknown match waits, then is aborted; a known one is answered all along", async (t) => {
    for (const fault of ["stop", "stepBack"] as const) {
      const w = await enter(t);
      await w.server("1");
      const { index } = w.lobby();
      await becomeSure(w);
      expect(await index.settle("m:before")).toEqual({ kind: "ABORTED" });
      const { roomId } = await w.seat(matchOf(w, "known"));
      await w[fault]();
      expect(await index.settle("m:known")).toMatchObject({ kind: "RESERVED", roomId });
      expect(await index.settle("m:before")).toEqual({ kind: "ABORTED" });
      const reply = await index.settle("m:unknown");
      expect(reply).toEqual({ kind: "WAIT", retryInMs: expect.any(Number) });
      const { retryInMs } = reply as { retryInMs: number };
      expect(retryInMs).toBeGreaterThan(0);
      expect(retryInMs).toBeLessThanOrEqual(w.limits.seatHoldMs + w.limits.leaseMs);
      await w.pass(w.limits.seatHoldMs + 50);
      expect(await index.settle("m:unknown")).toMatchObject({ kind: "WAIT" });
      await w.pass(w.limits.leaseMs);
      expect(await index.settle("m:unknown")).toEqual({ kind: "ABORTED" });
    }
  });

  it("[LM7] an index that forgot a match waits; the match has its seats once its server said who sits, else it is aborted", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const sat = await w.seat(matchOf(w, "sat"));
    await w.seat(matchOf(w, "unsat"));
    await w.forget();
    const { index } = w.lobby();
    expect(await index.settle("m:sat")).toMatchObject({ kind: "WAIT" });
    expect(await server.beat()).toMatchObject({ kind: "UNKNOWN_SERVER" });
    await server.register();
    await server.beat({
      rooms: [report(sat.roomId, { seated: 1, private: true, match: true })],
      sat: [{ ticket: "m:sat", seat: 0, roomId: sat.roomId, generation: 4 }],
      complete: true,
    });
    const { roomId, mode, capacity, boot } = sat;
    const own = { kind: "RESERVED", roomId, mode, capacity, boot, roster: "" };
    expect(await index.settle("m:sat")).toMatchObject({ ...own, generation: 5 });
    expect(await index.settle("m:unsat")).toMatchObject({ kind: "WAIT" });
    await becomeSure(w);
    expect(await index.settle("m:sat")).toMatchObject({ ...own, generation: 6 });
    expect(await index.settle("m:unsat")).toEqual({ kind: "ABORTED" });
    expect(await index.reserve(matchOf(w, "unsat"))).toEqual({ kind: "ABORTED" });
  });

  it("[LM9] an index that forgot everything still keeps others out of a match room", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one"));
    await w.forget();
    await server.beat();
    await server.register();
    await w.pass(w.limits.seatHoldMs + 50);
    await server.beat({ rooms: [report(roomId, { seated: 1, match: true })], complete: true });
    expect(await w.listed()).toEqual([]);
    expect(await w.reserve({ target: { kind: "open", mode: "arena" } })).toEqual({ kind: "ROOM_GONE" });
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_LOCKED" });
    expect(await w.seat({ target: { kind: "room", roomId, backfill: true } })).toMatchObject({ roomId });
  });
}
