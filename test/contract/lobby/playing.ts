/** Who plays a match, told by the servers, and that nobody is put into a second one. */
import type { Reserved, SatSeat } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import { matchOf } from "./matches.ts";
import { type EnterWorld, type GameServer, report, type World } from "./world.ts";

const SEATED = { kind: "SEATED", players: ["ada"] };
/** Ada's next match, with somebody else. */
const next = (w: World, id = "next", over: Parameters<typeof matchOf>[2] = {}) =>
  matchOf(w, id, { players: ["ada", "cy"], ...over });

async function names(w: World, players = ["ada", "bob", "cy"]): Promise<string[]> {
  return (await w.lobby().index.playing(players)).map(({ player }) => player);
}

/** A match of Ada and Bob's on one of two servers; only Ada has sat down. */
async function playing(w: World) {
  const servers: Record<string, GameServer> = { 1: await w.server("1"), 2: await w.server("2") };
  const seat = await w.seat(matchOf(w, "one", { players: ["ada", "bob"] }));
  const server = servers[seat.server]!;
  const ada = satIn(seat);
  const rooms = [report(seat.roomId, { seated: 1, private: true, match: true })];
  await server.beat({ rooms, sat: [ada] });
  return { ...seat, server, other: servers[seat.server === "1" ? "2" : "1"]!, ada, rooms };
}

const satIn = ({ roomId, generation }: Reserved, over: Partial<SatSeat> = {}) => {
  const seat = { ticket: "m:one", seat: 0, player: "ada", match: true, roomId, generation };
  return { ...seat, ...over };
};

