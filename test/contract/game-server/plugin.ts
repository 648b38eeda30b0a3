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
}
