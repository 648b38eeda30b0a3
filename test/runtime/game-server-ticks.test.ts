/** Stock rooms with loops of every kind on the one tick driver. */
import { fill } from "@frontrow/shared/config/modes.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pickListen } from "../../listener/pick.ts";
import { asks, eventually } from "../support/game-server/sdk.ts";
import { createWorld, type World } from "../support/game-server/world.ts";

let world: World;
beforeAll(async () => {
  const mode = fill({ seats: 4 });
  world = await createWorld({
    listen: await pickListen(),
    modes: { timestep: mode, fixed: mode, many: mode, broken: mode, quiet: mode },
    async rooms() {
      const rooms = await import("../support/game-server/rooms.ts");
      return {
        timestep: rooms.TimestepRoom,
        fixed: rooms.FixedStepRoom,
        many: rooms.ManyPatchesRoom,
        broken: rooms.BrokenClockRoom,
        quiet: rooms.QuietRoom,
      };
    },
  });
});
afterAll(() => world.close());

const enter = async (mode: string) => world.join(await world.seat({ mode }));

it("[GS27] a room with setSimulationInterval, patchRate and clock timers runs as it says", async () => {
  const room = await enter("timestep");
  await eventually(() => expect(room.state.ticks).toBeGreaterThan(10));
  const { ticks, timers, elapsedMs } = await asks<{ ticks: number; timers: number; elapsedMs: number }>(room, "rates");
  // Skipped deadlines lose ticks on a busy machine, and none are made up; clock timers have the elapsed time.
  expect(ticks).toBeLessThanOrEqual(elapsedMs / 20 + 1);
  expect(timers).toBeLessThanOrEqual(elapsedMs / 50 + 1);
  expect(timers).toBeGreaterThan(1);
  await room.leave();
});

it("[GS27] a fixed step without patches runs once a step, not once in six", async () => {
  const room = await enter("fixed");
  await eventually(() => expect(room.state.ticks).toBeGreaterThan(10));
  expect(room.state.ticks % 2).toBe(0);
  const { ticks, elapsedMs } = await asks<{ ticks: number; elapsedMs: number }>(room, "rates");
  expect(ticks).toBeLessThanOrEqual(elapsedMs / 50 + 1);
  expect(ticks).toBeGreaterThan(elapsedMs / 50 / 3);
  await room.leave();
});

it("[GS25] several patches and messages of one turn arrive whole and in order", async () => {
  const room = await enter("many");
  const steps: number[] = [];
  room.onMessage("step", (step: number) => steps.push(step));
  await eventually(() => expect(room.state.ticks).toBeGreaterThan(20));
  const last = await asks(room, "stop");
  await eventually(() => expect(room.state.toJSON()).toEqual(last));
  expect(steps).toEqual(steps.map((_, index) => steps[0]! + index));
  expect(steps.length).toBeGreaterThan(10);
  await room.leave();
});

it("[GS24] a room whose step and clock timers throw goes on, beside others that do not notice", async () => {
  const other = await enter("timestep");
  const broken = await enter("broken");
  const before = other.state?.ticks ?? 0;
  await eventually(() => {
    expect(broken.state.ticks).toBeGreaterThan(10);
    expect(other.state.ticks).toBeGreaterThan(before);
  });
  const where = world.events.flatMap((event) => (event.kind === "room-threw" ? [event.where] : []));
  expect(new Set(where)).toEqual(new Set(["step", "clock timer"]));
  expect(world.lines.some(({ level, fields }) => level === "error" && fields.room === broken.roomId)).toBe(true);
  await Promise.all([broken.leave(), other.leave()]);
});

it("[GS27] a patch rate set to null stops the patches, and one set again starts them", async () => {
  const room = await enter("quiet");
  const { sessionId } = room;
  await eventually(() => expect(room.state.players.get(sessionId)).toBeDefined());
  room.send("quiet");
  room.send("move", 1);
  await asks(room, "echo", 1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(room.state.players.get(sessionId).x).toBe(0);
  room.send("loud");
  await eventually(() => expect(room.state.players.get(sessionId).x).toBe(1));
  await room.leave();
});
