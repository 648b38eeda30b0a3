/** Open admission: the stock SDK's own matchmaking, for development and room tests. */
import { Client } from "@colyseus/sdk";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pickListen } from "../../listener/pick.ts";
import { testModes, testRooms } from "../support/game-server/modes.ts";
import { said } from "../support/game-server/rooms.ts";
import { asks, drop, eventually, reconnectsFast, refusal } from "../support/game-server/sdk.ts";
import { createWorld, type World } from "../support/game-server/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({
    listen: await pickListen(),
    modes: testModes,
    rooms: testRooms,
    game: { admission: "open" },
  });
});
afterAll(() => world.close());

it("[GS38] the stock SDK creates, joins and reconnects without an edge, and such rooms end when they are empty", async () => {
  const client = new Client(`http://${world.address}`);
  const room = await client.joinOrCreate("keeping", { name: "Ada" });
  const friend = await client.joinById(room.roomId);
  expect(await asks(friend, "echo", 1)).toBe(1);
  reconnectsFast(room);
  const back = new Promise<void>((resolve) => room.onReconnect(() => resolve()));
  drop(room);
  await back;
  expect(await asks(room, "echo", 2)).toBe(2);
  await Promise.all([room.leave(), friend.leave()]);
  await eventually(() => expect(said(room.roomId)).toContain("dispose"));
});

it("[GS38] its errors come as the SDK reads them, and nobody sits on a session that was not given out", async () => {
  const client = new Client(`http://${world.address}`);
  expect((await refusal(client.joinOrCreate("nothing"))).code).toBe(520);
  const { matchMaker } = await import("@colyseus/core");
  const room = await client.create("plain");
  const reservation = { name: "plain", roomId: room.roomId, sessionId: "stolen", processId: matchMaker.processId };
  expect((await refusal(client.consumeSeatReservation(reservation as never))).code).toBe(524);
  await room.leave();
});

it("[GS38] seats are taken as ever, and without the option nothing of it is there", async () => {
  const seat = await world.seat();
  const room = await world.join(seat);
  expect(await asks(room, "echo", 3)).toBe(3);
  expect((await refusal(world.join(seat))).code).toBe(errorCatalogue.SEAT_USED.close);
  await room.leave();
});
