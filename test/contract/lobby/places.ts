/** Rooms by name: made for a ticket, joined by id or by code. */
import { expect, it } from "vitest";
import { type EnterWorld, report } from "./world.ts";

const CODE = "FRA-7K2M9QXD";

export function placeCases(enter: EnterWorld) {
  it("[LB7] a ticket that wants a new room gets one although others have room", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const open = await w.seat();
    const own = await w.seat({ target: { kind: "new", mode: "arena", private: false } });
    expect(own).toMatchObject({ fresh: true, private: false, code: "" });
    expect(own.roomId).not.toBe(open.roomId);
    expect((await w.seat({ target: { kind: "room", roomId: own.roomId } })).roomId).toBe(own.roomId);
  });

  it("[LB4] a ticket that wants an open room gets the best one, and none is made for it", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const target = { kind: "open", mode: "arena" } as const;
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
    await w.seat({ target: { kind: "new", mode: "arena", private: true }, code: CODE });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
    const { roomId } = await w.seat({ seats: 3 });
    expect(await w.seat({ target })).toMatchObject({ roomId, fresh: false });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
    await w.lobby().index.setPaused("mode:arena", true);
    expect(await w.reserve({ target })).toEqual({ kind: "PAUSED", flag: "mode:arena" });
  });

  it("[LB26] a room is located by its id as long as the index knows it", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const hidden = await w.seat({ target: { kind: "new", mode: "arena", private: true }, code: CODE });
    for (const { roomId } of [await w.seat(), hidden]) {
      expect(await w.lobby().index.locate(roomId)).toEqual({ mode: "arena", server: "1", boot: server.boot });
      await server.beat({ gone: [roomId] });
      expect(await w.lobby().index.locate(roomId)).toBeUndefined();
    }
    expect(await w.lobby().index.locate("no room at all")).toBeUndefined();
  });

  it("[LB7] a private room is neither offered nor listed, and its code finds it", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const own = await w.seat({ target: { kind: "new", mode: "arena", private: true }, code: CODE });
    expect(own).toMatchObject({ fresh: true, private: true, code: CODE, capacity: 4 });
    await server.beat({ rooms: [report(own.roomId, { private: true, code: CODE })], complete: true });
    expect((await w.seat()).roomId).not.toBe(own.roomId);
    expect(await w.listed()).toEqual([]);
    const friend = await w.seat({ target: { kind: "code", code: CODE } });
    expect(friend).toMatchObject({ roomId: own.roomId, fresh: false, private: true, code: CODE, mode: "arena" });
    expect(await w.reserve({ target: { kind: "code", code: "FRA-00000000" } })).toEqual({ kind: "CODE_UNKNOWN" });
  });

  it("[LB7] a code that is taken changes nothing", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const target = { kind: "new", mode: "arena", private: true } as const;
    const own = await w.seat({ target, code: CODE });
    expect(await w.reserve({ target, code: CODE })).toEqual({ kind: "CODE_TAKEN" });
    expect((await w.seat({ target: { kind: "code", code: CODE } })).roomId).toBe(own.roomId);
  });

  it("[LB7] a room id that is taken is drawn again rather than shared", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const target = { kind: "new", mode: "arena", private: false } as const;
    const fresh = { seats: 4, suffix: "same5", code: "" };
    await w.seat({ target, fresh });
    expect(await w.reserve({ target, fresh })).toEqual({ kind: "CODE_TAKEN" });
  });

  it("[LB7] a code ends with its room, and may be drawn again then", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const target = { kind: "new", mode: "arena", private: true } as const;
    const own = await w.seat({ target, code: CODE });
    await server.beat({ gone: [own.roomId] });
    expect(await w.reserve({ target: { kind: "code", code: CODE } })).toEqual({ kind: "CODE_UNKNOWN" });
    expect((await w.seat({ target, code: CODE })).roomId).not.toBe(own.roomId);
  });

  it("[LB7] a named room says why it takes nobody", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat({ seats: 4 });
    const target = { kind: "room", roomId } as const;
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
    await server.beat({ rooms: [report(roomId, { locked: true })] });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_LOCKED" });
    await server.beat({ gone: [roomId] });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
    expect(await w.reserve({ target: { kind: "room", roomId: "no room at all" } })).toEqual({ kind: "ROOM_GONE" });
  });

  it("[LB7] a locked room is not offered, and is again when it is unlocked", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await server.beat({ rooms: [report(roomId, { locked: true })] });
    expect((await w.seat()).roomId).not.toBe(roomId);
    await server.beat({ rooms: [report(roomId, { seated: 2 })] });
    expect((await w.seat()).roomId).toBe(roomId);
  });
}
