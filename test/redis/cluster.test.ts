/** A smoke run of the whole port over a Redis Cluster of three masters, with metros on each of them. */
import { createClient } from "@frontrow/lobby/redis/client.ts";
import { keyOf } from "@frontrow/lobby/redis/keys.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { describe, expect, it, vi } from "vitest";
import { matchOf } from "../contract/lobby/matches.ts";
import { createWorld, report, shortLimits } from "../contract/lobby/world.ts";
import { startCluster } from "../support/redis-cluster.ts";
import { redisMissing } from "../support/redis-server.ts";

const missing = redisMissing();
/** Their slots lie with the first, the second and the third master; the test checks that they do. */
const METROS = ["ams", "fra", "lhr", "sin", "nrt", "gru"];
const limits = { ...shortLimits, redisCommandMs: 2_000 };

describe.skipIf(missing)(missing ?? "the lobby over a Redis Cluster", () => {
  it("[LB23] every promise of the port works, whichever master a metro is on", async (t) => {
    const cluster = await startCluster();
    t.onTestFinished(() => cluster.close());
    const holdings = new Set<number>();

    for (const metro of METROS) {
      const lobby = createRedisLobby({ metro, limits, redis: cluster.target });
      const other = createRedisLobby({ metro, limits, redis: cluster.target });
      t.onTestFinished(() => Promise.all([lobby.close(), other.close()]).then(() => {}));
      await vi.waitUntil(() => lobby.healthy() && other.healthy(), { timeout: 15_000 });
      const none = async () => {};
      const w = createWorld({
        metro,
        limits,
        lobby: () => lobby,
        nowMs: () => performance.now(),
        wait: none,
        stop: none,
        stepBack: none,
        forget: none,
        close: none,
      });
      const server = await w.server("1");

      const seats = await Promise.all([w.seat({ seats: 2 }), w.seat({ seats: 2 }), w.seat()]);
      expect(new Set(seats.map(({ roomId }) => roomId)).size).toBe(2);
      const asked = w.wanted({ target: { kind: "new", mode: "arena", private: true }, code: "FRA-7K2M9QXD" });
      const own = await lobby.index.reserve(asked);
      expect(await other.index.reserve(asked)).toMatchObject({ ...own, generation: 2, nowMs: expect.any(Number) });
      expect(await w.seat({ target: { kind: "code", code: "FRA-7K2M9QXD" } })).toMatchObject({ private: true });
      const { roomId } = seats[0]!;
      expect(await server.beat({ rooms: [report(roomId)], complete: true })).toMatchObject({ kind: "ALIVE" });
      expect(await w.listed()).toEqual([roomId]);
      expect(await other.index.release(asked.ticket)).toBe("RELEASED");
      expect(await other.index.registration("1")).toMatchObject({ key: "k" });
      await other.index.setPaused("metro", true);
      expect(await w.reserve()).toEqual({ kind: "PAUSED", flag: "metro" });
      await other.index.setPaused("metro", false);
      const match = await w.seat(matchOf(w, "one"));
      expect(await other.index.settle("m:one")).toMatchObject({
        kind: "RESERVED",
        roomId: match.roomId,
        generation: 2,
      });
      expect(await other.index.settle("m:none")).toMatchObject({ kind: "WAIT" });
      await server.beat({ rooms: [report(match.roomId, { match: true, wanted: [2] })] });
      expect((await other.index.listWanted("arena")).map((room) => room.roomId)).toEqual([match.roomId]);
      expect(await other.index.release("m:one", [1])).toBe("RELEASED");
      expect(await other.replicas.claim({ replica: "a", seenEpoch: 0 })).toMatchObject({ epoch: 1, members: ["a"] });
      const result = { match: "m:one", roomId: match.roomId, mode: "arena", ranks: undefined, left: [], players: [] };
      expect(await lobby.leases.report(result)).toEqual({ kind: "KEPT" });
      expect(await other.index.takeReports(1)).toEqual([{ id: "m:one", report: result }]);
      await other.index.doneReports(["m:one"]);
      const told = vi.fn();
      other.sessions.onSuperseded(told);
      await vi.waitFor(async () => {
        await lobby.sessions.claim("p", "a", 0);
        await lobby.sessions.claim("p", "b", 0);
        expect(told).toHaveBeenCalledWith({ player: "p", owner: "a" });
      });
      await lobby.sessions.end("p", "b");
      await server.drain();
      expect(await w.reserve()).toEqual({ kind: "NO_SERVER" });

      for (const [i, node] of cluster.nodes.entries()) {
        const admin = createClient(node.target, {});
        await vi.waitUntil(() => admin.status === "ready");
        if ((await admin.exists(keyOf(metro, "meta")).catch(() => 0)) === 1) holdings.add(i);
        admin.disconnect();
      }
    }
    expect([...holdings].sort()).toEqual([0, 1, 2]);
  });
});
