/** The life of a hold: asked for again, run out, given back, sat in, left. */
import { expect, it } from "vitest";
import { type EnterWorld, report, type World } from "./world.ts";

/** A ticket with a seat in a room that its server has published. */
async function seated(w: World, over: Parameters<World["wanted"]>[0] = {}) {
  const server = await w.server("1");
  const asked = w.wanted(over);
  const again = () => w.lobby().index.reserve(asked);
  const { roomId } = (await again()) as { roomId: string };
  return { server, asked, roomId, again, target: { kind: "room", roomId } as const };
}

export function holdCases(enter: EnterWorld) {
  it("[LB3] asking again before sitting down answers with the same seat, one generation higher", async (t) => {
    const w = await enter(t);
    const { again, roomId } = await seated(w, { seats: 4 });
    expect(await again()).toMatchObject({ kind: "RESERVED", roomId, generation: 2, fresh: true });
    expect(await again()).toMatchObject({ kind: "RESERVED", roomId, generation: 3, capacity: 4, mode: "arena" });
  });

  it("[LB3] asking again after sitting down answers with the same seat, as long as its server says it is sat in", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, again } = await seated(w);
    const sat = [{ ticket: asked.ticket, seat: 0 }];
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat });
    expect(await again()).toMatchObject({ roomId, generation: 2 });
    const publish = () => server.beat({ rooms: [report(roomId, { seated: 1 })], sat, complete: true });
    for (let i = 0; i < 3; i++) {
      await w.pass(w.limits.roomForgottenMs / 2);
      await publish();
    }
    expect(await again()).toMatchObject({ roomId, generation: 3 });
  });

  it("[LB3] asking again keeps the seat held from then on", async (t) => {
    const w = await enter(t);
    const { target, again } = await seated(w, { seats: 4 });
    for (let i = 0; i < 3; i++) {
      await w.pass(w.limits.seatHoldMs * 0.6);
      await again();
    }
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB3] a seat that was left, a room that is over, a boot that has ended: the ticket is placed anew", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, again } = await seated(w);
    const ref = { ticket: asked.ticket, seat: 0 };
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [ref] });
    await server.beat({ rooms: [report(roomId)], left: [ref] });
    expect(await again()).toMatchObject({ kind: "RESERVED", generation: 1 });
    await server.beat({ gone: [roomId] });
    const anew = await again();
    expect(anew).toMatchObject({ kind: "RESERVED", generation: 1 });
    await w.server("1", { boot: "boot-2" });
    expect(await again()).toMatchObject({
      kind: "CODE_TAKEN" === (anew.kind as string) ? "" : "RESERVED",
      boot: "boot-2",
    });
  });

  it("[LB8] a hold that nobody sits in comes back by itself", async (t) => {
    const w = await enter(t);
    const { server, roomId, target } = await seated(w, { seats: 4 });
    await server.beat({ rooms: [report(roomId)] });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
    await w.pass(w.limits.seatHoldMs + 50);
    expect((await w.seat({ seats: 4 })).roomId).toBe(roomId);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB24] a hold lasts at least as long as it says: tokens made for it expire before", async (t) => {
    const w = await enter(t);
    const { server, roomId, again, target } = await seated(w, { seats: 4 });
    await server.beat({ rooms: [report(roomId)] });
    const { nowMs } = (await again()) as { nowMs: number };
    expect(w.limits.seatTokenMs).toBeLessThan(w.limits.seatHoldMs);
    let reply = await w.reserve({ target });
    for (let i = 0; i < 200 && reply.kind === "ROOM_FULL"; i++) {
      await w.pass(20);
      reply = await w.reserve({ target });
    }
    expect(reply).toMatchObject({ kind: "RESERVED", roomId });
    expect((reply as { nowMs: number }).nowMs - nowMs).toBeGreaterThanOrEqual(w.limits.seatHoldMs);
  });

  it("[LB8] given back by its ticket a hold is free at once, and only once", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, target } = await seated(w, { seats: 2 });
    await server.beat({ rooms: [report(roomId)] });
    expect(await w.lobby().index.release(asked.ticket)).toBe("RELEASED");
    expect(await w.lobby().index.release(asked.ticket)).toBe("GONE");
    expect(await w.lobby().index.release("no ticket")).toBe("GONE");
    await w.pass(w.limits.seatHoldMs + 50);
    expect((await w.seat({ seats: 4, target })).roomId).toBe(roomId);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB8] what is given back together counts each once, and whoever plays again without waiting gets a new hold", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, target } = await seated(w, { seats: 2 });
    await server.beat({ rooms: [report(roomId)] });
    const { index } = w.lobby();
    const asksAtOnce = [index.release(asked.ticket), index.release("no ticket"), index.release(asked.ticket)] as const;
    const again = await index.reserve(asked);
    expect(await Promise.all(asksAtOnce)).toEqual(["RELEASED", "GONE", "GONE"]);
    expect(again).toMatchObject({ kind: "RESERVED", roomId, generation: 1 });
    expect((await w.seat({ seats: 2, target })).roomId).toBe(roomId);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB8] a seat that somebody sits in is not given back", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, target } = await seated(w, { seats: 2 });
    const ref = { ticket: asked.ticket, seat: 1 };
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [ref] });
    expect(await w.lobby().index.release(asked.ticket)).toBe("SEATED");
    expect(await w.reserve({ target, seats: 3 })).toEqual({ kind: "ROOM_FULL" });
    // The half of the party that never came runs out; the other keeps its place.
    await w.pass(w.limits.seatHoldMs + 50);
    expect(await w.reserve({ target, seats: 4 })).toEqual({ kind: "ROOM_FULL" });
    expect((await w.seat({ target, seats: 3 })).roomId).toBe(roomId);
  });

  it("[LB8] a seat counts as sat in once, however often and however late its server says so", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, target } = await seated(w, { seats: 3 });
    const sat = [0, 1, 1, 0].map((seat) => ({ ticket: asked.ticket, seat }));
    const rooms = [report(roomId, { seated: 2 })];
    await server.beat({ rooms, sat });
    await server.beat({ rooms, sat });
    expect(await w.reserve({ target, seats: 2 })).toEqual({ kind: "ROOM_FULL" });
    await w.pass(w.limits.seatHoldMs + 50);
    await server.beat({ rooms: [report(roomId, { seated: 3 })], sat: [{ ticket: asked.ticket, seat: 2 }] });
    expect((await w.seat({ target })).roomId).toBe(roomId);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });

  it("[LB8] a room that its server never confirmed ends with its last hold", async (t) => {
    const w = await enter(t);
    const { asked, target } = await seated(w);
    await w.seat({ target });
    expect(await w.lobby().index.release(asked.ticket)).toBe("RELEASED");
    expect(await w.seat({ target })).toBeDefined();
    await w.pass(w.limits.seatHoldMs + 50);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_GONE" });
  });

  // Over Redis this call failed for good: nothing was left to give back, and Lua spells minus nothing "-0", which is no integer.
  // The ticket could then neither be released nor asked for again.
  it("[LB8] a hold that its room no longer counts gives nothing back, and ends all the same", async (t) => {
    const w = await enter(t);
    const { server, asked, roomId, target } = await seated(w, { seats: 2 });
    await server.beat({ rooms: [report(roomId)] });
    await server.beat({ gone: [roomId] });
    await server.beat({ rooms: [report(roomId)] });
    expect(await w.lobby().index.release(asked.ticket)).toBe("RELEASED");
    expect(await w.lobby().index.release(asked.ticket)).toBe("GONE");
    await w.pass(w.limits.seatHoldMs);
    await server.beat({ rooms: [report(roomId)] });
    expect((await w.seat({ target, seats: 4 })).roomId).toBe(roomId);
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
  });
}
