/** How rooms are made, refused, emptied and ended. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { gates, said } from "../../support/game-server/rooms.ts";
import { asks, eventually, leaveCode, refusal } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;

export function roomsContract(suite: Suite) {
  const fresh = (mode: string) => suite.world.seat({ mode });
  const inSameRoom = (roomId: string, mode: string) => suite.world.seat({ mode, target: { kind: "room", roomId } });

  it("[GS8] a room whose onCreate throws is ROOM_FAILED for everybody who waits, and is not made again", async () => {
    const first = await fresh("throwing");
    const second = await inSameRoom(first.claims.room, "throwing");
    const [one, two] = await Promise.all([first, second].map((seat) => refusal(suite.world.join(seat))));
    expect(one!.code).toBe(closeOf("ROOM_FAILED"));
    expect(two!.code).toBe(closeOf("ROOM_FAILED"));
    expect(one!.message).not.toContain("secret");
    const again = { ...first.claims, gen: 2 };
    const third = await refusal(suite.world.join({ claims: again, token: suite.world.sign(again) }));
    expect(third.code).toBe(closeOf("ROOM_FAILED"));
    expect(said(first.claims.room)).toEqual(["create", "dispose"]);
  });

  it("[GS8] a room that changes its id cannot be found by its players, so it has failed", async () => {
    const seat = await fresh("renamed");
    expect((await refusal(suite.world.join(seat))).code).toBe(closeOf("ROOM_FAILED"));
    await eventually(() => expect(said("somewhere-else")).toEqual(["dispose"]));
  });

  it("[GS8] a room that is not made within the admission deadline has failed, and is disposed when it is made after all", async () => {
    const seat = await fresh("slow");
    expect((await refusal(suite.world.join(seat))).code).toBe(closeOf("ROOM_FAILED"));
    gates.get(seat.claims.room)!();
    await eventually(() => expect(said(seat.claims.room)).toEqual(["create", "dispose"]));
  });

  it("[GS15] a socket that closes while its room is being made leaves no ghost behind", async () => {
    const { world, peers } = suite;
    const seat = await fresh("slow");
    const { room: roomId, sid } = seat.claims;
    const peer = await peers.ws(`ws://${world.address}/${seat.token}/${roomId}?sessionId=${sid}`);
    await eventually(() => expect(gates.has(roomId)).toBe(true));
    peer.socket.terminate();
    await eventually(() => expect(peer.closed).toBeDefined());
    const before = world.events.length;
    gates.get(roomId)!();
    await eventually(() => {
      expect(world.events.slice(before)).toContainEqual({ kind: "admission", outcome: "gone" });
    });
    expect(said(roomId)).toEqual(["create"]);
    // Nobody sits in it, so its hold, which nobody sat in either, is all that keeps it.
    const room = await world.join(await inSameRoom(roomId, "slow"));
    await room.leave();
  });

  it("[GS16] an empty room is not disposed under the feet of a player who is on the way", async () => {
    const first = await fresh("leaving");
    const second = await inSameRoom(first.claims.room, "leaving");
    const one = await suite.world.join(first);
    await one.leave();
    // Several heartbeats offer the empty room for retirement; the second seat's hold keeps it.
    const { length } = suite.world.events.filter((event) => event.kind === "heartbeat");
    await eventually(() => {
      expect(suite.world.events.filter((event) => event.kind === "heartbeat").length).toBeGreaterThan(length + 3);
    });
    const two = await suite.world.join(second);
    expect(said(first.claims.room)).not.toContain("dispose");
    await two.leave();
    await eventually(() => expect(said(first.claims.room)).toContain("dispose"));
  });

  it("[GS16] a room that nobody sat down in after all goes when its hold has run out", async () => {
    const seat = await fresh("picky");
    const claims = { ...seat.claims, options: { refuse: "by accident" } };
    await refusal(suite.world.join({ claims, token: suite.world.sign(claims) }));
    expect(said(claims.room)).toEqual(["create"]);
    await eventually(() => expect(said(claims.room)).toEqual(["create", "dispose"]), 10_000);
  });

  it("[GS17] a first player whom onJoin refuses does not take the room along", async () => {
    const { world } = suite;
    const seat = await fresh("picky");
    const second = await inSameRoom(seat.claims.room, "picky");
    const claims = { ...seat.claims, options: { refuse: "by accident" } };
    const refused = await refusal(world.join({ claims, token: world.sign(claims) }));
    expect(refused.code).toBe(closeOf("INTERNAL"));
    expect(refused.message).not.toContain("secret");
    const room = await world.join(second);
    expect(said(claims.room)).toEqual(["create", `join ${second.claims.sid}`]);
    await room.leave();
  });

  it("[GS20] what a room throws as ServerError is told to the player, as in stock Colyseus", async () => {
    const seat = await fresh("picky");
    const claims = { ...seat.claims, options: { refuse: "deliberately" } };
    const refused = await refusal(suite.world.join({ claims, token: suite.world.sign(claims) }));
    expect(refused).toEqual({ code: 4999, message: "you are banned" });
  });

  it("[GS18] a room that does not want to be disposed when empty stays", async () => {
    const seat = await fresh("staying");
    const room = await suite.world.join(seat);
    await room.leave();
    const { length } = suite.world.events.filter((event) => event.kind === "heartbeat");
    await eventually(() => {
      expect(suite.world.events.filter((event) => event.kind === "heartbeat").length).toBeGreaterThan(length + 5);
    });
    const again = await suite.world.join(await inSameRoom(seat.claims.room, "staying"));
    expect(said(seat.claims.room)).not.toContain("dispose");
    again.send("disconnect");
    await eventually(() => expect(said(seat.claims.room)).toContain("dispose"));
  });

  it("[GS7] no token brings back a room that ended", async () => {
    const { world } = suite;
    const seat = await fresh("plain");
    const late = await inSameRoom(seat.claims.room, "plain");
    const room = await world.join(seat);
    const left = leaveCode(room);
    room.send("disconnect");
    await left;
    for (const claims of [late.claims, { ...seat.claims, gen: 2 }]) {
      const refused = await refusal(world.join({ claims, token: world.sign(claims) }));
      expect(refused.code).toBe(closeOf("ROOM_FINISHED"));
    }
    expect(said(seat.claims.room).filter((what) => what === "create")).toHaveLength(1);
  });

  it("[GS19] a class that authenticates is asked, and may refuse", async () => {
    const { world } = suite;
    const seat = await fresh("classauth");
    const room = await world.join(seat);
    expect(await asks(room, "auth")).toMatchObject({ account: "of nobody", playerId: seat.claims.player });
    const stranger = await inSameRoom(seat.claims.room, "classauth");
    const claims = { ...stranger.claims, options: { team: "strangers" } };
    const refused = await refusal(world.join({ claims, token: world.sign(claims) }));
    expect(refused.code).toBe(closeOf("AUTH_INVALID"));
    await room.leave();
  });

  it("[GS19] an instance that authenticates replaces client.auth, and the plugin still knows the player", async () => {
    const seat = await fresh("ownauth");
    const room = await suite.world.join(seat);
    expect(await asks(room, "auth")).toEqual({ account: "own" });
    expect(await asks(room, "who")).toMatchObject({ playerId: seat.claims.player });
    await room.leave();
  });

  it("[GS21] a lock keeps out seats that were signed after it, and honours those from before", async () => {
    const { world } = suite;
    const seat = await fresh("plain");
    const before = await inSameRoom(seat.claims.room, "plain");
    const room = await world.join(seat);
    room.send("lock");
    await asks(room, "echo", 1);
    const friend = await world.join(before);
    const claims = { ...before.claims, ticket: "after", sid: "after", exp: Date.now() + world.limits.seatTokenMs + 50 };
    const refused = await refusal(world.join({ claims, token: world.sign(claims) }));
    expect(refused.code).toBe(closeOf("ROOM_LOCKED"));
    await Promise.all([room.leave(), friend.leave()]);
  });
}