export function playingCases(enter: EnterWorld) {
  it("[LM21] a match takes no seats while one of its players sits in another, and says who; the others are free", async (t) => {
    const w = await enter(t);
    const { server, ada } = await playing(w);
    expect(await w.reserve(next(w))).toEqual(SEATED);
    expect(await w.reserve(next(w, "two", { players: ["eve", "ada", "dan"], seats: 3 }))).toEqual(SEATED);
    // Bob has a seat in the first match and has not sat down; who is not named is a guest.
    await w.seat(matchOf(w, "three", { players: ["bob", "cy"] }));
    await w.seat(matchOf(w, "four", { players: [] }));
    await w.seat(matchOf(w, "five"));
    await server.beat({ left: [ada] });
    await w.seat(next(w));
  });

  it("[LM21] nothing is held for a match that is told so, and it is not aborted", async (t) => {
    const w = await enter(t);
    const { server, ada, roomId, rooms } = await playing(w);
    const before = await w.lobby().fleet.look("2");
    expect(await w.reserve(next(w))).toEqual(SEATED);
    expect(await w.lobby().fleet.look("2")).toEqual(before);
    await server.beat({ rooms: [{ ...rooms[0]!, seated: 0 }], left: [ada] });
    const { roomId: its, generation } = await w.seat(next(w));
    expect(its).not.toBe(roomId);
    expect(generation).toBe(1);
  });

  it("[LM21] a match that has its seats is answered with them, whoever of it sits", async (t) => {
    const w = await enter(t);
    const { roomId } = await playing(w);
    const again = await w.seat(matchOf(w, "one", { players: ["ada", "bob"] }));
    expect(again).toMatchObject({ roomId, generation: 2 });
    expect(await w.lobby().index.settle("m:one")).toMatchObject({ kind: "RESERVED", roomId });
  });

  it("[LM21] who sits in the very room that is filled up may come into it, and into no other", async (t) => {
    const w = await enter(t);
    const { roomId } = await playing(w);
    const other = await w.seat(matchOf(w, "other"));
    const into = (id: string) => ({ target: { kind: "room", roomId: id, backfill: true } as const, seats: 1 });
    expect(await w.reserve(next(w, "fill", into(other.roomId)))).toEqual(SEATED);
    expect(await w.seat(next(w, "fill", into(roomId)))).toMatchObject({ roomId });
  });

  it("[LM21] neither a fill mode asks where a player sits, nor do its seats keep him from a match", async (t) => {
    const w = await enter(t);
    const { server, ada, rooms } = await playing(w);
    const hall = await w.seat({ ticket: "ada:hall", players: ["ada"], avoid: [server.name === "1" ? "2" : "1"] });
    const inHall = { ticket: "ada:hall", seat: 0, player: "ada", roomId: hall.roomId, generation: 1 };
    await server.beat({ rooms: [...rooms, report(hall.roomId, { seated: 1 })], sat: [inHall] });
    // He sat down in the hall last; the match is not forgotten for that.
    expect(await w.reserve(next(w))).toEqual(SEATED);
    await server.beat({ left: [ada] });
    await w.seat(next(w));
  });

  it("[LM21] a match that its server cut, or let nobody in, is placed again with its players", async (t) => {
    const w = await enter(t);
    const { server, roomId, other } = await playing(w);
    await server.beat({ cut: [{ ticket: "m:one", roomId }] });
    const moved = await w.lobby().index.replace({ match: "m:one", refusedIn: roomId, suffix: "again", avoid: [] });
    expect(moved).toMatchObject({ kind: "RESERVED" });
    const its = moved as Reserved;
    const at = its.server === server.name ? server : other;
    await at.beat({ rooms: [report(its.roomId, { seated: 1, match: true })], sat: [satIn(its)] });
    expect(await names(w)).toEqual(["ada"]);
    expect(await w.reserve(next(w))).toEqual(SEATED);
  });

  it("[LM20] of a seat from before a gap nothing is sure until its server has said it again; once all is said again without it, it is none", async (t) => {
    for (const said of [true, false]) {
      const w = await enter(t);
      const { server, rooms, ada } = await playing(w);
      const seqOf = async () => (await w.lobby().index.playing(["ada"]))[0]?.seq;
      const before = await seqOf();
      expect(before).toBeGreaterThan(0);
      await w.stop();
      expect(await w.reserve(next(w))).toEqual(SEATED);
      await server.beat();
      expect(await seqOf()).toBe(0);
      await w.pass(w.limits.seatHoldMs + 50);
      expect(await w.reserve(next(w))).toEqual(SEATED);
      await server.beat({ rooms, sat: said ? [ada] : [], complete: true });
      if (said) {
        expect(await seqOf()).toBeGreaterThan(before!);
        expect(await w.reserve(next(w))).toEqual(SEATED);
      } else {
        expect(await seqOf()).toBeUndefined();
        await w.seat(next(w));
      }
    }
  });

  it.for<[string, (w: World, at: Awaited<ReturnType<typeof playing>>) => Promise<unknown>]>([
    ["he leaves it", (_, { server, ada }) => server.beat({ left: [ada] })],
    ["its room is over", (_, { server, roomId }) => server.beat({ gone: [roomId] })],
    ["its server cuts it", (_, { server, roomId }) => server.beat({ cut: [{ ticket: "m:one", roomId }] })],
    ["its server starts anew", (w, { server }) => w.server(server.name, { boot: "boot-2" })],
    ["its server is silent for a lease", (w, { server }) => w.pass(w.limits.leaseMs + 50, [server])],
    [
      "its result is reported, also while its room stays open",
      async (w, { roomId, server, rooms }) => {
        const result = { match: "one", roomId, mode: "arena", ranks: undefined, left: [], players: [] };
        await w.lobby().leases.report(result);
        await server.beat({ rooms, complete: true });
      },
    ],
  ])("[LM20] a player plays a match until %s", async ([, end], t) => {
    const w = await enter(t);
    const at = await playing(w);
    // A first lease after the store began proves nothing.
    await w.pass(w.limits.leaseMs + 50);
    await at.server.beat({ rooms: at.rooms, sat: [at.ada], complete: true });
    expect(await names(w)).toEqual(["ada"]);
    await end(w, at);
    expect(await names(w)).toEqual([]);
    await w.seat(next(w));
  });
}
