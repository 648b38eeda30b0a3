/** A match in the index: its seats, its end, and what everybody is told who lost sight of it. */
import type { Reservation } from "@frontrow/lobby/lobby.ts";
import { expect, it } from "vitest";
import { type EnterWorld, report, type World } from "./world.ts";

/** A match of two in mode arena, unless said otherwise. */
export function matchOf(w: Pick<World, "wanted">, id: string, over: Parameters<World["wanted"]>[0] = {}): Reservation {
  return w.wanted({
    ticket: `m:${id}`,
    seats: 2,
    target: { kind: "match", mode: "arena" },
    roster: `["${id}"]`,
    ...over,
  });
}

/** Until the index is sure of what it does not know. */
export const becomeSure = (w: Pick<World, "pass" | "limits">) => w.pass(w.limits.seatHoldMs + w.limits.leaseMs + 50);

export function matchCases(enter: EnterWorld) {
  it("[LM1] a match gets a room of its own, in which nobody else is put and which nobody is shown", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId, ...told } = await w.seat(matchOf(w, "one"));
    expect(told).toMatchObject({ fresh: true, generation: 1, capacity: 4, private: true, code: "" });
    expect(await w.reserve({ target: { kind: "open", mode: "arena" } })).toEqual({ kind: "ROOM_GONE" });
    await server.beat({ rooms: [report(roomId, { seated: 1 })], complete: true });
    expect(await w.listed()).toEqual([]);
    expect(await w.reserve({ target: { kind: "open", mode: "arena" } })).toEqual({ kind: "ROOM_GONE" });
    const others = [(await w.seat(matchOf(w, "two"))).roomId, (await w.seat()).roomId, roomId];
    expect(new Set(others).size).toBe(3);
  });

  it("[LM1] many matches at once get as many rooms, spread over the servers, each with all its seats", async (t) => {
    const w = await enter(t);
    for (const name of ["1", "2"]) await w.server(name, { seatsMax: 10_000 });
    const sizes = Array.from({ length: 100 }, (_, i) => 2 + (i % 9));
    const matches = sizes.map((seats, i) => matchOf(w, `${i}`, { seats, roomSeats: 10 }));
    const seated = await Promise.all([...matches.map((one) => w.seat(one)), w.seat(), w.seat()]);
    expect(new Set(seated.map(({ roomId }) => roomId)).size).toBe(101);
    expect(new Set(seated.map(({ server }) => server)).size).toBe(2);
    const settled = await Promise.all(matches.map(({ ticket }) => w.lobby().index.settle(ticket)));
    expect(settled.map((one) => one.kind === "RESERVED" && one.roster)).toEqual(matches.map(({ roster }) => roster));
  });

  it("[LM1] a match that no room, no server or no open mode takes gets nothing", async (t) => {
    const w = await enter(t);
    const { index } = w.lobby();
    expect(await index.reserve(matchOf(w, "one"))).toEqual({ kind: "NO_SERVER" });
    const server = await w.server("1");
    expect(await index.reserve(matchOf(w, "one", { seats: 5 }))).toEqual({ kind: "ROOM_FULL" });
    await index.setPaused("mode:arena", true);
    expect(await index.reserve(matchOf(w, "one"))).toEqual({ kind: "PAUSED", flag: "mode:arena" });
    await index.setPaused("mode:arena", false);
    const taken = await w.seat(matchOf(w, "one"));
    const suffix = taken.roomId.split("_")[2]!;
    const twin = matchOf(w, "two");
    expect(await index.reserve({ ...twin, fresh: { ...twin.fresh, suffix } })).toEqual({ kind: "CODE_TAKEN" });
    await server.drain();
    expect(await index.reserve(matchOf(w, "two"))).toEqual({ kind: "NO_SERVER" });
  });

  it("[LM2] asked for again, a match has its seats one generation higher, and its first roster", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one", { roster: "the first\n{}" }));
    const again = await w.seat(matchOf(w, "one", { roster: "the second" }));
    expect(again).toMatchObject({ roomId, generation: 2, fresh: true });
    expect(await w.lobby().index.settle("m:one")).toMatchObject({ roomId, generation: 3, roster: "the first\n{}" });
    const without = w.wanted({ ticket: "m:two", seats: 2, target: { kind: "match", mode: "arena" } });
    await w.seat(without);
    expect(await w.lobby().index.settle("m:two")).toMatchObject({ roster: "" });
  });

  it("[LM3] a reservation that comes too late takes nothing; one whose match has its seats is answered with them", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { roomId, nowMs } = await w.seat(matchOf(w, "one"));
    const late = { notAfterMs: nowMs - 1 };
    const { index } = w.lobby();
    expect(await index.reserve(matchOf(w, "two", late))).toEqual({ kind: "EXPIRED" });
    expect(await index.settle("m:two")).toMatchObject({ kind: "WAIT" });
    expect(await w.seat(matchOf(w, "one", late))).toMatchObject({ roomId, generation: 2 });
    await w.seat(matchOf(w, "two", { notAfterMs: nowMs + 60_000 }));
    await w.seat(matchOf(w, "three", { notAfterMs: 0 }));
  });

  it("[LM4] settle tells a match its seats before anybody sits, while somebody does, paused, and when it is over", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { index } = w.lobby();
    const { roomId } = await w.seat(matchOf(w, "one"));
    const seats = {
      kind: "RESERVED",
      roomId,
      server: "1",
      boot: "boot-1",
      mode: "arena",
      capacity: 4,
      roster: '["one"]',
    };
    await index.setPaused("metro", true);
    expect(await index.settle("m:one")).toMatchObject({ ...seats, generation: 2 });
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: "m:one", seat: 0 }] });
    expect(await index.settle("m:one")).toMatchObject({ ...seats, generation: 3 });
    await w.pass(w.limits.seatHoldMs + 50);
    expect(await index.settle("m:one")).toMatchObject({ ...seats, generation: 4 });
    await server.beat({ gone: [roomId] });
    expect(await index.settle("m:one")).toMatchObject({ ...seats, generation: 5, private: true, code: "" });
  });

  it("[LM4] settle keeps the seats held from then on", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { roomId } = await w.seat(matchOf(w, "one"));
    for (let i = 0; i < 3; i++) {
      await w.pass(w.limits.seatHoldMs * 0.6);
      expect(await w.lobby().index.settle("m:one")).toMatchObject({ kind: "RESERVED", roomId });
    }
  });

  it("[LM5] a match that was told ABORTED never gets seats, however it asks, for four hold lifetimes", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { index } = w.lobby();
    const { roomId } = await w.seat(matchOf(w, "other"));
    await server.beat({ rooms: [report(roomId)] });
    await becomeSure(w);
    expect(await index.settle("m:one")).toEqual({ kind: "ABORTED" });
    const backfill = { kind: "room", roomId, backfill: true } as const;
    const startMs = w.nowMs();
    while (w.nowMs() - startMs < 3.8 * w.limits.seatHoldMs) {
      expect(await index.reserve(matchOf(w, "one"))).toEqual({ kind: "ABORTED" });
      expect(await index.reserve(matchOf(w, "one", { target: backfill }))).toEqual({ kind: "ABORTED" });
      expect(await index.settle("m:one")).toEqual({ kind: "ABORTED" });
      await w.pass(w.limits.seatHoldMs / 2);
    }
    await w.seat(matchOf(w, "two"));
  });

  it("[LM5] a match whose seats ran out, or were all given back, is aborted for good", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { index } = w.lobby();
    await becomeSure(w);
    for (const id of ["lapsed", "released", "seats"]) await w.seat(matchOf(w, id));
    expect(await index.release("m:released")).toBe("RELEASED");
    expect(await index.release("m:seats", [0, 1])).toBe("RELEASED");
    expect(await index.settle("m:released")).toEqual({ kind: "ABORTED" });
    expect(await index.settle("m:seats")).toEqual({ kind: "ABORTED" });
    await w.pass(w.limits.seatHoldMs + 50);
    expect(await index.settle("m:lapsed")).toEqual({ kind: "ABORTED" });
    expect(await index.reserve(matchOf(w, "lapsed"))).toEqual({ kind: "ABORTED" });
  });

  it("[LM6] however reservation and settle race, both are told the same", async (t) => {
    const w = await enter(t);
    await w.server("1", { seatsMax: 10_000 });
    const { index } = w.lobby();
    await becomeSure(w);
    const ends = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const [first, second] = [() => index.reserve(matchOf(w, `${i}`)), () => index.settle(`m:${i}`)];
        const asked = i % 2 === 0 ? [first(), second()] : [second(), first()];
        return (await Promise.all(asked)).map((one) => (one.kind === "RESERVED" ? one.roomId : one.kind));
      }),
    );
    for (const [one, other] of ends) expect(one).toBe(other);
  });

  it("[LM18] a match is placed again while nobody sits: its server avoided, dead, or anew", async (t) => {
    const w = await enter(t);
    const [one, two] = [await w.server("1"), await w.server("2")];
    const first = await w.seat(matchOf(w, "one"));
    const second = await w.seat(matchOf(w, "one", { avoid: [first.server], roster: "again" }));
    expect(second.server).not.toBe(first.server);
    expect(second).toMatchObject({ generation: 1, fresh: true });
    expect(await w.lobby().index.settle("m:one")).toMatchObject({ roomId: second.roomId, roster: "again" });
    const silent = second.server === "1" ? one : two;
    for (let i = 0; i < 2; i++) {
      await w.pass(w.limits.leaseMs / 2 + 50, [silent]);
      await w.lobby().index.settle("m:one");
    }
    expect((await w.seat(matchOf(w, "one"))).server).toBe(first.server);
  });

  it("[LM18] where somebody sits a match stays, whether its server is avoided or silent", async (t) => {
    const w = await enter(t);
    const servers = { 1: await w.server("1"), 2: await w.server("2") };
    const { roomId, server } = await w.seat(matchOf(w, "one"));
    const own = servers[server as "1" | "2"];
    await own.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: "m:one", seat: 1 }] });
    expect(await w.seat(matchOf(w, "one", { avoid: [server] }))).toMatchObject({ roomId });
    await w.pass(w.limits.leaseMs + 50, [own]);
    expect(await w.seat(matchOf(w, "one"))).toMatchObject({ roomId });
  });

  it("[LM18] a late copy of a reservation does not move a match, unless it names the server to avoid", async (t) => {
    const w = await enter(t);
    const [one, two] = [await w.server("1"), await w.server("2")];
    const { roomId, server, nowMs } = await w.seat(matchOf(w, "one"));
    const late = { notAfterMs: nowMs - 1 };
    await w.pass(w.limits.leaseMs + 50, [server === "1" ? one : two]);
    expect(await w.seat(matchOf(w, "one", late))).toMatchObject({ roomId });
    expect(await w.lobby().index.reserve(matchOf(w, "one", { ...late, avoid: [server] }))).toEqual({ kind: "EXPIRED" });
  });

  it("[LM8] named seats are given back alone, once, and not from under those who sit", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { index } = w.lobby();
    const { roomId } = await w.seat(matchOf(w, "one", { seats: 4 }));
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: "m:one", seat: 3 }] });
    const target = { kind: "room", roomId, backfill: true } as const;
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
    expect(await index.release("m:one", [1, 1, 3])).toBe("RELEASED");
    expect(await index.release("m:one", [1])).toBe("GONE");
    expect(await index.release("m:one", [3])).toBe("SEATED");
    expect(await index.release("m:one", [])).toBe("GONE");
    expect(await index.release("m:one", [64, -1, 0.5])).toBe("GONE");
    expect(await index.release("m:none", [0])).toBe("GONE");
    expect(await index.release("m:one")).toBe("SEATED");
    expect(await w.reserve({ target, seats: 2 })).toEqual({ kind: "ROOM_FULL" });
    expect(await w.seat({ target })).toMatchObject({ roomId });
    expect(await w.reserve({ target })).toEqual({ kind: "ROOM_FULL" });
    expect(await index.settle("m:one")).toMatchObject({ kind: "RESERVED", roomId });
  });

  it("[LM8] a seat that was given back and sat in all the same counts as sat in", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { index } = w.lobby();
    const { roomId } = await w.seat(matchOf(w, "one"));
    expect(await index.release("m:one", [0])).toBe("RELEASED");
    await server.beat({ rooms: [report(roomId, { seated: 1 })], sat: [{ ticket: "m:one", seat: 0 }] });
    expect(await index.release("m:one", [1])).toBe("RELEASED");
    expect(await index.release("m:one", [0])).toBe("SEATED");
    expect(await index.settle("m:one")).toMatchObject({ kind: "RESERVED", roomId });
  });

  it("[LM16] a roster that is too large is refused, and holds nothing", async (t) => {
    const w = await enter(t);
    await w.server("1");
    const { index } = w.lobby();
    const roster = "é".repeat(w.limits.rosterBytes / 2);
    await expect(index.reserve(matchOf(w, "one", { roster: `${roster}e` }))).rejects.toThrow("roster");
    await w.seat(matchOf(w, "one", { roster }));
    expect(await index.settle("m:one")).toMatchObject({ generation: 2, roster });
  });
}
