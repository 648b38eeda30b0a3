import { randomBytes } from "node:crypto";
import { fill } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { describe, expect, it } from "vitest";
import { createFakeLink, refuses, seatIn } from "../../test/support/fake-link.ts";
import { createEdge } from "../edge.ts";
import { matchmake } from "./matchmake.ts";

function doorsOf(...links: ReturnType<typeof createFakeLink>[]) {
  const edge = createEdge({
    edge: "edge",
    links,
    modes: { arena: fill({ seats: 4 }) },
    compat: undefined,
    limits: resolveLimits(),
    verifyPlayer: undefined,
    guests: true,
    clock: createSystemClock(),
    random: randomBytes,
    observe: () => {},
  });
  return (method: string, name: string, body: unknown = {}) =>
    matchmake(edge, { method, name, body, jwt: undefined, host: "play.example.com" });
}
const refusedWith = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });

describe("stock matchmaking", () => {
  it("[SD3] join asks for an open room in every metro, nearest first, and is told at once that there is none", async () => {
    const [near, far] = [createFakeLink("fra", 5), createFakeLink("ams", 30)];
    near.answer = refuses("ROOM_NOT_FOUND");
    const ask = doorsOf(far, near);
    expect(await ask("join", "arena")).toMatchObject({ name: "arena", roomId: seatIn("ams").roomId });
    expect(near.placed[0]?.target).toEqual({ kind: "open", mode: "arena" });
    far.answer = refuses("ROOM_NOT_FOUND");
    await expect(ask("join", "arena")).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
    expect(near.placed).toHaveLength(2);
  });

  it("[SD3] a room that was named is asked for in its own metro only", async () => {
    const [near, far] = [createFakeLink("fra", 5), createFakeLink("ams", 30)];
    near.answer = refuses("ROOM_NOT_FOUND");
    const ask = doorsOf(near, far);
    await expect(ask("joinById", "fra_1_abcdef")).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
    await expect(ask("joinById", "no room id")).rejects.toEqual(refusedWith("ROOM_NOT_FOUND"));
    expect(far.placed).toEqual([]);
  });

  it("[SD5] reconnect answers with the mode's name and the session of the token", async () => {
    const ask = doorsOf(createFakeLink("fra"));
    expect(await ask("reconnect", "fra_1_abcdef", { reconnectionToken: "Zk3vQ0a1b2c3.secret" })).toEqual({
      name: "arena",
      roomId: "fra_1_abcdef",
      sessionId: "Zk3vQ0a1b2c3",
      processId: "r",
      publicAddress: "play.example.com",
      reconnectionToken: "Zk3vQ0a1b2c3.secret",
    });
  });

  it("[SD5] reconnect to a room that is no more is ROOM_NOT_FOUND, with what is no token RECONNECTION_EXPIRED", async () => {
    const link = createFakeLink("fra");
    const ask = doorsOf(link);
    for (const reconnectionToken of [null, "", 7, "nodot", "."]) {
      await expect(ask("reconnect", "fra_1_abcdef", { reconnectionToken })).rejects.toEqual(
        refusedWith("RECONNECTION_EXPIRED"),
      );
    }
    await expect(ask("reconnect", "xyz_1_abcdef", { reconnectionToken: "a.b" })).rejects.toEqual(
      refusedWith("ROOM_NOT_FOUND"),
    );
    link.locate = async () => {
      throw new FrontrowError("ROOM_NOT_FOUND");
    };
    await expect(ask("reconnect", "fra_1_abcdef", { reconnectionToken: "a.b" })).rejects.toEqual(
      refusedWith("ROOM_NOT_FOUND"),
    );
  });
});
