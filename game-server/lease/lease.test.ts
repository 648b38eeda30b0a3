import type { Room } from "@colyseus/core";
import type { Heartbeat, HeartbeatReply, ServerLeases } from "@frontrow/lobby/lobby.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeRoom, seatClaims } from "../../test/support/game-server/fakes.ts";
import { recordingLog } from "../../test/support/game-server/recording-log.ts";
import { type Cuts, createCuts } from "../rooms/cuts.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import { createRoomTable, type RoomTable } from "../rooms/room-table.ts";
import { createIndexClock } from "./index-clock.ts";
import { createLease, type Lease } from "./lease.ts";
import { createPublication } from "./publication.ts";

const limits = resolveLimits({ roomsPerHeartbeat: 2 });

/** An index that answers as it is told, and remembers what it was told. */
function scriptedLeases() {
  const beats: Heartbeat[] = [];
  const calls: string[] = [];
  const script: Array<Partial<HeartbeatReply> | "never" | "away"> = [];
  const leases: ServerLeases = {
    async register() {
      calls.push("register");
      return { nowMs: 1_000_000 };
    },
    async heartbeat(beat) {
      calls.push("heartbeat");
      beats.push(beat);
      const next = script.shift();
      if (next === "never") return new Promise(() => {});
      if (next === "away") throw new Error("away");
      return { kind: "ALIVE", nowMs: 1_000_000, retired: [], republishInMs: -1, ...next } as HeartbeatReply;
    },
    async drain() {
      calls.push("drain");
    },
    async report() {
      calls.push("report");
      return { kind: "KEPT" };
    },
  };
  return { leases, beats, calls, script };
}

