/** Server leases: who is believed, who is dead, who drains. */
import { expect, it } from "vitest";
import { type EnterWorld, report } from "./world.ts";

export function serverCases(enter: EnterWorld) {
  it("[LB5] a server that was silent for a lease takes no reservations", async (t) => {
    const w = await enter(t);
    const dead = await w.server("1");
    const room = await w.seat();
    await w.server("2");
    await w.pass(w.limits.leaseMs + 50, [dead]);
    expect((await w.seat()).server).toBe("2");
    expect(await w.reserve({ target: { kind: "room", roomId: room.roomId } })).toEqual({ kind: "ROOM_GONE" });
    expect(await w.listed()).not.toContain(room.roomId);
  });

  it("[LB5] a server that comes back is asked to publish everything, and its rooms are offered again", async (t) => {
    const w = await enter(t);
    const late = await w.server("1");
    const { roomId } = await w.seat();
    await late.beat({ rooms: [report(roomId)], complete: true });
    const other = await w.server("2");
    await w.pass(w.limits.leaseMs + 50, [late]);
    expect((await w.seat()).server).toBe("2");
    expect(await late.beat()).toMatchObject({ kind: "ALIVE", republishInMs: 0 });
    expect(await late.beat({ rooms: [report(roomId, { seated: 1 })], complete: true })).toMatchObject({
      kind: "ALIVE",
    });
    await other.drain();
    expect((await w.seat()).roomId).toBe(roomId);
  });

  it("[LB5] a dead server's rooms, however many, do not hide a live one", async (t) => {
    const w = await enter(t);
    const dead = await w.server("1", { seatsMax: 1_000 });
    await w.pass(w.limits.seatHoldMs);
    const rooms = Array.from({ length: 40 }, (_, i) => report(`${w.metro}_1_dead${i}`, { seated: 3 }));
    await dead.beat({ rooms, complete: true });
    await w.server("2");
    const open = await w.seat({ avoid: ["1"] });
    await w.pass(w.limits.leaseMs + 50, [dead]);
    // Each call looks past a bounded number of dead rooms, then makes a new one on a live server; none fails.
    for (let i = 0; i < 4; i++) expect((await w.seat()).server).toBe("2");
    expect((await w.seat()).server).toBe(open.server);
  });

  it("[LB10] a heartbeat of an older sequence or boot changes nothing", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    const rooms = [report(roomId, { locked: true })];
    expect(await server.beat({ seq: 1, rooms })).toMatchObject({ kind: "STALE" });
    expect(await server.beat({ boot: "boot-0", seq: 99, rooms, gone: [roomId] })).toMatchObject({ kind: "STALE" });
    expect((await w.seat()).roomId).toBe(roomId);
  });

  it("[LB10] a server says nothing about another server's rooms", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { roomId } = await w.seat();
    const thief = await w.server("2");
    const reply = await thief.beat({
      rooms: [report(roomId, { locked: true }), report("xyz_2_abcde")],
      gone: [roomId],
      retire: [roomId],
    });
    expect(reply).toMatchObject({ kind: "ALIVE", retired: [] });
    expect((await w.seat()).roomId).toBe(roomId);
    expect(await w.listed()).toEqual([]);
  });

  it("[LB10] a server says nothing about the seats of another server's tickets", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const asked = w.wanted({ seats: 4 });
    await w.lobby().index.reserve(asked);
    const thief = await w.server("2");
    const ref = { ticket: asked.ticket, seat: 0 };
    await thief.beat({ sat: [ref], left: [ref, { ...ref, seat: 9 }] });
    const nonsense = [-1, 0.5, 64, 1e12].map((seat) => ({ ...ref, seat, roomId: `${w.metro}_2_abcde`, generation: 1 }));
    await thief.beat({ sat: nonsense, left: nonsense });
    expect(await w.lobby().index.release(asked.ticket)).toBe("RELEASED");
  });

  it("[LB12] an empty room is retired only when nobody is promised a seat in it, and is gone from then on", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const asked = w.wanted();
    const { roomId } = (await w.lobby().index.reserve(asked)) as { roomId: string };
    await server.beat({ rooms: [report(roomId)], complete: true });
    expect(await server.beat({ retire: [roomId] })).toMatchObject({ retired: [] });
    await w.lobby().index.release(asked.ticket);
    expect(await server.beat({ retire: [roomId] })).toMatchObject({ retired: [roomId] });
    expect(await w.listed()).toEqual([]);
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB13] a registration is kept as it was signed", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const registration = await w.lobby().index.registration("1");
    expect(registration).toEqual({ text: '{"server":"1","boot":"boot-1"}', key: "k", signature: "s" });
    expect(await w.lobby().index.registration("2")).toBeUndefined();
  });

  it("[LB13] a new boot ends the rooms of the one before, and what is said for that one is stale", async (t) => {
    const w = await enter(t);
    const before = await w.server("1");
    const { roomId } = await w.seat();
    await before.beat({ rooms: [report(roomId)], complete: true });
    await w.server("1", { boot: "boot-2" });
    expect(await w.listed()).toEqual([]);
    expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_GONE" });
    expect(await w.seat()).toMatchObject({ boot: "boot-2", fresh: true });
    expect(await before.beat({ rooms: [report(roomId)] })).toMatchObject({ kind: "STALE" });
    expect(await w.listed()).toEqual([]);
  });

  it("[LB13] registering the same boot once more keeps its rooms and its sequence", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await server.register();
    expect((await w.seat()).roomId).toBe(roomId);
    expect(await server.beat({ seq: 1 })).toMatchObject({ kind: "STALE" });
    expect(await server.beat()).toMatchObject({ kind: "ALIVE", republishInMs: 0 });
  });

  it("[LB14] a draining server gets no new reservations, and the seats promised before are honoured", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const asked = w.wanted();
    const { roomId } = (await w.lobby().index.reserve(asked)) as { roomId: string };
    await server.beat({ rooms: [report(roomId)], complete: true });
    await server.drain();
    const closed = async () => {
      expect(await w.reserve()).toEqual({ kind: "NO_SERVER" });
      expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_LOCKED" });
      expect(await w.listed()).toEqual([]);
    };
    await closed();
    await server.beat({ rooms: [report(roomId)], complete: true });
    await server.register();
    await closed();
    expect(await w.lobby().index.reserve(asked)).toMatchObject({ kind: "RESERVED", roomId, generation: 2 });
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: asked.ticket, seat: 0 }] });
    expect(await w.lobby().index.reserve(asked)).toMatchObject({ kind: "RESERVED", roomId, generation: 3 });
  });

  it("[LB14] an older boot cannot drain the one that is running", async (t) => {
    const w = await enter(t);
    await w.server("1");
    await w.lobby().leases.drain("1", "boot-0");
    expect((await w.seat()).server).toBe("1");
  });
}
