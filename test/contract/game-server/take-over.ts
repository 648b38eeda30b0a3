/**
 * A newer connection on a seat whose older one is open still: a second tab, a reload that the server has not noticed. Such a player
 * once lost a living seat, in every room that keeps nobody's place: the older connection was dropped, and the room let go.
 */
import type { Room } from "@colyseus/sdk";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, drop, eventually, hears, leaveCode, reconnectsFast, refusal } from "../../support/game-server/sdk.ts";
import type { TestSeat } from "../../support/game-server/world.ts";
import type { Suite } from "../game-server.ts";

const TAKEN_OVER = errorCatalogue.SEAT_TAKEN_OVER.close;
const secretOf = (room: Room) => room.reconnectionToken.split(":")[1]!;

export function takeOverContract(suite: Suite) {
  /** As a page comes back that has the token of the last connection. */
  const again = (seat: TestSeat, room: Room) =>
    suite.world.join(seat, { processId: "r", reconnectionToken: secretOf(room) });

  async function seated(mode: string, x = 7) {
    const seat = await suite.world.seat({ mode });
    const room = await suite.world.join(seat);
    room.send("move", x);
    await eventually(() => expect(room.state.players.get(seat.claims.sid).x).toBe(x));
    const { sid, room: roomId } = seat.claims;
    return { seat, room, sid, heard: () => said(roomId).slice(2) };
  }

  it.each([
    ["leaving", []],
    ["old", []],
    ["plain", ["reconnect"]],
    ["keeping", [`drop ${TAKEN_OVER}`, "reconnect"]],
    ["fickle", [`drop ${TAKEN_OVER}`, "dropped", "reconnect"]],
  ])("[GS41] of the %s room it takes the seat over as often as it comes, and the room hears %j", async (mode, news) => {
    const { seat, room, sid, heard } = await seated(mode);
    let last = room;
    for (let times = 1; times <= 3; times++) {
      const left = leaveCode(last);
      last = await again(seat, last);
      expect(await left).toBe(TAKEN_OVER);
      expect(last.sessionId).toBe(sid);
      await eventually(() => expect(last.state.players.get(sid)?.x).toBe(7));
      expect(await asks(last, "auth")).toMatchObject({ playerId: seat.claims.player });
      expect(heard().map((what) => what.replace(` ${sid}`, ""))).toEqual(Array(times).fill(news).flat());
    }
    last.send("move", 8);
    await eventually(() => expect(last.state.players.get(sid).x).toBe(8));
    expect(suite.world.gameServer.snapshot().rooms.find(({ roomId }) => roomId === last.roomId)?.seated).toBe(1);
    await last.leave();
    if (mode !== "plain") await eventually(() => expect(heard().at(-1)).toBe(`leave ${sid} 4000`));
  });

  it("[GS41] what the room sends to a client that reconnects reaches the newer connection", async () => {
    const { seat, room } = await seated("fickle");
    const newer = await again(seat, room);
    expect(await hears(newer, "map")).toBe("ice");
    await newer.leave();
  });

  it("[GS41] a room that throws as it is told of the drop loses nobody, and its exception is told to the log", async () => {
    const { seat, room, sid, heard } = await seated("fickle", 13);
    const newer = await again(seat, room);
    expect(await asks(newer, "echo", 1)).toBe(1);
    expect(heard().at(-1)).toBe(`reconnect ${sid}`);
    expect(suite.world.events).toContainEqual({ kind: "room-threw", where: "onDrop", mode: "fickle" });
    await newer.leave();
  });

  it("[GS41] a room may refuse who comes back: the player is told what it says, and has left", async () => {
    const { seat, room, sid, heard } = await seated("fickle", 666);
    expect((await refusal(again(seat, room))).message).toContain("you are banned");
    await eventually(() => expect(heard().at(-1)).toMatch(new RegExp(`^leave ${sid}`)));
    const { roomId } = room;
    await eventually(() => {
      const one = suite.world.gameServer.snapshot().rooms.find((open) => open.roomId === roomId);
      expect(one?.seated ?? 0).toBe(0);
    });
  });

  it("[GS41] a connection that breaks before it is through is a drop like any other, whose place a room that keeps places keeps", async () => {
    const { world, peers } = suite;
    const { seat, room, sid, heard } = await seated("keeping");
    room.reconnection.enabled = false;
    const left = leaveCode(room);
    // Says nothing once it is open, not even that it has joined.
    const mute = await peers.ws(
      `ws://${world.address}/r/${seat.claims.room}?sessionId=${sid}&reconnectionToken=${secretOf(room)}`,
    );
    expect(await left).toBe(TAKEN_OVER);
    await eventually(() => expect(mute.messages.length).toBeGreaterThan(0));
    mute.socket.terminate();
    await eventually(() => expect(heard().filter((what) => what.startsWith("drop"))).toHaveLength(2));
    const back = await world.join(await world.seat({ mode: "keeping", ticket: seat.claims.ticket }));
    await eventually(() => expect(back.state.players.get(sid).x).toBe(7));
    expect(heard().filter((what) => what.startsWith("leave"))).toEqual([]);
    await back.leave();
  });

  it("[GS41] a drop afterwards is the room's to judge as before", async () => {
    for (const mode of ["keeping", "leaving"]) {
      const { seat, room, heard } = await seated(mode);
      const newer = await again(seat, room);
      reconnectsFast(newer);
      const back = new Promise<string>((resolve) => {
        newer.onReconnect(() => resolve("back"));
        newer.onLeave((code) => resolve(`left ${code}`));
      });
      drop(newer);
      expect(await back).toBe(mode === "keeping" ? "back" : "left 4003");
      expect(heard().filter((what) => what.startsWith("leave"))).toHaveLength(mode === "keeping" ? 0 : 1);
      if (mode === "keeping") await newer.leave();
    }
  });

  it("[GS41] inputs of the newer connection are taken, whose numbers begin anew", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "inputs" });
    const room = await world.join(seat);
    const steer = async (by: Room, x: number) => {
      const input = by.input<{ x: number }>({ mode: "unreliable" });
      input.data.x = x;
      input.send();
      await eventually(async () => expect(await asks(by, "steered")).toBe(x));
    };
    for (const x of [1, 2, 3]) await steer(room, x);
    const newer = await again(seat, room);
    for (const x of [5, 6]) await steer(newer, x);
    await newer.leave();
  });
}
