/** What room code learns through the plugin, and how it ends a match. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, eventually, leaveCode, refusal } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

export function pluginContract(suite: Suite) {
  it("[GS31] room code learns who is on a seat and what the room was made for, from onCreate on", async () => {
    const seat = await suite.world.seat({
      mode: "match",
      target: { kind: "new", mode: "match", private: true },
      claims: { team: 1, match: "m1", guest: true },
    });
    const room = await suite.world.join(seat);
    expect(await asks(room, "who")).toEqual({
      playerId: seat.claims.player,
      guest: true,
      spectator: false,
      team: 1,
      match: "m1",
      ticket: seat.claims.ticket,
      seat: 0,
      rttMs: 12,
      rttVerified: true,
    });
    expect(await asks(room, "info")).toEqual({
      mode: "match",
      match: "m1",
      bots: [],
      private: true,
      code: seat.claims.code,
      seats: 6,
    });
    expect(said(seat.claims.room)).toContain("seats 6");
    await room.leave();
  });

  it("[GS32] finish ends the room for good, tells its players, and hands the results on once", async () => {
    const { world } = suite;
    const seat = await world.seat({ mode: "match", claims: { match: "m2" } });
    const late = await world.seat({ mode: "match", target: { kind: "room", roomId: seat.claims.room } });
    const room = await world.join(seat);
    const left = leaveCode(room);
    const ranks = { [seat.claims.player]: 1 };
    room.send("finish", ranks);
    expect(await left).toBe(errorCatalogue.ROOM_FINISHED.close);
    await eventually(() => expect(world.finished).toHaveLength(1));
    expect(world.finished[0]).toMatchObject({ match: "m2", roomId: seat.claims.room, mode: "match", ranks });
    expect(world.finished[0]!.players.map(({ playerId }) => playerId)).toEqual([seat.claims.player]);
    expect((await refusal(world.join(late))).code).toBe(errorCatalogue.ROOM_FINISHED.close);
    await eventually(() => expect(said(seat.claims.room)).toContain("dispose"));
    await eventually(async () => {
      const target = { kind: "room", roomId: seat.claims.room } as const;
      await expect(world.seat({ mode: "match", target })).rejects.toThrow("ROOM_GONE");
    });
  });

  /** Two players of a match, each in a team, in one room. */
  async function matched(match: string) {
    const { world } = suite;
    const target = { kind: "match", mode: "rated" } as const;
    const claims = { match, team: 0 };
    const first = await world.seat({ mode: "rated", ticket: `m:${match}`, player: `ada-${match}`, target, claims });
    const second = { ...first.claims, seat: 1, sid: `${first.claims.sid}b`, player: `bob-${match}`, team: 1 };
    const seats = [first, { token: world.sign(second), claims: second }];
    return { rooms: await Promise.all(seats.map((seat) => world.join(seat))), roomId: first.claims.room };
  }

  it("[RA14] finish of a match reports its ranks, its players and who left to the index, once", async () => {
    const { world } = suite;
    const [ada, bob] = ["ada-r1", "bob-r1"];
    const { rooms, roomId } = await matched("r1");
    await rooms[1]!.leave();
    await eventually(() => expect(said(roomId).some((what) => what.startsWith("leave"))).toBe(true));
    rooms[0]!.send("finish", { ranks: { [ada]: 1, [bob]: 2 } });
    const found = await eventually(async () => {
      const pending = await world.lobby.index.takeReports(10);
      expect(pending).toHaveLength(1);
      return pending;
    });
    const players = [
      { playerId: ada, team: 0 },
      { playerId: bob, team: 1 },
    ];
    const ranks = { [ada]: 1, [bob]: 2 };
    expect(found[0]!.report).toEqual({ match: "r1", roomId, mode: "rated", ranks, left: [bob], players });
    await world.lobby.index.doneReports(["r1"]);
    await eventually(() => expect(world.finished.find(({ match }) => match === "r1")).toMatchObject({ left: [bob] }));
  });

  it("[RA15] results that name strangers count for nothing; the room ends all the same, and the log says why", async () => {
    const { world } = suite;
    const { rooms, roomId } = await matched("r2");
    rooms[0]!.send("finish", { ranks: { [rooms[0]!.sessionId]: 1 } });
    await eventually(() => expect(said(roomId)).toContain("dispose"));
    const line = await eventually(() => {
      const found = world.lines.find(
        ({ fields }) => fields.room === roomId && String(fields.err).includes("counts for"),
      );
      expect(found).toBeDefined();
      return found!;
    });
    expect(String(line.fields.err)).toContain("is no player of this room");
    expect(world.finished.some(({ match }) => match === "r2")).toBe(false);
    expect(await world.lobby.index.takeReports(10)).toEqual([]);
  });

  it("[RA16] the room of a match that ends without finish reports nothing", async () => {
    const { world } = suite;
    const { rooms, roomId } = await matched("r3");
    rooms[0]!.send("disconnect");
    await eventually(() => expect(said(roomId)).toContain("dispose"));
    // Later results came through, so this one would have.
    const later = await matched("r4");
    later.rooms[0]!.send("finish", {});
    const found = await eventually(async () => {
      const pending = await world.lobby.index.takeReports(10);
      expect(pending.length).toBeGreaterThan(0);
      return pending;
    });
    expect(found.map(({ report: { match, ranks } }) => ({ match, ranks }))).toEqual([
      { match: "r4", ranks: undefined },
    ]);
    await world.lobby.index.doneReports(["r4"]);
  });
}
