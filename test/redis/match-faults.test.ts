/**
 * Matches, replicas and results while Redis forgets, is rolled back, is frozen, or has its clock stepped: whoever asks how a
 * match ended is told the same as everybody else, an epoch only goes up, and a result is counted once and not lost.
 */
import type { MatchReport } from "@frontrow/lobby/lobby.ts";
import { keyOf } from "@frontrow/lobby/redis/keys.ts";
import { readLua } from "@frontrow/lobby/redis/script-source.ts";
import { describe, expect, it, type TestContext, vi } from "vitest";
import { becomeSure, matchOf } from "../contract/lobby/matches.ts";
import { report } from "../contract/lobby/world.ts";
import { adminOf } from "../support/redis-cluster.ts";
import { type RedisServer, redisMissing } from "../support/redis-server.ts";
import { enter, METRO, redisOf, sleep, soon } from "./lobby-over.ts";

const missing = redisMissing();
const CLOCK = `{${METRO}}:virtual-now`;
const virtualClock = `local function now_ms() return tonumber(redis.call("GET", "${CLOCK}")) end`;
const ended = (one: { kind: string; roomId?: string }) => one.roomId ?? one.kind;
const resultOf = (match: string): MatchReport => {
  return { match, roomId: `${METRO}_1_room1`, mode: "arena", ranks: { ann: 1 }, left: [], players: [] };
};

async function adminFor(t: TestContext, redis: RedisServer) {
  const admin = await adminOf(redis);
  t.onTestFinished(() => admin.disconnect());
  return admin;
}
type Admin = Awaited<ReturnType<typeof adminFor>>;

/** All that Redis holds now; called later it puts Redis back there, as a failover to a replica that lagged does. */
async function snapshot(admin: Admin) {
  const keys = await admin.keys("*");
  const dumps = await Promise.all(keys.map((key) => admin.dumpBuffer(key)));
  return async () => {
    await admin.flushall();
    for (const [i, key] of keys.entries()) await admin.restore(key, 0, dumps[i]!, "REPLACE");
    await admin.hset(keyOf(METRO, "meta"), "runId", "another");
  };
}

/** What every pulse does, and here at once: the index looks which Redis this is. */
async function noticed(admin: Admin) {
  const gap = () => admin.hget(keyOf(METRO, "meta"), "runId");
  await vi.waitUntil(async () => (await gap()) !== "another", soon);
}

