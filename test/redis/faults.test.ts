/**
 * Redis flushed, killed, frozen, restarted, failed over, refusing. Two promises under each: every call ends within two
 * commands' time, and everything heals without anybody touching it.
 */

import { keyOf } from "@frontrow/lobby/redis/keys.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { describe, expect, it, vi } from "vitest";
import { report } from "../contract/lobby/world.ts";
import { adminOf, startSentinel } from "../support/redis-cluster.ts";
import { redisMissing, targetOf } from "../support/redis-server.ts";
import { enter, METRO, redisOf, sleep, soon } from "./lobby-over.ts";

const missing = redisMissing();

/** One call of each kind, and how it ended after how long. */
async function callAll({ lobby, wanted }: Pick<Awaited<ReturnType<typeof enter>>, "lobby" | "wanted">) {
  const beat = {
    server: "1",
    boot: "b",
    seq: 1,
    load: 0,
    complete: false,
    rooms: [],
    sat: [],
    left: [],
    retire: [],
    gone: [],
  };
  const registration = { text: "", key: "", signature: "" };
  const offer = { server: "9", boot: "b", registration, modes: [], compats: [], seatsMax: 1 };
  const startMs = performance.now();
  const calls: Promise<unknown>[] = [
    lobby.index.reserve(wanted()),
    lobby.index.reserve(wanted()),
    lobby.index.release("t"),
    lobby.index.release("t", [0]),
    lobby.index.settle("m:one"),
    lobby.index.listWanted("arena"),
    lobby.index.takeReports(1),
    lobby.index.doneReports(["m:one"]),
    lobby.leases.report({ match: "m:one", roomId: "", mode: "arena", ranks: undefined, left: [], players: [] }),
    lobby.replicas.claim({ replica: "one", seenEpoch: 0 }),
    lobby.index.registration("1"),
    lobby.index.listRooms({ mode: "arena", limit: 10 }),
    lobby.index.setPaused("mode:chess", false),
    lobby.leases.heartbeat(beat),
    lobby.leases.register(offer),
    lobby.leases.drain("9", "b"),
    lobby.sessions.claim("p", "o", 0),
    lobby.sessions.end("p", "o"),
  ];
  return await Promise.all(
    calls.map(async (call) => {
      const code = await call.then(() => "OK", codeOf);
      return { code, tookMs: performance.now() - startMs };
    }),
  );
}

const codeOf = (error: unknown) => (error instanceof FrontrowError ? error.refusal.code : String(error));

/** Everything rejected, with the right word, and in time; the margin is for a busy machine. */
function expectAway(ends: { code: string; tookMs: number }[], limits: Limits) {
  for (const { code, tookMs } of ends) {
    expect(code).toBe("INDEX_AWAY");
    expect(tookMs).toBeLessThan(2 * limits.redisCommandMs + 400);
  }
}

