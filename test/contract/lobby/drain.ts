/** Servers that leave: asked by an operator or by themselves, and the matches that they cut on the way out. */
import type { Reserved } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import { matchOf } from "./matches.ts";
import { type EnterWorld, report, type World } from "./world.ts";

let made = 0;
const again = (w: World, match: string, { roomId }: Pick<Reserved, "roomId">) =>
  w.lobby().index.replace({ match: `m:${match}`, refusedIn: roomId, suffix: `cutagain${made++}`, avoid: [] });

/** A match in which both sit, on one of the servers `1` and `2`. */
async function playing(w: World, match: string) {
  const servers = { "1": await w.server("1"), "2": await w.server("2") };
  const first = await w.seat(matchOf(w, match, { seats: 2 }));
  const home = servers[first.server as "1" | "2"];
  const sat = [0, 1].map((seat) => ({ ticket: `m:${match}`, seat }));
  await home.beat({ rooms: [report(first.roomId, { seated: 2, match: true })], sat });
  const cut = [{ ticket: `m:${match}`, roomId: first.roomId }];
  return { servers, first, home, cut, other: servers[first.server === "1" ? "2" : "1"] };
}

export function drainCases(enter: EnterWorld) {
  it("[DR3] an operator's drain takes a server out of the index at once, and the server hears of it with its next heartbeat", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    expect(await server.beat()).toMatchObject({ draining: false });
    const { roomId } = await w.seat();
    await server.beat({ rooms: [report(roomId)], complete: true });
    expect(await w.lobby().fleet.drain("1")).toBe("DRAINING");
    expect(await w.reserve()).toEqual({ kind: "NO_SERVER" });
    expect(await w.listed()).toEqual([]);
    expect(await server.beat()).toMatchObject({ kind: "ALIVE", draining: true });
    expect(await w.lobby().fleet.drain("2")).toBe("UNKNOWN_SERVER");
    await w.server("1", { boot: "boot-2" });
    expect(await w.reserve()).toMatchObject({ kind: "RESERVED" });
  });

  it("[DR3] what a server has left is told: its rooms and players, seats on their way, and when it ends them", async (t) => {
    const w = await enter(t);
    expect(await w.lobby().fleet.look("1")).toBeUndefined();
    const server = await w.server("1");
    const state = { boot: "boot-1", live: true, draining: false, closed: false };
    expect(await w.lobby().fleet.look("1")).toEqual({ ...state, leavesInMs: undefined, rooms: 0, seated: 0, held: 0 });
    const { roomId } = await w.seat({ ticket: "sits" });
    await w.seat({ seats: 2 });
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: "sits", seat: 0 }] });
    await server.drain();
    await server.beat({ leavesInMs: 60_000 });
    const left = await w.lobby().fleet.look("1");
    expect(left).toMatchObject({ draining: true, closed: false, rooms: 1, seated: 1, held: 2 });
    expect(left?.leavesInMs).toBeGreaterThan(50_000);
    expect(left?.leavesInMs).toBeLessThanOrEqual(60_000);
    await server.beat({ closed: true, gone: [roomId] });
    expect(await w.lobby().fleet.look("1")).toMatchObject({ closed: true, rooms: 0, seated: 0 });
    await w.pass(w.limits.leaseMs + 50, [server]);
    expect(await w.lobby().fleet.look("1")).toMatchObject({ live: false });
  });

  it("[DR4] a match that its server cut is placed again as a whole, although everybody sat; before that word nothing moves it", async (t) => {
    const w = await enter(t);
    const { first, home, cut } = await playing(w, "one");
    await home.drain();
    expect(await again(w, "one", first)).toEqual({ kind: "SEATED" });
    await home.beat({ cut, gone: [first.roomId], closed: true });
    const replies = await Promise.all([0, 1, 2].map(() => again(w, "one", first)));
    for (const reply of replies) expect(reply).toMatchObject({ kind: "RESERVED", roster: '["one"]', mode: "arena" });
    const [second] = replies as Reserved[];
    expect(new Set(replies.map((reply) => reply.kind === "RESERVED" && reply.roomId)).size).toBe(1);
    expect(second!.server).not.toBe(first.server);
    // Both of its seats are held there, and nobody else's.
    expect(await w.lobby().fleet.look(second!.server)).toMatchObject({ rooms: 1, held: 2 });
    expect(await again(w, "one", second!)).toEqual({ kind: "UNREFUSED" });
  });

  it("[DR4] only the match's own server and room can say so", async (t) => {
    const w = await enter(t);
    const { first, home, cut, other } = await playing(w, "one");
    await other.beat({ cut });
    await home.beat({ cut: [{ ticket: "m:one", roomId: `${w.metro}_${first.server}_abcdef` }] });
    await home.beat({ cut: [{ ticket: "m:none", roomId: first.roomId }] });
    await home.beat({ boot: "boot-0", seq: 99, cut });
    expect(await again(w, "one", first)).toEqual({ kind: "SEATED" });
    expect(await again(w, "none", first)).toEqual({ kind: "GONE" });
    // A fill ticket is no match, whatever is said of it.
    const { roomId, server } = await w.seat({
      ticket: "alone",
      target: { kind: "new", mode: "arena", private: false },
    });
    const its = server === first.server ? home : other;
    await its.beat({ sat: [{ ticket: "alone", seat: 0 }], cut: [{ ticket: "alone", roomId }] });
    expect(await w.lobby().index.replace({ match: "alone", refusedIn: roomId, suffix: "x", avoid: [] })).toEqual({
      kind: "GONE",
    });
  });

  it("[DR4] a cut match for which there is no server waits, and may go to the next boot of the one that left", async (t) => {
    const w = await enter(t);
    const { first, home, cut, other } = await playing(w, "one");
    await other.drain();
    await home.drain();
    await home.beat({ cut, closed: true });
    expect(await again(w, "one", first)).toEqual({ kind: "NO_SERVER" });
    await w.server(first.server, { boot: "boot-2" });
    expect(await again(w, "one", first)).toMatchObject({ kind: "RESERVED", server: first.server, boot: "boot-2" });
  });

  it("[DR5] being cut does not count among the two times that a refused match is placed again", async (t) => {
    const w = await enter(t);
    let { first, home, cut, servers } = await playing(w, "one");
    for (let times = 0; times < 4; times++) {
      await home.drain();
      await home.beat({ cut, closed: true });
      const left = home.name as "1" | "2";
      const next = (await again(w, "one", first)) as Reserved;
      expect(next).toMatchObject({ kind: "RESERVED" });
      servers = { ...servers, [left]: await w.server(left, { boot: `boot-${times + 2}` }) };
      home = servers[next.server as "1" | "2"];
      first = next;
      const sat = [0, 1].map((seat) => ({ ticket: "m:one", seat }));
      await home.beat({ rooms: [report(first.roomId, { seated: 2, match: true })], sat });
      cut = [{ ticket: "m:one", roomId: first.roomId }];
    }
  });

  it("[DR5] players who had filled up a match that is cut are not put elsewhere", async (t) => {
    const w = await enter(t);
    const { first, home } = await playing(w, "one");
    await w.seat(matchOf(w, "fill", { seats: 1, target: { kind: "room", roomId: first.roomId, backfill: true } }));
    await home.beat({ sat: [{ ticket: "m:fill", seat: 0 }] });
    await home.drain();
    await home.beat({ cut: [{ ticket: "m:fill", roomId: first.roomId }], closed: true });
    expect(await again(w, "fill", first)).toEqual({ kind: "ABORTED", mode: "arena", why: "CUT" });
    expect(await w.lobby().index.settle("m:fill")).toEqual({ kind: "ABORTED" });
  });
}