describe("the lease", () => {
  let index: ReturnType<typeof scriptedLeases>;
  let table: RoomTable;
  let lease: Lease;
  const retired: string[][] = [];
  let answered: boolean[] = [];
  let cuts: Cuts;
  let leavesInMs: number | undefined;
  let sentAway = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    index = scriptedLeases();
    retired.length = 0;
    answered = [];
    cuts = createCuts();
    leavesInMs = undefined;
    sentAway = 0;
    const nowMs = () => performance.now();
    table = createRoomTable({
      make: async (record) => fakeRoom(record) as unknown as Room,
      tombstoneMs: limits.roomForgottenMs,
      nowMs,
      indexNowMs: Date.now,
      onClosed: () => lease.hurry(),
    });
    lease = createLease({
      leases: index.leases,
      offer: {
        server: "7",
        boot: "b1",
        registration: { text: "", key: "", signature: "" },
        modes: ["arena"],
        compats: ["any"],
        seatsMax: 10,
      },
      publication: createPublication({ table, limits, metadataOf: () => "null", nowMs }),
      tombstones: table.tombstones,
      refusals: table.refusals,
      cuts,
      leavesInMs: () => leavesInMs,
      onSentAway: () => void sentAway++,
      clock: createIndexClock(nowMs),
      limits,
      load: () => 0.25,
      retirees: () => [],
      retired: (ids) => ids.length > 0 && retired.push([...ids]),
      beaten: (was) => answered.push(was),
      log: recordingLog().log,
      observe: () => {},
      nowMs,
    });
  });
  afterEach(() => {
    lease.stop();
    vi.useRealTimers();
  });

  async function sit(claims: SeatClaims): Promise<RoomRecord> {
    const record = table.recordFor(claims);
    await record.made;
    record.markSat(record.place(claims) ?? record.addPlace(claims));
    return record;
  }
  const beat = () => vi.advanceTimersByTimeAsync(limits.heartbeatMs);

  it("[GS26] registers, then publishes everything, also when there is nothing", async () => {
    await lease.start();
    expect(index.calls).toEqual(["register", "heartbeat"]);
    expect(index.beats[0]).toMatchObject({ server: "7", boot: "b1", seq: 1, load: 0.25, rooms: [], complete: true });
    expect(lease.isHeld()).toBe(true);
  });

  it("[GS26] says absolute counts of changed rooms, with the seats sat in and left since the last answer", async () => {
    await lease.start();
    const claims = seatClaims({ room: "fra_7_aaaaa" });
    const record = await sit(claims);
    await beat();
    expect(index.beats.at(-1)).toMatchObject({
      complete: false,
      rooms: [{ roomId: "fra_7_aaaaa", seated: 1, capacity: 4, locked: false }],
      sat: [{ ticket: claims.ticket, seat: 0, roomId: "fra_7_aaaaa", generation: 1 }],
      left: [],
    });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ rooms: [], sat: [], left: [] });
    record.markLeft(record.place(claims)!, 0);
    await beat();
    expect(index.beats.at(-1)).toMatchObject({
      rooms: [{ seated: 0 }],
      sat: [],
      left: [{ ticket: claims.ticket, seat: 0 }],
    });
  });

  it("[GS26] what was not answered is said again, and what changed meanwhile with it", async () => {
    await lease.start();
    const claims = seatClaims({ room: "fra_7_aaaaa" });
    await sit(claims);
    index.script.push("away", "never");
    await beat();
    await beat();
    await sit(seatClaims({ room: "fra_7_aaaaa", ticket: "t2", sid: "s2" }));
    await beat();
    const last = index.beats.at(-1)!;
    expect(last.rooms).toMatchObject([{ seated: 2 }]);
    expect(last.sat.map(({ ticket }) => ticket).sort()).toEqual(["t1", "t2"]);
    expect(answered.slice(-3)).toEqual([false, false, true]);
  });

  it("[GS26] more rooms than fit go in further heartbeats at once, each with the newest sequence", async () => {
    await lease.start();
    for (const name of ["aaaaa", "bbbbb", "ccccc", "ddddd", "eeeee"]) await sit(seatClaims({ room: `fra_7_${name}` }));
    const before = index.beats.length;
    await beat();
    const sent = index.beats.slice(before);
    expect(sent.map(({ rooms }) => rooms.length)).toEqual([2, 2, 1]);
    expect(sent.map(({ seq }) => seq)).toEqual([before + 1, before + 2, before + 3]);
  });

  it("[GS29] an index that lost its memory gets the registration and every room again, the last one marked complete", async () => {
    await lease.start();
    for (const name of ["aaaaa", "bbbbb", "ccccc"])
      await sit(seatClaims({ room: `fra_7_${name}`, ticket: name, sid: name }));
    await beat();
    const before = index.beats.length;
    index.calls.length = 0;
    index.script.push({ kind: "UNKNOWN_SERVER" });
    await beat();
    expect(index.calls).toEqual(["heartbeat", "register", "heartbeat", "heartbeat"]);
    const sent = index.beats.slice(before + 1);
    expect(sent.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId)).sort()).toEqual([
      "fra_7_aaaaa",
      "fra_7_bbbbb",
      "fra_7_ccccc",
    ]);
    expect(sent.flatMap(({ sat }) => sat)).toHaveLength(3);
    expect(sent.map(({ complete }) => complete)).toEqual([false, true]);
  });

  it("[GS29] an index that keeps losing its memory is not asked in a loop", async () => {
    await lease.start();
    index.calls.length = 0;
    index.script.push(...Array.from({ length: 6 }, () => ({ kind: "UNKNOWN_SERVER" as const })));
    await beat();
    expect(index.calls.length).toBeLessThanOrEqual(4);
  });

  it("[GS29] publishes everything when the index asks for it, after the time that it names", async () => {
    await lease.start();
    await sit(seatClaims({ room: "fra_7_aaaaa" }));
    index.script.push({ republishInMs: 2_500 });
    await beat();
    for (let i = 0; i < 2; i++) {
      await beat();
      expect(index.beats.at(-1)!.complete).toBe(false);
    }
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ complete: true, rooms: [{ roomId: "fra_7_aaaaa" }] });
  });

  it("[GS29] publishes everything twice within the time after which an index forgets a room", async () => {
    await lease.start();
    await sit(seatClaims({ room: "fra_7_aaaaa" }));
    const before = index.beats.length;
    await vi.advanceTimersByTimeAsync(limits.roomForgottenMs);
    const complete = index.beats.slice(before).filter((one) => one.complete);
    expect(complete.length).toBeGreaterThanOrEqual(2);
    expect(complete.every(({ rooms }) => rooms.length === 1)).toBe(true);
  });

  it("[GS29] heartbeats never overlap, and one without an answer is given up after its deadline", async () => {
    await lease.start();
    index.script.push("never");
    await beat();
    const before = index.beats.length;
    await vi.advanceTimersByTimeAsync(limits.heartbeatMs - 100);
    expect(index.beats.length).toBe(before);
    await vi.advanceTimersByTimeAsync(limits.heartbeatMs);
    expect(index.beats.length).toBe(before + 1);
    expect(index.beats.at(-1)!.seq).toBeGreaterThan(index.beats.at(-2)!.seq);
  });

  it("[GS29] a server whose id a newer boot has taken stops asking", async () => {
    await lease.start();
    index.script.push({ kind: "STALE" });
    await beat();
    const before = index.beats.length;
    await beat();
    await beat();
    expect(index.beats.length).toBe(before);
    expect([lease.isSuperseded, lease.isHeld()]).toEqual([true, false]);
  });

  it("[GS29] an index that is away at the start gets the registration when it is back", async () => {
    const register = vi.spyOn(index.leases, "register").mockRejectedValueOnce(new Error("away"));
    await lease.start();
    expect(lease.isHeld()).toBe(false);
    await beat();
    expect(register).toHaveBeenCalledTimes(2);
    expect(lease.isHeld()).toBe(true);
  });

  it("[GS30] a drain is said again to an index that lost it, before the rooms are", async () => {
    await lease.start();
    await lease.drain();
    index.calls.length = 0;
    index.script.push({ kind: "UNKNOWN_SERVER" });
    await beat();
    expect(index.calls).toEqual(["heartbeat", "register", "drain", "heartbeat"]);
    expect(index.beats.at(-1)!.load).toBe(1);
  });

  it("[RP7] a match that was refused is told at once, and until it was heard", async () => {
    await lease.start();
    index.script.push("away");
    table.refusals.note(seatClaims({ ticket: "m:one", match: "one" }), "ROOM_FAILED", undefined);
    await vi.advanceTimersByTimeAsync(50);
    const refused = [{ ticket: "m:one", roomId: "fra_7_aaaaa" }];
    expect(index.beats.at(-1)).toMatchObject({ refused, closed: false });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ refused });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ refused: [] });
  });

  it("[RP7] a server that shuts says at once that nobody sits down any more, after a heartbeat that was under way", async () => {
    await lease.start();
    index.script.push("never");
    await beat();
    const shutting = lease.shut();
    await vi.advanceTimersByTimeAsync(limits.heartbeatMs);
    await shutting;
    expect(index.beats.at(-1)).toMatchObject({ closed: true });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ closed: true });
    lease.stop();
    const { length } = index.beats;
    await beat();
    await beat();
    expect(index.beats).toHaveLength(length);
  });

  it("[DR3] a server that the index sends away hears of it once, and says from then on when it leaves", async () => {
    await lease.start();
    expect(sentAway).toBe(0);
    expect(index.beats.at(-1)!.leavesInMs).toBeUndefined();
    index.script.push({ draining: true } as never);
    await beat();
    expect(sentAway).toBe(1);
    leavesInMs = 5_000;
    await lease.drain();
    index.script.push({ draining: true } as never);
    await beat();
    expect(sentAway).toBe(1);
    expect(index.beats.at(-1)).toMatchObject({ leavesInMs: 5_000, load: 1 });
  });

  it("[DR4] matches that are cut, however many, are told with the heartbeat that says that nobody sits down any more, and until it was heard", async () => {
    await lease.start();
    for (const id of ["one", "two", "three"]) {
      cuts.note(await sit(seatClaims({ ticket: `m:${id}`, match: id, room: `fra_7_${id}aa`, sid: id })));
    }
    cuts.note(await sit(seatClaims({ ticket: "alone", room: "fra_7_alone", sid: "alone" })));
    await beat();
    const told = () => index.beats.flatMap(({ cut = [] }) => cut.map(({ ticket }) => ticket));
    expect(told()).toEqual(["m:one", "m:two", "m:three"]);

    cuts.note(await sit(seatClaims({ ticket: "m:four", match: "four", room: "fra_7_fouraa", sid: "four" })));
    index.script.push("away");
    const before = index.beats.length;
    await lease.shut();
    await beat();
    const since = index.beats.slice(before);
    expect(since.map(({ closed }) => closed)).toEqual([true, true]);
    expect(since.map(({ cut }) => cut?.map(({ ticket }) => ticket))).toEqual([["m:four"], ["m:four"]]);
  });

  it("[GS26] a room that is over is told at once, and until it was heard", async () => {
    await lease.start();
    const record = await sit(seatClaims({ room: "fra_7_aaaaa" }));
    await beat();
    index.script.push("away");
    table.bury(record, "ROOM_FINISHED");
    await vi.advanceTimersByTimeAsync(50);
    expect(index.beats.at(-1)).toMatchObject({ gone: ["fra_7_aaaaa"], rooms: [] });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ gone: ["fra_7_aaaaa"] });
    await beat();
    expect(index.beats.at(-1)).toMatchObject({ gone: [] });
    expect(table.tombstones.get("fra_7_aaaaa")).toBe("ROOM_FINISHED");
  });
});

describe("the index's clock", () => {
  it("[GS5] follows the index through clock steps of either side, less half the round trip", () => {
    let mono = 100;
    const clock = createIndexClock(
      () => mono,
      () => 5_000_000,
    );
    mono = 200;
    expect(clock.nowMs()).toBe(5_000_100);
    mono = 240;
    clock.learn(9_000_000, 200);
    expect(clock.nowMs()).toBe(9_000_020);
    mono = 1_240;
    expect(clock.nowMs()).toBe(9_001_020);
    clock.learn(8_940_000, 1_240);
    expect(clock.nowMs()).toBe(8_940_000);
  });
});
