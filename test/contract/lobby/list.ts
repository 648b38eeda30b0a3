/** The list of public rooms. */
import { expect, it } from "vitest";
import { type EnterWorld, report } from "./world.ts";

export function listCases(enter: EnterWorld) {
  it("[LB11] pages follow each other by room id, and together show each public room of the mode once", async (t) => {
    const w = await enter(t);
    const server = await w.server("1", { modes: ["arena", "duel"] });
    const ids = Array.from({ length: 25 }, (_, i) => `${w.metro}_1_room${String.fromCharCode(97 + i)}`);
    const rooms = [...ids].reverse().map((id) => report(id));
    await server.beat({ rooms: [...rooms, report(`${w.metro}_1_other`, { mode: "duel" })], complete: true });
    const seen: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await w.lobby().index.listRooms({ mode: "arena", after, limit: 10 });
      seen.push(...page.rooms.map(({ roomId }) => roomId));
      after = page.next;
      pages++;
    } while (after !== undefined && pages < 10);
    expect(seen).toEqual(ids);
    expect(pages).toBe(3);
  });

  it("[LB11] a room shows its seats, the free ones and its metadata", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const { roomId } = await w.seat();
    await server.beat({ rooms: [report(roomId, { seated: 1, metadata: '{"map":"dust"}' })] });
    const entry = { roomId, mode: "arena", seats: 4, free: 2, metadata: { map: "dust" } };
    expect(await w.lobby().index.listRooms({ mode: "arena", limit: 10 })).toEqual({ rooms: [entry] });
  });

  it("[LB11] private, locked and unconfirmed rooms are not listed, and metadata that is not JSON shows as null", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    await w.seat();
    const id = (name: string) => `${w.metro}_1_${name}`;
    await server.beat({
      rooms: [
        report(id("hidden"), { private: true }),
        report(id("locked"), { locked: true }),
        report(id("open1"), { metadata: "{" }),
      ],
    });
    const { rooms } = await w.lobby().index.listRooms({ mode: "arena", limit: 10 });
    expect(rooms).toMatchObject([{ roomId: id("open1"), metadata: null }]);
  });

  it("[LB11] a room that its server no longer publishes is forgotten", async (t) => {
    const w = await enter(t);
    const server = await w.server("1");
    const [kept, lost] = [`${w.metro}_1_kept1`, `${w.metro}_1_lost1`];
    await server.beat({ rooms: [report(kept), report(lost)], complete: true });
    for (let i = 0; i < 3; i++) {
      await w.pass(w.limits.roomForgottenMs / 2);
      await server.beat({ rooms: [report(kept)], complete: true });
    }
    expect(await w.listed()).toEqual([kept]);
    expect(await w.reserve({ target: { kind: "room", roomId: lost } })).toEqual({ kind: "ROOM_GONE" });
  });
}
