/** Who sits down, and who does not. */

import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { deriveSeatKey, generateSeatKey, peekSeat } from "@frontrow/shared/seat-token.ts";
import { expect, it } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, eventually, leaveCode, refusal } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;

export function seatsContract(suite: Suite) {
  it("[GS1] a valid token makes its room and seats its player under the token's session", async () => {
    const { world } = suite;
    const seat = await world.seat({ options: { name: "Ada" } as never });
    const room = await world.join(seat);
    expect(room.roomId).toBe(seat.claims.room);
    expect(room.sessionId).toBe(seat.claims.sid);
    expect(await asks(room, "echo", { hello: 1 })).toEqual({ hello: 1 });
    await eventually(() => expect(room.state.players.get(seat.claims.sid).name).toBe("Ada"));
    expect(await asks(room, "auth")).toMatchObject({ playerId: seat.claims.player, guest: false, rttMs: 12 });
    await room.leave();
  });

  it("[GS2] of a hundred parallel copies of a token one sits down", async () => {
    const { world, peers } = suite;
    const seat = await world.seat();
    const path = `/${seat.token}/${seat.claims.room}?sessionId=${seat.claims.sid}`;
    const all = await Promise.all(Array.from({ length: 100 }, () => peers.ws(`ws://${world.address}${path}`)));
    await eventually(() => expect(all.filter((peer) => peer.closed).length).toBe(99));
    expect(new Set(all.filter((peer) => peer.closed).map((peer) => peer.closed!.code))).toEqual(
      new Set([closeOf("SEAT_USED")]),
    );
    expect(said(seat.claims.room)).toEqual(["create", `join ${seat.claims.sid}`]);
  });

  it("[GS2] a token is good once: later copies are told SEAT_USED, also after its player has left", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "staying" });
    const room = await world.join(seat);
    expect((await refusal(world.join(seat))).code).toBe(closeOf("SEAT_USED"));
    await room.leave();
    const late = await refusal(world.join(seat));
    expect(late).toMatchObject({ code: closeOf("SEAT_USED"), message: expect.stringContaining("SEAT_USED") });
  });

  it("[GS3] racing first tokens make one room, and onCreate runs once", async () => {
    const { world } = suite;
    const first = await world.seat();
    const others = await Promise.all(
      [1, 2, 3].map(() => world.seat({ target: { kind: "room", roomId: first.claims.room } })),
    );
    const rooms = await Promise.all([first, ...others].map((seat) => world.join(seat)));
    expect(new Set(rooms.map((room) => room.roomId)).size).toBe(1);
    expect(said(first.claims.room).filter((what) => what === "create")).toHaveLength(1);
    await Promise.all(rooms.map((room) => room.leave()));
  });

  it("[GS4] a newer generation ends the older connection and keeps the session, where the room keeps places", async () => {
    const { world } = suite;
    for (const mode of ["plain", "keeping", "old"]) {
      const seat = await world.seat({ mode });
      const older = await world.join(seat);
      older.send("move", 7);
      await eventually(() => expect(older.state.players.get(seat.claims.sid).x).toBe(7));
      const left = leaveCode(older);
      const again = await world.seat({ mode, ticket: seat.claims.ticket });
      expect(again.claims).toMatchObject({ room: seat.claims.room, sid: seat.claims.sid, gen: 2 });
      const newer = await world.join(again);
      expect(await left).toBe(closeOf("SEAT_TAKEN_OVER"));
      expect(newer.sessionId).toBe(older.sessionId);
      await eventually(() => expect(newer.state.players.get(seat.claims.sid).x).toBe(7));
      expect(said(seat.claims.room).filter((what) => what.startsWith("join"))).toHaveLength(1);
      expect(await asks(newer, "echo", mode)).toBe(mode);
      await newer.leave();
    }
  });

  it("[GS4] [GS41] in a room that keeps no places the newer connection sits where the older one did, and the room sees no leave", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "leaving" });
    const { sid, room: roomId } = seat.claims;
    const older = await world.join(seat);
    const left = leaveCode(older);
    const newer = await world.join(await world.seat({ mode: "leaving", ticket: seat.claims.ticket }));
    expect(await left).toBe(closeOf("SEAT_TAKEN_OVER"));
    expect(await asks(newer, "echo", 1)).toBe(1);
    expect(said(roomId)).toEqual(["create", `join ${sid}`]);
    await newer.leave();
    await eventually(() => expect(said(roomId)).toContain(`leave ${sid} 4000`));
  });

  it("[GS4] of racing generations the newest sits, and an older one shown later does not end it", async () => {
    const { world } = suite;
    const first = await world.seat();
    const { ticket } = first.claims;
    const second = await world.seat({ ticket });
    const third = await world.seat({ ticket });
    const outcomes = await Promise.allSettled([third, second, first].map((seat) => world.join(seat)));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    const room = (outcomes[0] as PromiseFulfilledResult<Awaited<ReturnType<typeof world.join>>>).value;
    expect((await refusal(world.join(second))).code).toBe(closeOf("SEAT_TAKEN_OVER"));
    expect(await asks(room, "echo", "still here")).toBe("still here");
    await room.leave();
  });

  it("[GS5] a token is refused at another room's door, and by every other server and boot", async () => {
    const { world, peers } = suite;
    const here = await world.seat();
    const there = await world.seat();
    const swapped = { token: here.token, claims: { ...here.claims, room: there.claims.room } };
    expect((await refusal(world.join(swapped))).code).toBe(closeOf("SEAT_INVALID"));

    const stranger = generateSeatKey();
    for (const elsewhere of [{ boot: "anotherBoot" }, { server: "8" }, { metro: "ams" }]) {
      const claims = { ...here.claims, ...elsewhere };
      const key = deriveSeatKey(world.issuer.privateText, stranger.publicKey, claims.server, claims.boot);
      const token = world.sign(claims, key);
      const peer = await peers.ws(`ws://${world.address}/${token}/${claims.room}`);
      await eventually(() => expect(peer.closed?.code).toBe(closeOf("SEAT_INVALID")));
    }
    expect(said(here.claims.room)).toEqual([]);
  });

  it("[GS5] an expired token is told so; one that nobody signed gets 401 and no socket", async () => {
    const { world, peers } = suite;
    const late = await world.seat({ claims: { exp: Date.now() - 1 } });
    expect((await refusal(world.join(late))).code).toBe(closeOf("SEAT_EXPIRED"));

    const good = await world.seat();
    const tampered = good.token.slice(0, -1) + (good.token.endsWith("A") ? "B" : "A");
    expect(peekSeat(tampered)).toBeDefined();
    for (const junk of [tampered, "x", "x".repeat(2_000), "%00%00"]) {
      await expect(peers.ws(`ws://${world.address}/${junk}/${good.claims.room}`)).rejects.toThrow("401");
    }
    expect(said(good.claims.room)).toEqual([]);
  });

  it("[GS6] a JWT that comes with a seat must be its player's, and a foreign one does not spend the seat", async () => {
    const { world, peers } = suite;
    const seat = await world.seat({ player: "ada" });
    const dial = (jwt: string) =>
      peers.ws(
        `ws://${world.address}/${seat.token}/${seat.claims.room}?sessionId=${seat.claims.sid}&_authToken=${jwt}`,
      );
    for (const [jwt, code] of [
      ["jwt-of-eve", "SEAT_FOREIGN"],
      ["nonsense", "AUTH_INVALID"],
      ["expired", "AUTH_EXPIRED"],
    ] as const) {
      const peer = await dial(jwt);
      await eventually(() => expect(peer.closed?.code).toBe(closeOf(code)));
    }
    const peer = await dial("jwt-of-ada");
    await eventually(() => expect(peer.messages.length).toBeGreaterThan(0));
    expect(peer.closed).toBeUndefined();
    expect(said(seat.claims.room)).toEqual(["create", `join ${seat.claims.sid}`]);
  });

  it("[GS9] a room never has more players than seats, whoever promised them", async () => {
    const { world } = suite;
    for (const [mode, seats] of [
      ["plain", 4],
      ["duo", 2],
    ] as const) {
      const first = await world.seat({ mode });
      const forged = Array.from({ length: 5 }, (_, index) => ({
        ...first.claims,
        ticket: `${first.claims.ticket}-${index}`,
        sid: `${first.claims.sid}${index}`,
      }));
      const all = [first, ...forged.map((claims) => ({ claims, token: world.sign(claims) }))];
      const outcomes = await Promise.allSettled(all.map((seat) => world.join(seat)));
      const seated = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      expect(seated).toHaveLength(seats);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason.code).toBe(closeOf("ROOM_FULL"));
      }
      seated[0]!.send("grow");
      await asks(seated[0]!, "echo", 1);
      const one = { ...first.claims, ticket: `${first.claims.ticket}-x`, sid: `${first.claims.sid}x` };
      const seat = { claims: one, token: world.sign(one) };
      if (mode === "plain") expect((await refusal(world.join(seat))).code).toBe(closeOf("ROOM_FULL"));
      await Promise.all(seated.map((room) => room.leave()));
    }
  });

  it("[GS40] asking again before sitting down gives a token of the same place that is good", async () => {
    const { world } = suite;
    const first = await world.seat();
    const second = await world.seat({ ticket: first.claims.ticket });
    expect(second.claims).toMatchObject({ room: first.claims.room, sid: first.claims.sid, gen: 2 });
    const room = await world.join(second);
    expect(room.sessionId).toBe(first.claims.sid);
    await room.leave();
  });
}