describe.skipIf(missing)(missing ?? "faults of Redis under matches", () => {
  it("[LM6] of a hundred races between reservation and settle, over two connections, both ends are told the same", async (t) => {
    const redis = await redisOf(t);
    const [owner, holder] = [await enter(t, redis.target), await enter(t, redis.target)];
    await Promise.all([owner.healthy(), holder.healthy()]);
    await owner.server("1", { seatsMax: 10_000 });
    await becomeSure(owner);
    const ends = [];
    for (let i = 0; i < 100; i++) {
      const reserve = () => owner.lobby.index.reserve(matchOf(owner, `${i}`));
      const settle = () => holder.lobby.index.settle(`m:${i}`);
      const [first, second] = i % 2 === 0 ? [reserve, settle] : [settle, reserve];
      const asked = first();
      // From nothing to about one call's time, so that either comes first.
      for (let turn = 0; turn < i % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      const [one, other] = await Promise.all([asked, second()]);
      expect(ended(one), `race ${i}`).toBe(ended(other));
      expect(ended(await settle())).toBe(ended(one));
      ends.push(one.kind);
    }
    const together = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const asks = [
          () => owner.lobby.index.reserve(matchOf(owner, `t${i}`)),
          () => holder.lobby.index.settle(`m:t${i}`),
        ];
        const answers = await Promise.all((i % 2 === 0 ? asks : asks.reverse()).map((ask) => ask()));
        return answers.map((one) => ended(one));
      }),
    );
    for (const [one, other] of together) expect(one).toBe(other);
    // Not vacuous: either won some.
    expect(new Set(ends)).toEqual(new Set(["RESERVED", "ABORTED"]));
  });

  it("[LM7] flushed: settle waits, then tells the seats of a match that sat, and that the other has none", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    const server = await w.server("1");
    const { index } = w.lobby;
    const { roomId } = await w.seat(matchOf(w, "sat"));
    await w.seat(matchOf(w, "unsat"));
    await becomeSure(w);
    const sat = [{ ticket: "m:sat", seat: 0, roomId, generation: 1 }];
    await (await adminFor(t, redis)).flushall();
    expect(await index.settle("m:sat")).toMatchObject({ kind: "WAIT" });
    expect(await index.settle("m:unsat")).toMatchObject({ kind: "WAIT" });
    expect(await server.beat()).toMatchObject({ kind: "UNKNOWN_SERVER" });
    await server.register();
    await server.beat({ rooms: [report(roomId, { seated: 1, match: true })], sat, complete: true });
    expect(await index.settle("m:sat")).toMatchObject({ kind: "RESERVED", roomId, generation: 2 });
    const reply = await index.settle("m:unsat");
    expect(reply).toMatchObject({ kind: "WAIT" });
    await w.pass((reply as { retryInMs: number }).retryInMs);
    expect(await index.settle("m:unsat")).toEqual({ kind: "ABORTED" });
    expect(await index.reserve(matchOf(w, "unsat"))).toEqual({ kind: "ABORTED" });
    expect(await index.settle("m:sat")).toMatchObject({ kind: "RESERVED", roomId, generation: 3 });
  });

  it("[LM7] rolled back: a match that the lost tail had seated waits until its server has published everything", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    const admin = await adminFor(t, redis);
    const server = await w.server("1");
    const { index } = w.lobby;
    await becomeSure(w);
    const rollBack = await snapshot(admin);
    const { roomId } = await w.seat(matchOf(w, "one"));
    const rooms = [report(roomId, { seated: 1, match: true })];
    const sat = [{ ticket: "m:one", seat: 0, roomId, generation: 1 }];
    await server.beat({ rooms, sat });
    await rollBack();
    await noticed(admin);
    expect(await index.settle("m:one")).toMatchObject({ kind: "WAIT" });
    const reply = (await server.beat()) as { republishInMs: number };
    expect(reply.republishInMs).toBeGreaterThan(0);
    await w.pass(reply.republishInMs);
    expect(await index.settle("m:one")).toMatchObject({ kind: "WAIT" });
    await server.beat({ rooms, sat, complete: true });
    expect(await index.settle("m:one")).toMatchObject({ kind: "RESERVED", roomId });
  });

  it("[LM3] a reservation that a frozen Redis carries out too late takes nothing; the one beside it without an end does", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target, { redisCommandMs: 200 });
    await w.healthy();
    await w.server("1");
    const { nowMs } = await w.seat(matchOf(w, "first"));
    redis.freeze();
    const asked = [matchOf(w, "late", { notAfterMs: nowMs + 500 }), matchOf(w, "endless")];
    const ends = await Promise.allSettled(asked.map((one) => w.lobby.index.reserve(one)));
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await sleep(600);
    redis.thaw();
    await w.healthy();
    expect(await w.lobby.index.settle("m:endless")).toMatchObject({ kind: "RESERVED" });
    expect(await w.lobby.index.settle("m:late")).toMatchObject({ kind: "WAIT" });
    expect(await w.lobby.index.reserve(asked[0]!)).toEqual({ kind: "EXPIRED" });
  });

  it("[LM12] an epoch goes up across FLUSHALL, a rollback, and a clock that steps by a minute either way", async (t) => {
    const redis = await redisOf(t);
    const admin = await adminFor(t, redis);
    let nowMs = 1_800_000_000_000;
    const setClock = () => admin.set(CLOCK, nowMs);
    await setClock();
    const withClock = (name: string) => (name === "includes/now-ms" ? virtualClock : readLua(name));
    const w = await enter(t, redis.target, {}, withClock);
    await w.healthy();
    const seen = { a: 0, b: 0 };
    const epochs: number[] = [];
    const say = async (replica: "a" | "b", leave = false) => {
      const { epoch } = await w.lobby.replicas.claim({ replica, seenEpoch: seen[replica], leave });
      expect(epoch).toBeGreaterThanOrEqual(Math.max(seen[replica], 1));
      seen[replica] = epoch;
      epochs.push(epoch);
      return epoch;
    };
    await say("a");
    await say("b");
    const rollBack = await snapshot(admin);
    /** Another set than the one with this epoch has a higher one. */
    const change = async () => {
      const before = Math.max(seen.a, seen.b);
      await say("a");
      await say("b", true);
      expect(await say("b")).toBeGreaterThan(before);
      await say("a");
    };
    await change();
    await admin.flushall();
    await setClock();
    await change();
    await rollBack();
    await noticed(admin);
    await change();
    for (const step of [60_000, -60_000]) {
      nowMs += step;
      await setClock();
      await change();
    }
    expect(epochs).toEqual([...epochs].sort((one, other) => one - other));
    expect(new Set(epochs).size).toBeGreaterThan(10);
  });

  it("[LM13] frozen for longer than a lease: no replica is out for it", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target, { redisCommandMs: 200 });
    await w.healthy();
    const say = (replica: string) => w.lobby.replicas.claim({ replica, seenEpoch: 0 });
    await say("a");
    await say("b");
    redis.freeze();
    await sleep(w.limits.leaseMs + 200);
    redis.thaw();
    await vi.waitFor(() => say("a"), soon);
    expect(await say("a")).toMatchObject({ epoch: 2, members: ["a", "b"] });
  });

  it("[LM15] two takers share the results out; what one dies with is given to the other, and none is counted twice", async (t) => {
    const redis = await redisOf(t);
    const over = { reportRetryMs: 1_000 };
    const [one, other] = [await enter(t, redis.target, over), await enter(t, redis.target, over)];
    await Promise.all([one.healthy(), other.healthy()]);
    const matches = Array.from({ length: 60 }, (_, i) => `m:${i + 100}`);
    const told = matches.flatMap((match) => [
      one.lobby.leases.report(resultOf(match)),
      other.lobby.leases.report(resultOf(match)),
    ]);
    const kinds = (await Promise.all(told)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "KEPT")).toHaveLength(60);
    expect(kinds.filter((kind) => kind === "REPEATED")).toHaveLength(60);
    const taken = { one: [] as string[], other: [] as string[] };
    for (let turn = 0; turn < 5; turn++) {
      const [mine, theirs] = await Promise.all([one.lobby.index.takeReports(6), other.lobby.index.takeReports(6)]);
      taken.one.push(...mine.map(({ id }) => id));
      taken.other.push(...theirs.map(({ id }) => id));
    }
    expect([...taken.one, ...taken.other].sort()).toEqual(matches);
    // The first dies with all but ten of its own.
    await one.lobby.index.doneReports(taken.one.slice(0, 10));
    await other.lobby.index.doneReports(taken.other);
    // They were taken in turns, so they come back in turns.
    const again: string[] = [];
    await vi.waitUntil(async () => {
      const found = await other.lobby.index.takeReports(100);
      again.push(...found.map(({ id }) => id));
      return again.length >= taken.one.length - 10;
    }, soon);
    expect(again.sort()).toEqual(taken.one.slice(10).sort());
    await other.lobby.index.doneReports(again);
    await sleep(over.reportRetryMs + 100);
    expect(await other.lobby.index.takeReports(100)).toEqual([]);
  });

  it("[LM19] a result that somebody spoilt is left out, does not come again, and harms no other", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target, { reportRetryMs: 100 });
    await w.healthy();
    const admin = await adminFor(t, redis);
    for (const match of ["m:1", "m:2", "m:3", "m:4"]) await w.lobby.leases.report(resultOf(match));
    const at = keyOf(METRO, "report:");
    await admin.set(`${at}m:1`, "{", "KEEPTTL");
    await admin.set(`${at}m:2`, JSON.stringify({ ...resultOf("m:2"), players: "many" }), "KEEPTTL");
    await admin.set(`${at}m:3`, JSON.stringify(resultOf("m:4")), "KEEPTTL");
    expect(await w.lobby.index.takeReports(10)).toEqual([{ id: "m:4", report: resultOf("m:4") }]);
    await sleep(150);
    expect((await w.lobby.index.takeReports(10)).map(({ id }) => id)).toEqual(["m:4"]);
  });

  it("[LM19] a match's record that somebody spoilt fails its own match and no other of the batch", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    await w.server("1");
    const admin = await adminFor(t, redis);
    for (const id of ["good", "capacity"]) await w.seat(matchOf(w, id));
    const spoilt = await w.seat(matchOf(w, "room"));
    await admin.hset(`${keyOf(METRO, "room:")}${spoilt.roomId}`, "capacity", "many");
    await admin.set(`${keyOf(METRO, "hold:")}m:hold`, "not a hash");
    await admin.hset(keyOf(METRO, "replicas"), "junk", "no lease");
    const asked = ["good", "room", "hold"].map((id) => w.lobby.index.settle(`m:${id}`).then(ended, () => "away"));
    expect(await Promise.all(asked)).toEqual([expect.stringContaining("_1_"), "away", "away"]);
    expect(await w.lobby.replicas.claim({ replica: "a", seenEpoch: 0 })).toMatchObject({ members: ["a"] });
  });
});
