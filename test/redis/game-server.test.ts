/** A game server over a real Redis that loses its memory, freezes and comes back. */
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pickListen } from "../../listener/pick.ts";
import { testModes, testRooms } from "../support/game-server/modes.ts";
import { asks, eventually } from "../support/game-server/sdk.ts";
import { createWorld, type World } from "../support/game-server/world.ts";
import { adminOf } from "../support/redis-cluster.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const missing = redisMissing();
const changed = { heartbeatMs: 200, leaseMs: 600, seatTokenMs: 2_000, seatHoldMs: 2_500, admissionMs: 1_500 };

describe.skipIf(missing)(`the game server over Redis${missing ? ` (${missing})` : ""}`, () => {
  let redis: RedisServer;
  let world: World;
  beforeAll(async () => {
    redis = await startRedis();
    const limits = resolveLimits(changed);
    world = await createWorld({
      listen: await pickListen(),
      modes: testModes,
      rooms: testRooms,
      limits: changed,
      lobby: createRedisLobby({ metro: "fra", limits, redis: redis.target }),
    });
  });
  afterAll(async () => {
    redis?.thaw();
    await world?.close();
    await redis?.close();
  });

  const roomsOf = async (mode: string) => (await world.lobby.index.listRooms({ mode, limit: 100 })).rooms;

  it("[GS29] after FLUSHALL the server, its room and its seats are there again, and the same seat can be asked for", async () => {
    const seat = await world.seat();
    const room = await world.join(seat);
    await eventually(async () => expect(await roomsOf("plain")).toMatchObject([{ roomId: room.roomId, free: 3 }]));
    const admin = await adminOf(redis);
    await admin.flushall();
    admin.disconnect();
    expect(await asks(room, "echo", "unharmed")).toBe("unharmed");
    await eventually(async () => expect(await roomsOf("plain")).toMatchObject([{ roomId: room.roomId, free: 3 }]));
    const again = await world.seat({ ticket: seat.claims.ticket });
    expect(again.claims).toMatchObject({ room: room.roomId, sid: seat.claims.sid, gen: 2 });
    const back = await world.join(again);
    expect(await asks(back, "echo", "back")).toBe("back");
    await back.leave();
  });

  it("[GS29] while Redis is frozen rooms go on and seats from before are good; afterwards the lease is back", async () => {
    const seat = await world.seat();
    const friend = await world.seat({ target: { kind: "room", roomId: seat.claims.room } });
    const room = await world.join(seat);
    redis.freeze();
    await eventually(() => expect(world.gameServer.snapshot().isLeased).toBe(false));
    const other = await world.join(friend);
    expect(await asks(room, "echo", 1)).toBe(1);
    expect(await asks(other, "echo", 2)).toBe(2);
    redis.thaw();
    await eventually(() => expect(world.gameServer.snapshot().isLeased).toBe(true), 10_000);
    await eventually(async () => {
      expect((await roomsOf("plain")).find(({ roomId }) => roomId === room.roomId)).toMatchObject({ free: 2 });
    }, 10_000);
    await Promise.all([room.leave(), other.leave()]);
  });
});
