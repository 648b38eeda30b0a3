/** The store was away, stepped its clock, or lost everything: nobody is swept for that, and nothing is promised twice. */
import { expect, it } from "vitest";
import { type EnterWorld, report } from "./world.ts";

export function gapCases(enter: EnterWorld) {
  it("[LB15] an index that forgot everything asks who you are, and learns rooms, codes and seats anew", async (t) => {
    const w = await enter(t);
    const code = "FRA-7K2M9QXD";
    const server = await w.server("1");
    const asked = w.wanted({ target: { kind: "new", mode: "arena", private: true }, code });
    const { roomId } = (await w.lobby().index.reserve(asked)) as { roomId: string };
    await w.forget();
    expect(await server.beat()).toMatchObject({ kind: "UNKNOWN_SERVER" });
    await server.register();
    expect(await server.beat()).toMatchObject({ kind: "ALIVE", republishInMs: 0 });
    const rooms = [report(roomId, { private: true, code, seated: 1 }), report(`${w.metro}_1_open1`)];
    const sat = [{ ticket: asked.ticket, seat: 0, roomId, generation: 7 }];
    await server.beat({ rooms, sat, complete: true });
    expect(await w.listed()).toEqual([`${w.metro}_1_open1`]);
    expect(await w.lobby().index.reserve(asked)).toMatchObject({ kind: "RESERVED", roomId, generation: 8, code });
    await w.pass(w.limits.seatHoldMs + 50);
    await server.beat({ rooms, sat, complete: true });
    expect(await w.seat({ target: { kind: "code", code } })).toMatchObject({ roomId });
  });

  it("[LB16] after a gap, a step back or a loss no server is swept: for one lease everybody counts as live", async (t) => {
    for (const fault of ["stop", "stepBack"] as const) {
      const w = await enter(t);
      const silent = await w.server("1");
      await w[fault]();
      expect((await w.seat()).server).toBe("1");
      expect(await silent.beat()).toMatchObject({ kind: "ALIVE" });
      await w.pass(w.limits.leaseMs + 50);
      expect((await w.seat()).server).toBe("1");
    }
  });

  it("[LB16] a server that stays silent after a gap is dead one lease later", async (t) => {
    for (const fault of ["stop", "stepBack"] as const) {
      const w = await enter(t);
      const dead = await w.server("1");
      await w[fault]();
      await w.seat();
      await w.pass(w.limits.leaseMs + 50, [dead]);
      expect(await w.reserve()).toEqual({ kind: "NO_SERVER" });
    }
  });

  it("[LB16] for one lease after a gap no hold runs out", async (t) => {
    const w = await enter(t, { leaseMs: 1_900, seatHoldMs: 2_000, roomForgottenMs: 10_000 });
    await w.server("1");
    const target = { kind: "room", roomId: (await w.seat({ seats: 4 })).roomId } as const;
    await w.pass(1_300);
    await w.stop();
    await w.pass(900);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
    await w.pass(1_400);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB17] a room from before a gap takes nobody until it was published again and a hold lifetime has passed", async (t) => {
    for (const fault of ["stop", "stepBack"] as const) {
      const w = await enter(t);
      const server = await w.server("1");
      await w.pass(w.limits.seatHoldMs);
      const { roomId } = await w.seat();
      const target = { kind: "room", roomId } as const;
      const publish = () => server.beat({ rooms: [report(roomId, { seated: 1 })], complete: true });
      expect(await publish()).toMatchObject({ republishInMs: -1 });
      await w[fault]();
      expect((await w.seat()).roomId).not.toBe(roomId);
      expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
      const reply = (await publish()) as { republishInMs: number };
      expect(reply.republishInMs).toBeGreaterThan(0);
      expect(reply.republishInMs).toBeLessThanOrEqual(w.limits.seatHoldMs);
      expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
      await w.pass(w.limits.seatHoldMs + 50);
      expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
      expect(await publish()).toMatchObject({ republishInMs: -1 });
      expect((await w.seat({ target })).roomId).toBe(roomId);
    }
  });

  it("[LB17] a publication that began too early does not settle a gap", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    await w.stop();
    await server.beat({ complete: true });
    await server.beat({ rooms: [report(`${w.metro}_1_early`)] });
    await w.pass(w.limits.seatHoldMs + 50);
    const late = [report(`${w.metro}_1_late1`)];
    expect(await server.beat({ rooms: late, complete: true })).toMatchObject({ republishInMs: 0 });
    const rooms = [report(`${w.metro}_1_early`), ...late];
    expect(await server.beat({ rooms, complete: true })).toMatchObject({ republishInMs: -1 });
  });

  it("[LB17] a room made since the gap is offered at once, also when its server publishes it", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    await w.stop();
    const { roomId } = await w.seat();
    expect((await w.seat()).roomId).toBe(roomId);
    await server.beat({ rooms: [report(roomId)] });
    expect((await w.seat()).roomId).toBe(roomId);
  });

  it("[LB12] a room whose promises may have been lost in a gap is not retired before they have run out", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await w.forget();
    await server.beat();
    await server.register();
    expect(await server.beat({ retire: [roomId] })).toMatchObject({ retired: [] });
    await w.pass(w.limits.seatHoldMs + 50);
    expect(await server.beat({ retire: [roomId] })).toMatchObject({ retired: [roomId] });
  });
}
