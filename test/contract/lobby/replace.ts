/** Matches whose server let nobody in, and what such a server is trusted with from then on. */
import type { Reserved } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import { matchOf } from "./matches.ts";
import { type EnterWorld, type GameServer, report, type World } from "./world.ts";

let made = 0;
const again = (w: World, match: string, { roomId }: Pick<Reserved, "roomId">, avoid: string[] = []) =>
  w.lobby().index.replace({ match: `m:${match}`, refusedIn: roomId, suffix: `again${made++}`, avoid });

/** Servers by their names. */
async function serversOf(w: World, ...names: string[]): Promise<Record<string, GameServer>> {
  const servers: Record<string, GameServer> = {};
  for (const name of names) servers[name] = await w.server(name);
  return servers;
}

export function replaceCases(enter: EnterWorld) {
  it("[RP1] a match that its server refused is placed again on another; nothing moves before the server has said so", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    const first = await w.seat(matchOf(w, "one"));
    expect(await again(w, "one", first)).toEqual({ kind: "UNREFUSED" });
    expect(await w.lobby().index.settle("m:one")).toMatchObject({ roomId: first.roomId });
    await servers[first.server]!.beat({ refused: [{ ticket: "m:one", roomId: first.roomId }] });
    const second = (await again(w, "one", first)) as Reserved;
    expect(second).toMatchObject({
      kind: "RESERVED",
      generation: 1,
      fresh: true,
      capacity: 4,
      private: true,
      code: "",
    });
    expect(second).toMatchObject({ mode: "arena", roster: '["one"]' });
    expect(second.server).not.toBe(first.server);
    expect(await w.lobby().index.settle("m:one")).toMatchObject({ roomId: second.roomId, roster: '["one"]' });
    expect(await w.seat(matchOf(w, "one"))).toMatchObject({ roomId: second.roomId });
    expect(await w.listed()).toEqual([]);
  });

  it("[RP1] a server that lets nobody in any more has refused every match on it", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    const first = await w.seat(matchOf(w, "one"));
    await servers[first.server]!.drain();
    expect(await again(w, "one", first)).toEqual({ kind: "UNREFUSED" });
    await servers[first.server]!.beat({ closed: true });
    const second = await again(w, "one", first);
    expect(second).toMatchObject({ kind: "RESERVED", server: first.server === "1" ? "2" : "1" });
    expect(await again(w, "one", second as Reserved)).toEqual({ kind: "UNREFUSED" });
  });

  it("[RP2] everybody who asks, together or later, is told the same room, and the old one is free", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2", "3");
    const first = await w.seat(matchOf(w, "one", { seats: 4 }));
    await servers[first.server]!.beat({ refused: [{ ticket: "m:one", roomId: first.roomId }] });
    const replies = await Promise.all(Array.from({ length: 8 }, () => again(w, "one", first)));
    replies.push(await again(w, "one", first));
    const rooms = new Set(replies.map((reply) => reply.kind === "RESERVED" && reply.roomId));
    expect(rooms.size).toBe(1);
    expect(rooms).not.toContain(first.roomId);
    const generations = replies.map((reply) => reply.kind === "RESERVED" && reply.generation);
    expect(generations.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await w.lobby().index.locate(first.roomId)).toBeUndefined();
  });

  it("[RP14] whoever asks is told why the match is elsewhere, and the first of them by its generation that he moved it", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2", "3");
    const first = await w.seat(matchOf(w, "one"));
    await servers[first.server]!.beat({ refused: [{ ticket: "m:one", roomId: first.roomId }] });
    const second = (await again(w, "one", first)) as Reserved;
    expect(second).toMatchObject({ generation: 1, why: "REFUSED" });
    expect(await again(w, "one", first)).toMatchObject({ generation: 2, why: "REFUSED" });
    const rooms = [report(second.roomId, { seated: 1, match: true })];
    await servers[second.server]!.beat({ rooms, sat: [{ ticket: "m:one", seat: 0 }] });
    await servers[second.server]!.drain();
    const cut = [{ ticket: "m:one", roomId: second.roomId }];
    await servers[second.server]!.beat({ cut, gone: [second.roomId], closed: true });
    expect(await again(w, "one", second)).toMatchObject({ generation: 1, why: "CUT" });
    expect(await again(w, "one", first)).toMatchObject({ generation: 2, why: "CUT" });
  });

  it("[RP14] a match whose reservation was made anew is elsewhere for neither reason", async (t) => {
    const w = await enter(t);
    await serversOf(w, "1", "2");
    const first = await w.seat(matchOf(w, "one"));
    const anew = await w.seat(matchOf(w, "one", { avoid: [first.server] }));
    expect(anew.roomId).not.toBe(first.roomId);
    const told = await again(w, "one", first);
    expect(told).toMatchObject({ kind: "RESERVED", roomId: anew.roomId, why: undefined });
  });

  it("[RP3] somebody who sits, or sat, keeps the match where it is", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    for (const [id, has] of [
      ["sits", {}],
      ["left", { left: [{ ticket: "m:left", seat: 0 }] }],
    ] as const) {
      const { roomId, server } = await w.seat(matchOf(w, id));
      const refused = [{ ticket: `m:${id}`, roomId }];
      const rooms = [report(roomId, { seated: 1, match: true })];
      await servers[server]!.beat({ rooms, sat: [{ ticket: `m:${id}`, seat: 0 }], ...has, refused });
      expect(await again(w, id, { roomId })).toEqual({ kind: "SEATED" });
      await servers[server]!.beat({ refused, closed: true });
      expect(await again(w, id, { roomId })).toEqual({ kind: "SEATED" });
    }
  });

  it("[RP3] somebody who sits down after the refusal keeps it there, too", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    const { roomId, server } = await w.seat(matchOf(w, "one"));
    await servers[server]!.beat({ refused: [{ ticket: "m:one", roomId }] });
    await servers[server]!.beat({ sat: [{ ticket: "m:one", seat: 1 }] });
    expect(await again(w, "one", { roomId })).toEqual({ kind: "SEATED" });
  });

  it("[RP3] what another server says, or says of another room, moves nothing", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    const { roomId, server } = await w.seat(matchOf(w, "one"));
    const other = server === "1" ? "2" : "1";
    await servers[other]!.beat({ refused: [{ ticket: "m:one", roomId }], closed: true });
    await servers[other]!.beat({ refused: [{ ticket: "m:one", roomId: `${w.metro}_${other}_abcdef` }] });
    await servers[server]!.beat({ refused: [{ ticket: "m:one", roomId: `${w.metro}_${server}_abcdef` }] });
    await servers[server]!.beat({ refused: [{ ticket: "m:none", roomId }] });
    expect(await again(w, "one", { roomId })).toEqual({ kind: "UNREFUSED" });
    expect(await again(w, "none", { roomId })).toEqual({ kind: "GONE" });
    await w.seat({ ticket: "alone" });
    expect(await w.lobby().index.replace({ match: "alone", refusedIn: roomId, suffix: "x", avoid: [] })).toEqual({
      kind: "GONE",
    });
  });

  it("[RP4] a match is placed again twice, each time without those that refused it; then it is aborted for everybody", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2", "3", "4");
    let at = await w.seat(matchOf(w, "one"));
    const seen = [at.server];
    for (let times = 0; times < 2; times++) {
      await servers[at.server]!.beat({ refused: [{ ticket: "m:one", roomId: at.roomId }] });
      at = (await again(w, "one", at)) as Reserved;
      seen.push(at.server);
    }
    expect(new Set(seen).size).toBe(3);
    await servers[at.server]!.beat({ refused: [{ ticket: "m:one", roomId: at.roomId }] });
    expect(await again(w, "one", at)).toEqual({ kind: "ABORTED", mode: "arena", why: "REFUSED" });
    expect(await again(w, "one", at)).toEqual({ kind: "GONE" });
    expect(await w.lobby().index.settle("m:one")).toEqual({ kind: "ABORTED" });
    expect(await w.lobby().index.reserve(matchOf(w, "one"))).toEqual({ kind: "ABORTED" });
  });

  it("[RP4] players who were to fill up a running room that has no place are not put elsewhere", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1", "2");
    const { roomId, server } = await w.seat(matchOf(w, "one"));
    await servers[server]!.beat({ rooms: [report(roomId, { match: true })] });
    await w.seat(matchOf(w, "fill", { seats: 1, target: { kind: "room", roomId, backfill: true } }));
    await servers[server]!.beat({ refused: [{ ticket: "m:fill", roomId }] });
    expect(await again(w, "fill", { roomId })).toEqual({ kind: "ABORTED", mode: "arena", why: "REFUSED" });
    expect(await w.lobby().index.settle("m:fill")).toEqual({ kind: "ABORTED" });
  });

  it("[RP5] without a server, or paused, a refused match keeps its place and is placed when there is one", async (t) => {
    const w = await enter(t);
    const servers = await serversOf(w, "1");
    const first = await w.seat(matchOf(w, "one"));
    await servers[1]!.beat({ refused: [{ ticket: "m:one", roomId: first.roomId }] });
    expect(await again(w, "one", first)).toEqual({ kind: "NO_SERVER" });
    await servers[1]!.register();
    expect(await again(w, "one", first)).toEqual({ kind: "NO_SERVER" });
    await w.server("2");
    expect(await again(w, "one", first, ["2"])).toEqual({ kind: "NO_SERVER" });
    await w.lobby().index.setPaused("mode:arena", true);
    expect(await again(w, "one", first)).toEqual({ kind: "PAUSED", flag: "mode:arena" });
    await w.lobby().index.setPaused("mode:arena", false);
    expect(await again(w, "one", first)).toMatchObject({ kind: "RESERVED", server: "2" });
  });

  it("[RP6] a server on which rooms fail gets a few of them, other servers the rest, and all again when its time is over", async (t) => {
    const w = await enter(t, { failingServerMs: 400, failingPlacementsMax: 2 });
    const failing = await w.server("1", { modes: ["arena", "duel"] });
    const inMode = (mode: string) => w.reserve({ target: { kind: "new", mode, private: false } });
    for (let i = 0; i < 4; i++) expect(await inMode("arena")).toMatchObject({ kind: "RESERVED", server: "1" });
    const fails = async () => {
      const ticket = `fails${made++}`;
      const { roomId } = await w.seat({ ticket, target: { kind: "new", mode: "arena", private: false } });
      await failing.beat({ refused: [{ ticket, roomId }] });
    };
    await fails();
    const endsMs = w.nowMs() + 400;
    // The third of the window and the match are turned away; the second failure opens no window of its own.
    await fails();
    expect(await inMode("arena")).toMatchObject({ kind: "RESERVED" });
    expect(await inMode("arena")).toEqual({ kind: "NO_SERVER" });
    expect(await w.lobby().index.reserve(matchOf(w, "one"))).toEqual({ kind: "NO_SERVER" });
    expect(await inMode("duel")).toMatchObject({ kind: "RESERVED", server: "1" });
    await w.server("2");
    expect(await inMode("arena")).toMatchObject({ kind: "RESERVED", server: "2" });
    await w.pass(endsMs - w.nowMs() + 50);
    const servers = await Promise.all(Array.from({ length: 20 }, () => inMode("arena")));
    expect(new Set(servers.map((one) => one.kind === "RESERVED" && one.server))).toEqual(new Set(["1", "2"]));
  });

  it("[RP6] a new boot of a failing server starts afresh", async (t) => {
    const w = await enter(t, { failingPlacementsMax: 1 });
    const failing = await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one"));
    await failing.beat({ refused: [{ ticket: "m:one", roomId }] });
    await w.seat(matchOf(w, "two"));
    expect(await w.lobby().index.reserve(matchOf(w, "three"))).toEqual({ kind: "NO_SERVER" });
    await w.server("1", { boot: "boot-2" });
    await w.seat(matchOf(w, "three"));
  });
}
