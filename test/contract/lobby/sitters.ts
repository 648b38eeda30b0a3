/** Where a signed-in player sits, told by the servers, for whoever comes back with nothing but a name. */
import { expect, it } from "vitest";
import { type EnterWorld, report, type World } from "./world.ts";

/** Past this nothing from before the store began can be missing any more. */
const settled = (w: World) => w.pass(w.limits.seatHoldMs + w.limits.leaseMs + 50);

export function sitterCases(enter: EnterWorld) {
  it("[RS5] a player's seat is found by his name, one generation higher each time, while he sits there", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const asked = w.wanted();
    const { roomId } = await w.seat(asked);
    const { index } = w.lobby();
    await settled(w);
    await w.seat(asked);
    expect(await index.seatOf("ada")).toEqual({ kind: "GONE" });
    const ref = { ticket: asked.ticket, seat: 0, player: "ada", team: 1 };
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ...ref, roomId, generation: 7 }] });
    const seat = { kind: "SITS", ticket: asked.ticket, seat: 0, team: 1, roomId, server: "1", boot: "boot-1" };
    expect(await index.seatOf("ada")).toMatchObject({ ...seat, mode: "arena", capacity: 4, generation: 8 });
    expect(await index.seatOf("ada")).toMatchObject({ ...seat, generation: 9, private: false, code: "" });
    expect(await index.seatOf("bob")).toEqual({ kind: "GONE" });
    await server.beat({ rooms: [report(roomId)], left: [{ ticket: asked.ticket, seat: 0, player: "ada" }] });
    expect(await index.seatOf("ada")).toEqual({ kind: "GONE" });
  });

  it("[RS5] of several seats the one where the player sat down last is his, whatever is said again", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const seats = await Promise.all(
      ["first", "second"].map(async (ticket) => {
        const { roomId } = await w.seat({ ticket, target: { kind: "new", mode: "arena", private: false } });
        return { ticket, seat: 0, player: "ada", roomId, generation: 1 };
      }),
    );
    const [first, second] = seats as [(typeof seats)[0], (typeof seats)[0]];
    const rooms = seats.map(({ roomId }) => report(roomId, { seated: 1 }));
    await server.beat({ rooms, sat: [first] });
    await server.beat({ rooms, sat: [second] });
    await server.beat({ rooms, sat: [second, first], complete: true });
    const { index } = w.lobby();
    expect(await index.seatOf("ada")).toMatchObject({ ticket: "second", team: undefined });
    await server.beat({ rooms, left: [{ ticket: "first", seat: 0, player: "ada" }] });
    expect(await index.seatOf("ada")).toMatchObject({ ticket: "second" });
  });

  it("[RS5] an index that lost everything does not call a seat gone before its server had the time to say it again", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat({ ticket: "t" });
    const sat = [{ ticket: "t", seat: 0, player: "ada", roomId, generation: 3 }];
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat });
    await w.forget();
    expect(await w.lobby().index.seatOf("ada")).toMatchObject({ kind: "WAIT", retryInMs: expect.any(Number) });
    await server.register();
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat, complete: true });
    expect(await w.lobby().index.seatOf("ada")).toMatchObject({ kind: "SITS", roomId, generation: 4 });
  });

  it("[RS5] a seat on a server that is dead, or in another boot, is gone", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const other = await w.server("2");
    const { roomId } = await w.seat({ ticket: "t", avoid: ["2"] });
    const rooms = [report(roomId, { seated: 1 })];
    await settled(w);
    await server.beat({ rooms, sat: [{ ticket: "t", seat: 0, player: "ada", roomId, generation: 1 }] });
    expect(await w.lobby().index.seatOf("ada")).toMatchObject({ kind: "SITS" });
    await w.pass(w.limits.leaseMs + 50, [server]);
    expect(await w.lobby().index.seatOf("ada")).toEqual({ kind: "GONE" });
    await other.beat();
    await w.server("1", { boot: "boot-2" });
    expect(await w.lobby().index.seatOf("ada")).toEqual({ kind: "GONE" });
  });

  it("[RS5] a seat whose player is no name, or that is none, is nobody's", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat({ ticket: "t" });
    const ref = { ticket: "t", roomId, generation: 1 };
    const long = "x".repeat(129);
    const sat = [
      { ...ref, seat: 0, player: long },
      { ...ref, seat: 64, player: "eve" },
      { ...ref, seat: 0, player: "bob", roomId: "fra_9_abcdef" },
    ];
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat });
    for (const player of [long, "eve", "bob"])
      expect((await w.lobby().index.seatOf(player)).kind, player).not.toBe("SITS");
  });
}
