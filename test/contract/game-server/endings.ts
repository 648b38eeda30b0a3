/** The server's way out. Last in the suite: it does not come back. */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { expect, it } from "vitest";
import { said } from "../../support/game-server/rooms.ts";
import { asks, leaveCode } from "../../support/game-server/sdk.ts";
import type { Suite } from "../game-server.ts";

export function endingsContract(suite: Suite) {
  let unseatedIn = "";

  it("[GS30] a draining server gets no reservations and honours earlier seats; stop then ends its rooms with SERVER_LEFT", async () => {
    const { world } = suite;
    const seat = await world.seat();
    const target = { kind: "match", mode: "plain" } as const;
    unseatedIn = (await world.seat({ ticket: "m:unseated", target })).claims.room;
    await world.gameServer.drain();
    await expect(world.seat()).rejects.toThrow("NO_SERVER");
    const room = await world.join(seat);
    expect(await asks(room, "echo", 1)).toBe(1);
    expect(world.gameServer.snapshot()).toMatchObject({ isDraining: true, isLeased: true });

    const left = leaveCode(room);
    const late = await suite.world.seat({ ticket: seat.claims.ticket });
    world.gameServer.cut();
    await world.gameServer.stop();
    expect(await left).toBe(errorCatalogue.SERVER_LEFT.close);
    const { token, claims } = late;
    await expect(suite.peers.ws(`ws://${world.address}/${token}/${claims.room}`)).rejects.toThrow("503");
    expect(said(seat.claims.room)).toContain("dispose");
    expect(world.gameServer.snapshot().rooms).toEqual([]);
  });

  it("[RP7] a server that has stopped said that nobody sits down on it any more: its matches may go elsewhere", async () => {
    const { index } = suite.world.lobby;
    const again = { match: "m:unseated", refusedIn: unseatedIn, suffix: "elsewhere", avoid: [] };
    expect(await index.replace(again)).toEqual({ kind: "NO_SERVER" });
  });
}
