/** Players whose connection broke. */
import { Client, type Room } from "@colyseus/sdk";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it, vi } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, drop, eventually, leaveCode, reconnectsFast } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;
const reconnected = (room: Room) => new Promise<void>((resolve) => room.onReconnect(() => resolve()));
const secretOf = (room: Room) => room.reconnectionToken.split(":")[1]!;

export function reconnectionContract(suite: Suite) {
  it("[GS10] the stock SDK's automatic reconnection brings a player back to the same place", async () => {
    for (const mode of ["plain", "keeping", "old"]) {
      const seat = await suite.world.seat({ mode });
      const { sid } = seat.claims;
      const room = await suite.world.join(seat);
      room.send("move", 9);
      await eventually(() => expect(room.state.players.get(sid).x).toBe(9));
      reconnectsFast(room);
      for (let times = 0; times < 2; times++) {
        const back = reconnected(room);
        drop(room);
        await back;
        expect(await asks(room, "echo", mode)).toBe(mode);
      }
      expect(room.state.players.get(sid).x).toBe(9);
      expect(said(seat.claims.room).filter((what) => what.startsWith("join"))).toHaveLength(1);
      await room.leave();
    }
  });

  it("[GS10] what a player sends while the connection is away arrives afterwards", async () => {
    const seat = await suite.world.seat();
    const room = await suite.world.join(seat);
    reconnectsFast(room);
    const back = reconnected(room);
    drop(room);
    await eventually(() => expect(room.connection.isOpen).toBe(false));
    room.send("move", 33);
    await back;
    await eventually(() => expect(room.state.players.get(seat.claims.sid).x).toBe(33));
    await room.leave();
  });

  it("[GS14] a room that handles a leave itself keeps no place: the player comes back to nothing, and is told", async () => {
    const seat = await suite.world.seat({ mode: "leaving" });
    const room = await suite.world.join(seat);
    reconnectsFast(room);
    const left = leaveCode(room);
    drop(room);
    expect(await left).toBe(4003);
    expect(said(seat.claims.room)).toContain(`leave ${seat.claims.sid} 4010`);
  });

  it("[GS11] client.reconnect() on /r/{room} needs the reconnection token and nothing else", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    room.reconnection.enabled = false;
    const token = secretOf(room);
    const left = leaveCode(room);
    drop(room);
    await left;
    const back = await world.join(seat, { processId: "r", reconnectionToken: token });
    expect(back.sessionId).toBe(seat.claims.sid);
    expect(await asks(back, "echo", 5)).toBe(5);
    expect(said(seat.claims.room).at(-1)).toBe(`reconnect ${seat.claims.sid}`);
    await back.leave();
  });

  it("[GS11] a spent token alone opens nothing, and a dead reconnection token is told 4003 on an open socket", async () => {
    const { world, peers } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    room.reconnection.enabled = false;
    const token = secretOf(room);
    const { room: roomId, sid } = seat.claims;
    const dial = (segment: string, query: string) => peers.ws(`ws://${world.address}/${segment}/${roomId}?${query}`);
    const spent = await dial(seat.token, `sessionId=${sid}`);
    await eventually(() => expect(spent.closed?.code).toBe(closeOf("SEAT_USED")));
    for (const [segment, wrong] of [
      [seat.token, `${sid}.guessed`],
      ["r", `${sid}.guessed`],
      ["r", `someone.${token.split(".")[1]}`],
      ["r", "nonsense"],
    ] as const) {
      const peer = await dial(segment, `sessionId=${sid}&reconnectionToken=${wrong}`);
      await eventually(() => expect(peer.closed?.code).toBe(4003));
    }
    expect(await asks(room, "echo", "untouched")).toBe("untouched");
    await room.leave();
    const afterwards = await dial("r", `sessionId=${sid}&reconnectionToken=${token}`);
    await eventually(() => expect(afterwards.closed?.code).toBe(4003));
  });

  it("[GS12] a player who reconnects over a connection that is open still ends it", async () => {
    const { world } = suite;
    for (const mode of ["plain", "keeping", "old"]) {
      const seat = await world.seat({ mode });
      const older = await world.join(seat);
      const left = leaveCode(older);
      const newer = await world.join(seat, { processId: "r", reconnectionToken: secretOf(older) });
      expect(await left).toBe(closeOf("SEAT_TAKEN_OVER"));
      expect(await asks(newer, "echo", mode)).toBe(mode);
      expect(said(seat.claims.room).filter((what) => what.startsWith("join"))).toHaveLength(1);
      await newer.leave();
    }
  });

  it("[GS12] of racing reconnections with one token one comes through", async () => {
    const { world, peers } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    room.reconnection.enabled = false;
    const query = `sessionId=${seat.claims.sid}&reconnectionToken=${secretOf(room)}`;
    drop(room);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => peers.ws(`ws://${world.address}/r/${seat.claims.room}?${query}`)),
    );
    await eventually(() => expect(all.filter((peer) => peer.closed)).toHaveLength(19));
    expect(new Set(all.flatMap((peer) => peer.closed?.code ?? []))).toEqual(new Set([4003]));
  });

  it("[GS13] the reconnection token says its session, also inside the room, and changes with each connection", async () => {
    const seat = await suite.world.seat();
    const room = await suite.world.join(seat);
    const first = secretOf(room);
    expect(first).toMatch(new RegExp(`^${seat.claims.sid}\\.[\\w-]{9,}$`));
    expect(await asks(room, "token")).toBe(first);
    reconnectsFast(room);
    const back = reconnected(room);
    drop(room);
    await back;
    await eventually(() => expect(secretOf(room)).not.toBe(first));
    expect(secretOf(room).split(".")[0]).toBe(seat.claims.sid);
    await room.leave();
  });

  it("[GS40] a fresh seat takes up the place that is kept for a dropped player", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    room.reconnection.enabled = false;
    room.send("move", 4);
    await eventually(() => expect(room.state.players.get(seat.claims.sid).x).toBe(4));
    const left = leaveCode(room);
    drop(room);
    await left;
    const back = await world.join(await world.seat({ ticket: seat.claims.ticket }));
    await eventually(() => expect(back.state.players.get(seat.claims.sid).x).toBe(4));
    expect(said(seat.claims.room)).toEqual(["create", `join ${seat.claims.sid}`, `reconnect ${seat.claims.sid}`]);
    await back.leave();
  });

  it("[GS6] a reconnection with another player's JWT is refused; with an expired one it is not", async () => {
    const { world, peers } = suite;
    const seat = await world.seat({ player: "bob" });
    const room = await world.join(seat);
    const query = `sessionId=${seat.claims.sid}&reconnectionToken=${secretOf(room)}`;
    const dial = (jwt: string) => peers.ws(`ws://${world.address}/r/${seat.claims.room}?${query}&_authToken=${jwt}`);
    const foreign = await dial("jwt-of-eve");
    await eventually(() => expect(foreign.closed?.code).toBe(closeOf("SEAT_FOREIGN")));
    expect(await asks(room, "echo", 1)).toBe(1);
    const own = await dial("expired");
    await eventually(() => expect(own.messages.length).toBeGreaterThan(0));
    expect(own.closed).toBeUndefined();
  });

  it("[GS24] a client that drops before it has acknowledged its join does not harm the process", async () => {
    const { world, peers } = suite;
    const rejected = vi.fn();
    process.on("unhandledRejection", rejected);
    const seat = await world.seat({ mode: "keeping" });
    const { sid, room: roomId } = seat.claims;
    const peer = await peers.ws(`ws://${world.address}/${seat.token}/${roomId}?sessionId=${sid}`);
    await eventually(() => expect(peer.messages.length).toBeGreaterThan(0));
    peer.socket.terminate();
    await eventually(() => expect(said(roomId).some((what) => what.startsWith("leave"))).toBe(true));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", rejected);
    expect(rejected).not.toHaveBeenCalled();
  });

  it("[GS35] the SDK's latency check is answered at /", async () => {
    expect(await new Client(`http://${suite.world.address}`).getLatency({ pingCount: 3 })).toBeGreaterThanOrEqual(0);
  });
}
