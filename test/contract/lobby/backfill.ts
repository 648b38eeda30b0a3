/** Running rooms that ask for players, and who may come into a match room. */
import { expect, it } from "vitest";
import { matchOf } from "./matches.ts";
import { type EnterWorld, report, type World } from "./world.ts";

const wantedIds = async (w: World) => (await w.lobby().index.listWanted("arena")).map(({ roomId }) => roomId);

export function backfillCases(enter: EnterWorld) {
  it("[LM9] a match room takes the players that its pool's owner chose, and nobody else", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one"));
    for (const confirmed of [false, true]) {
      if (confirmed) await server.beat({ rooms: [report(roomId)] });
      expect(await w.reserve({ target: { kind: "room", roomId } })).toEqual({ kind: "ROOM_LOCKED" });
    }
    const target = { kind: "room", roomId, backfill: true } as const;
    const { nowMs } = await w.seat(matchOf(w, "fill", { seats: 1, target }));
    expect(await w.lobby().index.settle("m:fill")).toMatchObject({ roomId, generation: 2, roster: '["fill"]' });
    const late = matchOf(w, "late", { seats: 1, target, notAfterMs: nowMs - 1 });
    expect(await w.lobby().index.reserve(late)).toEqual({ kind: "EXPIRED" });
    expect(await w.reserve({ target, seats: 2 })).toEqual({ kind: "ROOM_FULL" });
    await server.beat({ rooms: [report(roomId, { locked: true })] });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_LOCKED" });
  });

  it("[LM10] a room is listed as wanting players from when its server says so until it is full, locked or over", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { index } = w.lobby();
    const { roomId } = await w.seat(matchOf(w, "one"));
    const publish = (over: Parameters<typeof report>[1]) =>
      server.beat({ rooms: [report(roomId, { match: true, seated: 2, ...over })] });
    await publish({});
    expect(await index.listWanted("arena")).toEqual([]);
    await publish({ wanted: [0, 2] });
    const told = { roomId, compat: "any", held: 2, capacity: 4 };
    expect(await index.listWanted("arena")).toEqual([{ ...told, wanted: [0, 2], seated: 2, company: "" }]);
    expect(await index.listWanted("duel")).toEqual([]);
    const company = '{"rating":1500,"playerIds":["ü\\n"]}';
    await publish({ wanted: [0, 1], seated: 3, company });
    expect(await index.listWanted("arena")).toEqual([{ ...told, wanted: [0, 1], seated: 3, company }]);
    const loud = { wanted: [1], company: "x".repeat(8_193) };
    for (const over of [
      { wanted: [] },
      { wanted: [0, 0] },
      {},
      { wanted: [1], locked: true },
      { wanted: [-1, 0.5] },
      loud,
    ]) {
      await publish({ wanted: [1] });
      expect(await wantedIds(w)).toEqual([roomId]);
      await publish(over);
      expect(await wantedIds(w)).toEqual([]);
    }
    await publish({ wanted: [1] });
    await server.beat({ gone: [roomId] });
    expect(await wantedIds(w)).toEqual([]);
  });

  it("[LM10] rooms of dead and draining servers, and those from before a gap, want nobody", async (t) => {
    const w = await enter(t);
    const [one, two, three] = [await w.server("1"), await w.server("2"), await w.server("3")];
    await w.pass(w.limits.seatHoldMs);
    const ids = [one, two, three].map(({ name }) => `${w.metro}_${name}_wants1`);
    const publish = (server: typeof one) =>
      server.beat({ rooms: [report(`${w.metro}_${server.name}_wants1`, { wanted: [1] })], complete: true });
    for (const server of [one, two, three]) await publish(server);
    expect(await wantedIds(w)).toEqual(ids);
    await two.drain();
    await w.pass(w.limits.leaseMs + 50, [three]);
    expect(await wantedIds(w)).toEqual([ids[0]]);
    await w.stop();
    await w.seat();
    expect(await wantedIds(w)).toEqual([]);
    await w.pass(w.limits.seatHoldMs + 50);
    await publish(one);
    expect(await wantedIds(w)).toEqual([ids[0]]);
  });

  /**
   * A player who sat down and left within one heartbeat took the room's record with him, though another one sat there: after a gap it was
   * then a room of which nobody knows for a whole hold lifetime.
   */
  it("[LM10] a room where one sat down and another left again before it was first published wants players at once", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one"));
    const sat = [0, 1].map((seat) => ({ ticket: "m:one", seat }));
    const rooms = [report(roomId, { match: true, seated: 1, wanted: [0, 1] })];
    await server.beat({ rooms, sat: [sat[0]!], left: [sat[1]!] });
    expect(await wantedIds(w)).toEqual([roomId]);
  });

  it("[LM10] at most 256 rooms are listed", async (t) => {
    const w = await enter(t);
    const server = await w.server("1", { seatsMax: 10_000 });
    await w.pass(w.limits.seatHoldMs);
    const rooms = Array.from({ length: 300 }, (_, i) => report(`${w.metro}_1_room${i + 1_000}`, { wanted: [1] }));
    await server.beat({ rooms: rooms.slice(0, 200) });
    await server.beat({ rooms: rooms.slice(200), complete: true });
    expect(await wantedIds(w)).toEqual(rooms.slice(0, 256).map(({ roomId }) => roomId));
  });
}
