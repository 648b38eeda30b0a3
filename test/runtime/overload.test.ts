/** A real server whose room takes all of the thread, until it is told to stop. */
import { Room } from "@colyseus/core";
import { pickListen } from "@frontrow/listener/pick.ts";
import { fill } from "@frontrow/shared/config/modes.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createWorld, type World } from "../support/game-server/world.ts";

let world: World;
const heat = { isOn: true };
const WAIT = { timeout: 40_000, interval: 100 };

/** Of 50 ms it takes 60. */
class HotRoom extends Room {
  override onCreate() {
    this.setTimestep(() => {
      const endMs = performance.now() + 60;
      while (heat.isOn && performance.now() < endMs);
    }, 50);
  }
}

beforeAll(async () => {
  world = await createWorld({
    listen: await pickListen(),
    modes: { hot: fill({ seats: 4 }) },
    rooms: async () => ({ hot: HotRoom }),
    limits: { heartbeatMs: 500, leaseMs: 5_000 },
  });
});
afterAll(async () => {
  heat.isOn = false;
  await world.close();
});

it("[TK5] [TK6] [CS1] at the last level it gets no new players, honours the seats that it gave, and is open again when ticks fit", async () => {
  const seat = await world.seat({ mode: "hot" });
  const roomId = seat.claims.room;
  const room = await world.join(seat);
  const reserve = (kind: "room" | "new") =>
    world.lobby.index.reserve({
      ...{ ticket: `t${Math.random()}`, seats: 1, compat: "any", avoid: [] },
      target: kind === "room" ? { kind, roomId } : { kind, mode: "hot", private: false },
      fresh: { seats: 4, suffix: `r${Math.random().toString(36).slice(2, 10)}`, code: "" },
    });
  const promised = await world.seat({ mode: "hot", target: { kind: "room", roomId } });

  await vi.waitFor(() => expect(world.gameServer.snapshot().overloadLevel).toBe(3), WAIT);
  await vi.waitFor(async () => expect((await reserve("room")).kind).toBe("ROOM_FULL"), WAIT);
  expect((await reserve("new")).kind).toBe("NO_SERVER");
  const { load, tick, roomsByState, seated } = world.gameServer.snapshot();
  expect([load, roomsByState, seated]).toEqual([1, { making: 0, empty: 0, open: 1, full: 0, locked: 0 }, 1]);
  expect(tick.p50).toBeGreaterThan(1);
  expect(tick.p99).toBeGreaterThanOrEqual(tick.p50);
  expect(world.events).toContainEqual({ kind: "overrun", mode: "hot" });
  expect(world.lines).toContainEqual(
    expect.objectContaining({ level: "warn", fields: expect.objectContaining({ room: roomId, mode: "hot" }) }),
  );
  const late = await world.join(promised);

  heat.isOn = false;
  await vi.waitFor(async () => expect((await reserve("room")).kind).toBe("RESERVED"), WAIT);
  expect(world.gameServer.snapshot().overloadLevel).toBeLessThan(3);
  await Promise.all([room.leave(), late.leave()]);
}, 100_000);
