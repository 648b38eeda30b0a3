/** Where a party ends up: the fullest open room that fits, else a new room on the least loaded server. */
import { expect, it } from "vitest";
import { type EnterWorld, report, serverOf } from "./world.ts";

export function reserveCases(enter: EnterWorld) {
  it("[LB1] a party gets all its seats in one room, passing by rooms that have fewer", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const first = await w.seat({ seats: 2 });
    const party = await w.seat({ seats: 3 });
    expect(party.roomId).not.toBe(first.roomId);
    const pair = await w.seat({ seats: 2 });
    expect(pair.roomId).toBe(first.roomId);
  });

  it("[LB1] a party that no room can hold gets nothing at all", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { roomId } = await w.seat({ seats: 2 });
    expect(await w.reserve({ seats: 5 })).toEqual({ kind: "ROOM_FULL" });
    expect(await w.reserve({ seats: 3, target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_FULL" });
    expect((await w.seat({ seats: 2, target: { kind: "room", roomId } })).roomId).toBe(roomId);
  });

  it("[LB2] rooms are filled to their capacity and not beyond, however many ask at once", async (t) => {
    const w = await enter(t);
    await w.server("1", { seatsMax: 1_000 });
    const size = (i: number) => (i % 3) + 1;
    const seats = await Promise.all(Array.from({ length: 150 }, (_, i) => w.seat({ seats: size(i) })));
    const filled = new Map<string, number>();
    for (const [i, { roomId }] of seats.entries()) filled.set(roomId, (filled.get(roomId) ?? 0) + size(i));
    expect(Math.max(...filled.values())).toBe(4);
    expect(filled.size).toBeLessThan(100);
  });

  it("[LB2] seats that somebody sits in are not given to others", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const asked = w.wanted();
    const { roomId } = (await w.lobby().index.reserve(asked)) as { roomId: string };
    await server.beat({ rooms: [report(roomId, { seated: 3 })], sat: [{ ticket: asked.ticket, seat: 0 }] });
    const target = { kind: "room", roomId } as const;
    expect(await w.reserve({ target, seats: 2 })).toEqual({ kind: "ROOM_FULL" });
    expect(await w.seat({ target })).toMatchObject({ roomId });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB4] of all open rooms the fullest that fits is taken", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    await w.pass(w.limits.seatHoldMs);
    const seated = { fra_1_empty: 0, fra_1_middle: 2, fra_1_almost: 3, fra_1_ended: 4 };
    const rooms = Object.entries(seated).map(([id, n]) => report(id.replace("fra", w.metro), { seated: n }));
    await server.beat({ rooms, complete: true });
    const order = [await w.seat({ seats: 2 }), await w.seat(), await w.seat({ seats: 3 }), await w.seat({ seats: 2 })];
    expect(order.map(({ roomId }) => roomId.split("_")[2])).toEqual(["middle", "almost", "empty", expect.any(String)]);
    expect(order.map(({ fresh }) => fresh)).toEqual([false, false, false, true]);
  });

  it("[LB4] of rooms equally full the one on the less loaded server is taken", async (t) => {
    const w = await enter(t);
    const [busy, idle] = [await w.server("1"), await w.server("2")];
    await w.pass(w.limits.seatHoldMs);
    await busy.beat({ rooms: [report(`${w.metro}_1_roomA`, { seated: 1 })], load: 0.8 });
    await idle.beat({ rooms: [report(`${w.metro}_2_roomB`, { seated: 1 })], load: 0.2 });
    expect((await w.seat()).server).toBe("2");
  });

  it("[LB4] a new room is made on the least loaded server, and a burst spreads before the next heartbeat", async (t) => {
    const w = await enter(t);
    const [one, two] = [await w.server("1", { seatsMax: 20 }), await w.server("2", { seatsMax: 20 })];
    await one.beat({ load: 0.5 });
    await two.beat({ load: 0.1 });
    const servers = [];
    for (let i = 0; i < 5; i++) servers.push((await w.seat({ seats: 4 })).server);
    // 2 goes from 0.1 by 4 of 20 seats a room: 0.3, 0.5 and, behind 1 at its equal 0.5, on in turn.
    expect(servers).toEqual(["2", "2", "1", "2", "1"]);
  });

  it("[LB4] a server at its ceiling gets no new room, and seats promised on it count", async (t) => {
    const w = await enter(t);
    const server = await w.server("1", { seatsMax: 8 });
    await server.beat({ load: 1 });
    expect(await w.reserve()).toEqual({ kind: "NO_SERVER" });
    await server.beat({ load: 0.5 });
    const { roomId } = await w.seat({ seats: 4 });
    await server.beat({ load: 0.5, rooms: [report(roomId)] });
    expect(await w.reserve({ seats: 4 })).toEqual({ kind: "NO_SERVER" });
  });

  it("[LB4] modes and compats do not mix, and a mode that nobody runs has no server", async (t) => {
    const w = await enter(t);
    await w.server("1", { modes: ["arena", "duel"], compats: ["v1", "v2"] });
    const rooms = new Set<string>();
    for (const mode of ["arena", "duel"]) {
      for (const compat of ["v1", "v2"]) rooms.add((await w.seat({ compat, target: { kind: "best", mode } })).roomId);
    }
    expect(rooms.size).toBe(4);
    expect(await w.reserve({ compat: "v3" })).toEqual({ kind: "NO_SERVER" });
    expect(await w.reserve({ compat: "v1", target: { kind: "best", mode: "chess" } })).toEqual({ kind: "NO_SERVER" });
    const [roomId] = [...rooms];
    expect(await w.reserve({ compat: "v2", target: { kind: "room", roomId: roomId! } })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB6] an avoided server is not used, neither its rooms nor for a new one", async (t) => {
    const w = await enter(t);
    await w.server("1");
    await w.server("2");
    const first = await w.seat();
    const other = first.server === "1" ? "2" : "1";
    expect((await w.seat({ avoid: [first.server] })).server).toBe(other);
    expect((await w.seat({ avoid: [other] })).roomId).toBe(first.roomId);
    expect(await w.reserve({ avoid: ["1", "2"] })).toEqual({ kind: "NO_SERVER" });
    const target = { kind: "room", roomId: first.roomId } as const;
    expect(await w.reserve({ avoid: [first.server], target })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB4] a reservation that avoids the best room does not hide it from those that leave with it", async (t) => {
    const w = await enter(t);
    const [one, two] = [await w.server("1"), await w.server("2")];
    await w.pass(w.limits.seatHoldMs);
    await one.beat({ rooms: [report(`${w.metro}_1_best1`, { seated: 2 })] });
    await two.beat({ rooms: [report(`${w.metro}_2_other`, { seated: 1 })] });
    const together = await Promise.all([w.seat({ avoid: ["1"] }), w.seat(), w.seat({ avoid: ["2"] })]);
    expect(together.map(({ server }) => server)).toEqual(["2", "1", "1"]);
  });

  it("[LB6] a ticket whose server failed it is placed elsewhere, and gives its seat back", async (t) => {
    const w = await enter(t);
    await w.server("1");
    await w.server("2");
    const asked = w.wanted({ seats: 4 });
    const first = await w.lobby().index.reserve(asked);
    const failed = (first as { server: string }).server;
    const second = await w.lobby().index.reserve({ ...w.wanted({ seats: 4 }), ticket: asked.ticket, avoid: [failed] });
    expect(second).toMatchObject({ kind: "RESERVED", generation: 1 });
    expect(serverOf((second as { roomId: string }).roomId)).not.toBe(failed);
    const { roomId } = first as { roomId: string };
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB9] a paused metro, mode or compat takes no reservations until it is opened again", async (t) => {
    const w = await enter(t);
    await w.server("1", { modes: ["arena", "duel"] });
    const seat = await w.seat();
    const room = { kind: "room", roomId: seat.roomId } as const;
    for (const flag of ["metro", "mode:arena", "compat:any"] as const) {
      await w.lobby().index.setPaused(flag, true);
      expect(await w.lobby().index.isPaused(flag)).toBe(true);
      expect(await w.reserve()).toEqual({ kind: "PAUSED", flag });
      expect(await w.reserve({ target: room })).toEqual({ kind: "PAUSED", flag });
      const duel = await w.reserve({ target: { kind: "best", mode: "duel" } });
      expect(duel.kind).toBe(flag === "mode:arena" ? "RESERVED" : "PAUSED");
      await w.lobby().index.setPaused(flag, false);
      expect(await w.lobby().index.isPaused(flag)).toBe(false);
      expect((await w.seat({ target: room })).roomId).toBe(seat.roomId);
    }
  });

  it("[LB9] a seat that is promised already is answered although its mode is paused", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const asked = w.wanted();
    await w.lobby().index.reserve(asked);
    await w.lobby().index.setPaused("metro", true);
    expect(await w.lobby().index.reserve(asked)).toMatchObject({ kind: "RESERVED", generation: 2 });
  });
}
