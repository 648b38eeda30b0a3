/** Players who come back with a token that says so: to the seat where they sit, and to nothing else. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it, vi } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, drop, eventually, leaveCode, refusal } from "../../support/game-server/sdk.ts";
import type { TestSeat, World } from "../../support/game-server/world.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;

/** As the matchmaker signs it, which knows of the seat what the index does. */
function resumed(world: World, { claims }: TestSeat, gen = claims.gen + 1): TestSeat {
  const { match: _match, team: _team, ...seat } = claims;
  const again = { ...seat, gen, resume: true as const, options: {}, compat: "", exp: Date.now() + 3_000 };
  return { token: world.sign(again), claims: again };
}

export function resumeContract(suite: Suite) {
  it("[RS4] brings a player back to the kept place of a dropped connection, with what the place was taken with", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "plain", claims: { match: "match-1", team: 1 } });
    const room = await world.join(seat);
    room.reconnection.enabled = false;
    room.send("move", 7);
    await eventually(() => expect(room.state.players.get(seat.claims.sid).x).toBe(7));
    const left = leaveCode(room);
    drop(room);
    await left;
    const back = await world.join(resumed(world, seat));
    await eventually(() => expect(back.state.players.get(seat.claims.sid).x).toBe(7));
    expect(await asks(back, "auth")).toMatchObject({ match: "match-1", team: 1, playerId: seat.claims.player });
    expect(said(seat.claims.room)).toEqual(["create", `join ${seat.claims.sid}`, `reconnect ${seat.claims.sid}`]);
    await back.leave();
  });

  it("[RS4] ends a connection that is half open still, also where the room keeps nobody's place", async () => {
    const { world } = suite;
    for (const mode of ["plain", "keeping", "old", "leaving"]) {
      const seat = await world.seat({ mode, options: { name: "Ada" } as never });
      const older = await world.join(seat);
      const left = leaveCode(older);
      const back = await world.join(resumed(world, seat));
      expect(await left, mode).toBe(closeOf("SEAT_TAKEN_OVER"));
      await eventually(() => expect(back.state.players.get(seat.claims.sid)?.name, mode).toBe("Ada"));
      await back.leave();
    }
  });

  it("[RS4] opens nothing where the player has left, or never sat, and does not make a room", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const stays = await world.join(await world.seat({ target: { kind: "room", roomId: seat.claims.room } }));
    expect((await refusal(world.join(resumed(world, seat)))).code).toBe(closeOf("RECONNECTION_EXPIRED"));
    const room = await world.join(seat);
    await room.leave();
    await eventually(() =>
      expect(world.gameServer.snapshot().rooms.find((one) => one.roomId === seat.claims.room)?.seated).toBe(1),
    );
    expect((await refusal(world.join(resumed(world, seat)))).code).toBe(closeOf("RECONNECTION_EXPIRED"));
    const unmade = await world.seat({ target: { kind: "new", mode: "plain", private: false } });
    expect((await refusal(world.join(resumed(world, unmade)))).code).toBe(closeOf("RECONNECTION_EXPIRED"));
    expect(said(unmade.claims.room)).toEqual([]);
    await stays.leave();
  });

  it("[RS4] is spent once, loses against a newer generation, and is nobody else's", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const room = await world.join(seat);
    const [second, third] = [resumed(world, seat, 2), resumed(world, seat, 3)];
    const foreign = { token: world.sign({ ...third.claims, player: "eve" }), claims: third.claims };
    expect((await refusal(world.join(foreign))).code).toBe(closeOf("SEAT_FOREIGN"));
    const back = await world.join(third);
    expect((await refusal(world.join(third))).code).toBe(closeOf("SEAT_USED"));
    expect((await refusal(world.join(second))).code).toBe(closeOf("SEAT_TAKEN_OVER"));
    expect(room.connection.isOpen).toBe(false);
    expect(await asks(back, "echo", 1)).toBe(1);
    await back.leave();
  });

  it("[RS5] the index hears who sits, of players who are signed in, and when they leave", async () => {
    const { world } = suite;
    const seat = await world.seat({ player: "carol", claims: { team: 2 } });
    const guest = await world.seat({ player: "guest_carol123", claims: { guest: true } });
    const [room, guestRoom] = await Promise.all([world.join(seat), world.join(guest)]);
    const { ticket, room: roomId } = seat.claims;
    await vi.waitFor(async () =>
      expect(await world.lobby.index.seatOf("carol")).toMatchObject({ kind: "SITS", ticket, seat: 0, team: 2, roomId }),
    );
    expect((await world.lobby.index.seatOf("guest_carol123")).kind).not.toBe("SITS");
    await Promise.all([room.leave(), guestRoom.leave()]);
    await vi.waitFor(async () => expect((await world.lobby.index.seatOf("carol")).kind).not.toBe("SITS"));
  });
}
