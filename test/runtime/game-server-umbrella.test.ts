/**
 * An app that a studio wrote against the `colyseus` umbrella package and its template, taken as it is: its rooms run here,
 * nothing of it opens a port or hangs itself on the process.
 */
import { connect, createServer } from "node:net";
import { fill } from "@frontrow/shared/config/modes.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pickListen } from "../../listener/pick.ts";
import { eventually, hears } from "../support/game-server/sdk.ts";
import { createWorld, type World } from "../support/game-server/world.ts";

const SIGNALS = ["uncaughtException", "SIGINT", "SIGTERM", "SIGUSR2"] as const;
let world: World;
let port: number;
const listenersBefore = SIGNALS.map((event) => process.listenerCount(event));
const portBefore = process.env.PORT;

beforeAll(async () => {
  port = await freePort();
  process.env.PORT = String(port);
  world = await createWorld({
    listen: await pickListen(),
    modes: {
      arena: fill({ seats: 3, room: "my_room" }),
      older: fill({ seats: 8, room: "older_room" }),
      bare: fill({ seats: 8, room: "bare_room" }),
    },
    async rooms() {
      await import("../support/umbrella-app/bare.ts");
      const older = await import("../support/umbrella-app/older.config.ts");
      const app = await import("../support/umbrella-app/index.ts");
      return { default: older.default, server: app.server };
    },
  });
});
afterAll(async () => {
  if (portBefore === undefined) delete process.env.PORT;
  else process.env.PORT = portBefore;
  await world.close();
});

it.each(["arena", "older", "bare"])("[GS36] the rooms of an umbrella app run unchanged: mode %s", async (mode) => {
  const seat = await world.seat({ mode });
  const room = await world.join(seat);
  expect(await hears(room, "welcome")).toBe(seat.claims.sid);
  await eventually(() => expect(room.state.mySynchronizedProperty).toBe("Hello world"));
  room.send("change-property", mode);
  await eventually(() => expect(room.state.mySynchronizedProperty).toBe(mode));
  await room.leave();
});

it("[GS9] the seats are the fewest of what the class and the mode say", async () => {
  const capacities: number[] = [];
  for (const mode of ["arena", "older"]) {
    const seat = await world.seat({ mode });
    const room = await world.join(seat);
    await eventually(async () => {
      const { rooms } = await world.lobby.index.listRooms({ mode, limit: 10 });
      const listed = rooms.find(({ roomId, seats, free }) => roomId === seat.claims.room && free < seats);
      expect(listed).toBeDefined();
      capacities.push(listed!.seats);
    });
    await room.leave();
  }
  expect(capacities).toEqual([3, 4]);
});

it("[GS36] importing an app that starts itself opens no port and leaves no handler on the process", async () => {
  await expect(dial(port)).rejects.toThrow("ECONNREFUSED");
  expect(SIGNALS.map((event) => process.listenerCount(event))).toEqual(listenersBefore);
  expect(world.lines.filter(({ message }) => message.includes("HTTP routes"))).toHaveLength(2);
});

function dial(to: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: to, host: "127.0.0.1" });
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port: found } = server.address() as { port: number };
      server.close(() => resolve(found));
    });
  });
}
