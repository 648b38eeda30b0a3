/** Rooms to look on in: found by id, by code, or in the list, and never counted. */
import { expect, it } from "vitest";
import { type EnterWorld, report } from "./world.ts";

export function watchCases(enter: EnterWorld) {
  it("[SP5] a room that takes spectators is found by its id, with its server, while one of them has a place", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    const { index } = w.lobby();
    expect(await index.watch({ roomId }, "any")).toEqual({ kind: "UNWATCHED" });
    await server.beat({ rooms: [report(roomId)] });
    expect(await index.watch({ roomId }, "any")).toEqual({ kind: "UNWATCHED" });
    await server.beat({ rooms: [report(roomId, { locked: true, watch: { free: 3, listed: true } })] });
    const found = {
      kind: "WATCH",
      roomId,
      server: "1",
      boot: "boot-1",
      mode: "arena",
      capacity: 4,
      private: false,
      code: "",
    };
    expect(await index.watch({ roomId }, "any")).toEqual({ ...found, nowMs: expect.any(Number) });
    expect(await index.watch({ roomId }, "other")).toEqual({ kind: "ROOM_GONE" });
    await server.beat({ rooms: [report(roomId, { watch: { free: 0, listed: true } })] });
    expect(await index.watch({ roomId }, "any")).toEqual({ kind: "FULL" });
    await server.beat({ gone: [roomId] });
    expect(await index.watch({ roomId }, "any")).toEqual({ kind: "ROOM_GONE" });
    expect(await index.watch({ roomId: "fra_9_unheard" }, "any")).toEqual({ kind: "ROOM_GONE" });
  });

  it("[SP5] a private room is found by its code, and a server that is dead has none", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const code = "FRA-7K2M9QXD";
    const { roomId } = await w.seat({ target: { kind: "new", mode: "arena", private: true }, code });
    await server.beat({ rooms: [report(roomId, { private: true, code, watch: { free: 1, listed: false } })] });
    const { index } = w.lobby();
    expect(await index.watch({ code }, "any")).toMatchObject({ kind: "WATCH", roomId, private: true, code });
    expect(await index.watch({ code: "FRA-00000000" }, "any")).toEqual({ kind: "CODE_UNKNOWN" });
    await w.pass(w.limits.leaseMs + 50, [server]);
    expect(await index.watch({ code }, "any")).toEqual({ kind: "ROOM_GONE" });
  });

  it("[SP5] the list of what may be watched has matches and full rooms, with the places left, and not what is hidden", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const target = { kind: "new", mode: "arena", private: false } as const;
    const [full, match, hidden, plain] = await Promise.all(
      [1, 2, 3, 4].map(async () => (await w.seat({ target })).roomId),
    );
    const rooms = [
      report(full!, { seated: 4, watch: { free: 2, listed: true } }),
      report(match!, { match: true, private: true, watch: { free: 0, listed: true } }),
      report(hidden!, { watch: { free: 2, listed: false } }),
      report(plain!),
    ];
    await server.beat({ rooms });
    const list = async () => {
      const page = await w.lobby().index.listRooms({ mode: "arena", limit: 100, watchable: true });
      return Object.fromEntries(page.rooms.map(({ roomId, watch }) => [roomId, watch]));
    };
    expect(await list()).toEqual({ [full!]: 2, [match!]: 0 });
    const seats = (await w.lobby().index.listRooms({ mode: "arena", limit: 100 })).rooms;
    expect(seats.map(({ roomId }) => roomId)).not.toContain(match);
    expect(seats.find(({ roomId }) => roomId === plain)).not.toHaveProperty("watch");
    await server.beat({ rooms: [report(full!, { seated: 4 })], gone: [match!] });
    expect(await list()).toEqual({});
  });

  it("[SP5] looking on takes no seat, and what no room can have is not believed", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await server.beat({ rooms: [report(roomId, { seated: 3, watch: { free: 1, listed: true } })] });
    for (let i = 0; i < 5; i++) expect((await w.lobby().index.watch({ roomId }, "any")).kind).toBe("WATCH");
    await server.beat({ sat: [], rooms: [report(roomId, { seated: 2, watch: { free: 1, listed: true } })] });
    expect(await w.seat({ target: { kind: "room", roomId } })).toMatchObject({ roomId });
    for (const free of [-1, 0.5, 1e9]) {
      await server.beat({ rooms: [report(roomId, { watch: { free, listed: true } })] });
      expect(await w.lobby().index.watch({ roomId }, "any"), `${free}`).toEqual({ kind: "UNWATCHED" });
    }
  });
}