describe.skipIf(missing)(missing ?? "faults of Redis", () => {
  it("[LB15] flushed: live servers are listed again with their second heartbeat, and the index heals to the last room", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    const server = await w.server("1");
    const { roomId } = await w.seat();
    const rooms = [report(roomId, { seated: 1 })];
    await server.beat({ rooms, complete: true });
    const admin = await adminOf(redis);
    await admin.flushall();
    admin.disconnect();
    expect(await server.beat()).toMatchObject({ kind: "UNKNOWN_SERVER" });
    await server.register();
    await server.beat({ rooms, complete: true });
    expect(await w.listed()).toEqual([roomId]);
    // [LB17]: the lost room takes nobody yet, a new one does.
    expect((await w.seat()).roomId).not.toBe(roomId);
    await w.pass(w.limits.seatHoldMs);
    await server.beat({ rooms, complete: true });
    expect((await w.seat({ target: { kind: "room", roomId } })).roomId).toBe(roomId);
  });

  it("[LB19] killed: calls fail in time, those under way too; restarted on the same port it is found again", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    const server = await w.server("1");
    const underWay = callAll(w);
    await redis.kill();
    for (const { code, tookMs } of await underWay) {
      expect(["OK", "INDEX_AWAY"]).toContain(code);
      expect(tookMs).toBeLessThan(2 * w.limits.redisCommandMs + 400);
    }
    expectAway(await callAll(w), w.limits);
    expect(w.lobby.healthy()).toBe(false);
    await redis.start();
    await w.healthy();
    expect(await server.beat()).toMatchObject({ kind: "UNKNOWN_SERVER" });
    await server.register();
    expect((await w.seat()).server).toBe("1");
    expect(w.health.map(({ healthy }) => healthy)).toEqual([true, false, true]);
  });

  it("[LB19] frozen: calls fail in time, nothing hangs; thawed it is found again, and no server was swept", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await server.beat({ rooms: [report(roomId, { seated: 1 })], complete: true });
    redis.freeze();
    expectAway(await callAll(w), w.limits);
    await vi.waitUntil(() => !w.lobby.healthy(), soon);
    await sleep(w.limits.leaseMs + 200);
    expectAway(await callAll(w), w.limits);
    redis.thaw();
    await w.healthy();
    // [LB16] and [LB17]: the silent server counts as live, its earlier room takes nobody yet.
    const seat = await w.seat();
    expect(seat.server).toBe("1");
    expect(seat.roomId).not.toBe(roomId);
    const reply = await server.beat();
    expect(reply).toMatchObject({ kind: "ALIVE" });
    expect((reply as { republishInMs: number }).republishInMs).toBeGreaterThan(0);
  });

  it("[LB17] restarted with its disk: another Redis than before, so earlier rooms wait although nothing seems lost", async (t) => {
    const redis = await redisOf(t, ["--appendonly", "yes", "--appendfsync", "always"]);
    const w = await enter(t, redis.target, { leaseMs: 20_000, seatHoldMs: 21_000, roomForgottenMs: 60_000 });
    await w.healthy();
    const server = await w.server("1");
    const { roomId } = await w.seat();
    expect((await w.seat()).roomId).toBe(roomId);
    await redis.kill();
    await vi.waitUntil(() => !w.lobby.healthy(), soon);
    await redis.start();
    await w.healthy();
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_FULL" });
    expect(await w.seat()).toMatchObject({ fresh: true, server: "1" });
    expect(await server.beat()).toMatchObject({ kind: "ALIVE" });
  });

  it("[LB19] a dropped connection costs no reservation: the one retry finds the new one", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target, { redisCommandMs: 2_000, leaseMs: 20_000, seatHoldMs: 21_000 });
    await w.healthy();
    await w.server("1", { seatsMax: 100_000 });
    const admin = await adminOf(redis);
    t.onTestFinished(() => admin.disconnect());
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 200 }, () => w.seat());
      await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      expect(new Set((await Promise.all(asked)).map(({ kind }) => kind))).toEqual(new Set(["RESERVED"]));
      await w.healthy();
    }
  });

  it("[LB20] a record that somebody spoilt fails its own ticket and no other of the batch", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    await w.server("1");
    const admin = await adminOf(redis);
    t.onTestFinished(() => admin.disconnect());
    await admin.set(`${keyOf(METRO, "hold:")}spoilt`, "not a hash");
    const ends = await Promise.all(
      ["good-1", "spoilt", "good-2"].map((ticket) =>
        w.lobby.index.reserve(w.wanted({ ticket })).then((reply) => reply.kind, codeOf),
      ),
    );
    expect(ends).toEqual(["RESERVED", "INDEX_AWAY", "RESERVED"]);
  });

  it("[LB21] a room that somebody spoilt is never handed out as a seat", async (t) => {
    const redis = await redisOf(t);
    const w = await enter(t, redis.target);
    await w.healthy();
    await w.server("1");
    const { roomId } = await w.seat();
    const admin = await adminOf(redis);
    t.onTestFinished(() => admin.disconnect());
    await admin.hset(`${keyOf(METRO, "room:")}${roomId}`, "capacity", "many");
    await expect(w.reserve()).rejects.toMatchObject({ refusal: { code: "INDEX_AWAY" } });
    await admin.zadd(`${keyOf(METRO, "open:")}1:arena:any`, 1, "junk");
    await expect(w.reserve()).rejects.toMatchObject({ refusal: { code: "INDEX_AWAY" } });
  });

  it("[LB19] a wrong password is a reason, not a hang, and is not told", async (t) => {
    const redis = await redisOf(t, ["--requirepass", "right-one"]);
    const w = await enter(t, targetOf(`redis://:wrong-one@127.0.0.1:${redis.port}`));
    await vi.waitUntil(() => w.health.length > 0, soon);
    expectAway(await callAll(w), w.limits);
    expect(w.health).toEqual([{ healthy: false, reason: expect.stringContaining("WRONGPASS") }]);
    expect(JSON.stringify(w.health)).not.toContain("wrong-one");
    const right = await enter(t, targetOf(`redis://:right-one@127.0.0.1:${redis.port}`));
    await right.healthy();
  });

  it("[LB19] a user who may do only what the index needs is enough", async (t) => {
    const user = "front on >secret ~{fra}:* &{fra}:* +@read +@write +@scripting +@pubsub +@connection +info +time";
    const redis = await redisOf(t, ["--user", ...user.split(" "), "--user", "default", "off"]);
    const w = await enter(t, targetOf(`redis://front:secret@127.0.0.1:${redis.port}`));
    await w.healthy();
    await w.server("1");
    expect((await w.seat()).server).toBe("1");
    const told = vi.fn();
    w.lobby.sessions.onSuperseded(told);
    await vi.waitFor(async () => {
      await w.lobby.sessions.claim("p", "a", 0);
      await w.lobby.sessions.claim("p", "b", 0);
      expect(told).toHaveBeenCalledWith({ player: "p", owner: "a" });
    }, soon);
    expect((await callAll(w)).map(({ code }) => code)).not.toContain("INDEX_AWAY");
  });

  it("[LB19] failed over by a Sentinel: the new master is found, and earlier rooms wait", async (t) => {
    const sentinel = await startSentinel();
    t.onTestFinished(() => sentinel.close());
    const w = await enter(t, sentinel.target, { leaseMs: 60_000, seatHoldMs: 61_000, roomForgottenMs: 120_000 });
    await w.healthy();
    await w.server("1");
    const { roomId } = await w.seat();
    await sentinel.replicated();
    await sentinel.master.kill();
    expectAway(await callAll(w), w.limits);
    await vi.waitUntil(() => w.lobby.healthy(), { timeout: 20_000, interval: 20 });
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_FULL" });
    expect(await w.seat()).toMatchObject({ server: "1", fresh: true });
  }, 40_000);
});
