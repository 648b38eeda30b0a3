/** Matches that this server cannot seat: what it says of them, and that nobody of them slips in afterwards. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { eventually, refusal } from "../../support/game-server/sdk.ts";
import type { TestSeat } from "../../support/game-server/world.ts";
import type { Suite } from "../game-server.ts";

const closeOf = (code: keyof typeof errorCatalogue) => errorCatalogue[code].close;

export function refusalsContract(suite: Suite) {
  /** The first seat of a match; the others are signed after it. */
  async function matchSeat(match: string, mode: string, roomId?: string): Promise<TestSeat> {
    const target = roomId ? ({ kind: "room", roomId, backfill: true } as const) : ({ kind: "match", mode } as const);
    return suite.world.seat({ mode, ticket: `m:${match}`, target, claims: { match, team: 0, sid: `S${match}0` } });
  }
  function anotherOf({ claims }: TestSeat, seat: number): TestSeat {
    const other = { ...claims, seat, sid: `S${claims.match}${seat}`, player: `player ${seat}` };
    return { claims: other, token: suite.world.sign(other) };
  }
  const replaced = ({ claims }: TestSeat) =>
    suite.world.lobby.index.replace({ match: claims.ticket, refusedIn: claims.room, suffix: "elsewhere", avoid: [] });

  it("[RP7] a match whose room cannot be made is told to the index at once, and all of it is refused", async () => {
    const { world } = suite;
    const first = await matchSeat("failing", "throwing");
    expect(await replaced(first)).toEqual({ kind: "UNREFUSED" });
    const codes = await Promise.all([first, anotherOf(first, 1)].map((seat) => refusal(world.join(seat))));
    expect(codes.map(({ code }) => code)).toEqual([closeOf("ROOM_FAILED"), closeOf("ROOM_FAILED")]);
    // There is no other server, so the index cannot move it; that it would is what it says.
    await eventually(async () => expect(await replaced(first)).toEqual({ kind: "NO_SERVER" }));
    expect((await refusal(world.join(anotherOf(first, 2)))).code).toBe(closeOf("ROOM_FAILED"));
  });

  it("[RP7] a match for which a room has no place is refused for good, and one of whom somebody sits is not", async () => {
    const { world } = suite;
    const one = await matchSeat("pair", "duo");
    const late = await matchSeat("late", "duo", one.claims.room);
    const sitting = [await world.join(one), await world.join(anotherOf(one, 1))];
    expect((await refusal(world.join(anotherOf(one, 2)))).code).toBe(closeOf("ROOM_FULL"));
    expect((await refusal(world.join(late))).code).toBe(closeOf("ROOM_FULL"));
    await sitting[1]!.leave();
    // There is a place again: for the match that is there, not for the one that may be elsewhere by now.
    expect((await refusal(world.join(anotherOf(late, 1)))).code).toBe(closeOf("ROOM_FULL"));
    const back = await world.join(anotherOf(one, 3));
    await eventually(async () => expect(await replaced(one)).toEqual({ kind: "SEATED" }));
    await eventually(async () => expect(await replaced(late)).toMatchObject({ kind: "ABORTED", why: "REFUSED" }));
    await Promise.all([back.leave(), sitting[0]!.leave()]);
  });

  it("[RP7] a wrong or spent token says nothing about its match", async () => {
    const { world } = suite;
    const seat = await matchSeat("wrong", "plain");
    const { token, claims } = seat;
    for (const bad of [
      { token: `${token.slice(0, -3)}AAA`, claims },
      anotherOf({ token, claims: { ...claims, boot: "another" } }, 1),
      anotherOf({ token, claims: { ...claims, exp: Date.now() - 1 } }, 2),
    ]) {
      await refusal(world.join(bad));
    }
    const room = await world.join(seat);
    await refusal(world.join(seat));
    await eventually(async () => expect(await replaced(seat)).toEqual({ kind: "SEATED" }));
    await room.leave();
  });
}
