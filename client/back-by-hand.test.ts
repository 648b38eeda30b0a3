/** The way back to a match whose server left, of a room that was reached by `resume()`, and of a player who asks for it himself. */
import { type ErrorCode, errorCatalogue, refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient, whyLeft } from "./client.ts";
import { fakeEdge, fakeRoom, seatOf } from "./fake-edge.ts";
import { joinRoom } from "./join-room.ts";
import { createMemoryStorage, type SeatStorage } from "./kept-seat.ts";
import { failure } from "./ticket.ts";
import type { PlayResult } from "./words.ts";

vi.mock("./join-room.ts", () => ({ joinRoom: vi.fn() }));
const rooms: ReturnType<typeof fakeRoom>[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  rooms.length = 0;
  vi.mocked(joinRoom).mockReset();
  vi.mocked(joinRoom).mockImplementation(async () => {
    rooms.push(fakeRoom(`s.${rooms.length}`));
    return rooms.at(-1)!;
  });
});
afterEach(() => void vi.useRealTimers());

const LEFT = errorCatalogue.SERVER_LEFT.close;
const options = { role: "tank" } as never;
const SEAT = { match: "m1", roomId: "fra_1_abcdef", options };
const inTime = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A page at an edge that seats every wish, in a match where it is `duel`, and answers each `again` with `answer`. */
function page(storage: SeatStorage, { answer = "seat", jwt }: { answer?: ErrorCode | "seat"; jwt?: string } = {}) {
  const seat = (id: string, mode: string): Down =>
    mode === "duel" ? { ...(seatOf(id) as Extract<Down, { t: "seat" }>), match: "m1", team: 1 } : seatOf(id);
  const edge = fakeEdge(
    (message, say) => {
      const fails = (id: string, code: ErrorCode) =>
        say({ t: "error", id, requestId: "r", ...refusal(code), issues: undefined });
      if (message.t === "play") say(seat(message.id, message.mode));
      if (message.t === "create" || message.t === "join") say(seat(message.id, "arena"));
      if (message.t === "resume") fails(message.id, "NOTHING_TO_RESUME");
      if (message.t === "again") answer === "seat" ? say(seat(message.id, "duel")) : fails(message.id, answer);
    },
    jwt ? { playerId: jwt, guest: false } : {},
  );
  const { WebSocket } = edge;
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket, storage, ...(jwt ? { jwt } : {}) });
  const moved: PlayResult[] = [];
  const heard = () => edge.heard.filter(({ t }) => t !== "hello");
  return { client, moved, heard, onMoved: (to: PlayResult) => void moved.push(to) };
}
const without = ({ id: _id, ...message }: Up & { id?: string }) => message;

it("[DR11] a room that was reached by `resume` has the way back of one that was played for: the match's seat is asked for by the match", async () => {
  const storage = createMemoryStorage();
  await page(storage).client.play("duel", { options });
  const { client, heard, moved, onMoved } = page(storage);
  expect(await client.resume({ onMoved })).toMatchObject({ ok: true, match: "m1" });
  for (const times of [1, 2]) {
    rooms.at(-1)!.end(LEFT);
    await inTime(1_000);
    expect(moved).toHaveLength(times);
    expect(moved.at(-1)).toMatchObject({ ok: true, room: rooms[times + 1], match: "m1", team: 1 });
  }
  const again = { t: "again", refused: true, seat: SEAT };
  expect(heard().map(without)).toEqual([again, again]);
});

it("[DR11] where the match is not to be any more, what was asked for before the reload is asked for again", async () => {
  const storage = createMemoryStorage();
  await page(storage).client.play("duel", { options });
  const { client, heard, moved, onMoved } = page(storage, { answer: "MATCH_GONE" });
  await client.resume({ onMoved });
  rooms.at(-1)!.end(LEFT);
  await inTime(1_000);
  expect(heard().map(without).slice(1)).toEqual([{ t: "cancel" }, { t: "play", mode: "duel", options }]);
  expect(moved).toMatchObject([{ ok: true }]);
});

it.each<[string, (client: ReturnType<typeof page>["client"]) => Promise<unknown>, object]>([
  ["played for", (client) => client.play("arena", { options }), { t: "play", mode: "arena", options }],
  [
    "of one's own",
    (client) => client.create("arena", { private: true }),
    { t: "create", mode: "arena", private: true },
  ],
  [
    "that was looked on in",
    (client) => client.spectate({ roomId: "fra_1_abcdef" }),
    { t: "join", room: { roomId: "fra_1_abcdef" }, watch: true },
  ],
])("[DR11] of a room %s, reached by `resume`, the same is asked for again", async (_title, enter, wish) => {
  const storage = createMemoryStorage();
  await enter(page(storage).client);
  const { client, heard, moved, onMoved } = page(storage);
  await client.resume({ onMoved });
  rooms.at(-1)!.end(LEFT);
  await inTime(1_000);
  expect(heard().map(without)).toEqual([wish]);
  expect(moved).toMatchObject([{ ok: true, mode: "arena" }]);
});

it("[DR11] options that are given to `resume` count for more than those of before", async () => {
  const storage = createMemoryStorage();
  await page(storage).client.play("arena", { options });
  const { client, heard, onMoved } = page(storage);
  await client.resume({ onMoved, options: { role: "healer" } as never });
  rooms.at(-1)!.end(LEFT);
  await inTime(1_000);
  expect(heard()).toMatchObject([{ t: "play", options: { role: "healer" } }]);
});

it("[DR12] without `onMoved` the close code says why, and `resume` goes to the match: on the same page, and after a reload", async () => {
  const storage = createMemoryStorage();
  const first = page(storage);
  await first.client.play("duel", { options });
  const codes: number[] = [];
  rooms[0]!.onLeave((code) => void codes.push(code));
  rooms[0]!.end(LEFT);
  expect(whyLeft(codes[0]!)).toMatchObject({ code: "SERVER_LEFT", retryable: true });
  expect(whyLeft(1006)).toBeUndefined();
  expect(await first.client.resume()).toMatchObject({ ok: true, match: "m1", room: rooms[1] });
  rooms[1]!.end(LEFT);
  const { client, heard } = page(storage);
  expect(await client.resume()).toMatchObject({ ok: true, match: "m1", team: 1, room: rooms[2] });
  expect(heard().map(without)).toEqual([{ t: "again", refused: true, seat: SEAT }]);
  // It sits there now, as after any play.
  await page(storage).client.resume();
  expect(vi.mocked(joinRoom).mock.lastCall![1]).toMatchObject({ reconnectionToken: "s.2" });
});

it("[DR12] a page that comes to a server that lets nobody in any more goes to the match as well", async () => {
  const storage = createMemoryStorage();
  await page(storage).client.play("duel");
  vi.mocked(joinRoom).mockResolvedValueOnce(failure("DRAINING"));
  expect(await page(storage).client.resume()).toMatchObject({ ok: true, match: "m1", room: rooms[1] });
});

it("[DR12] it starts nothing new: a match that is gone, or a room of another mode, is NOTHING_TO_RESUME", async () => {
  for (const mode of ["duel", "arena"]) {
    for (const jwt of [undefined, "ada"]) {
      const storage = createMemoryStorage();
      const { client, heard } = page(storage, { answer: "MATCH_GONE", ...(jwt ? { jwt } : {}) });
      await client.play(mode);
      rooms.at(-1)!.end(LEFT);
      expect(await client.resume()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" });
      expect(await client.resume()).toMatchObject({ ok: false, code: "NOTHING_TO_RESUME" });
      expect(heard().filter(({ t }) => t === "play")).toHaveLength(1);
      expect(heard().filter(({ t }) => t === "again")).toHaveLength(mode === "duel" ? 1 : 0);
    }
  }
});

it("[DR12] while there is no server for the match it is asked for for half a minute, and may be asked for again then", async () => {
  const storage = createMemoryStorage();
  await page(storage).client.play("duel");
  rooms.at(-1)!.end(LEFT);
  const asking = page(storage, { answer: "MATCH_STAYS" }).client.resume();
  await inTime(40_000);
  expect(await asking).toMatchObject({ ok: false, code: "SERVER_LEFT", retryable: true });
  expect(await page(storage).client.resume()).toMatchObject({ ok: true, match: "m1" });
});

it("[DR12] it is nobody else's: another player of the same device finds nothing of it", async () => {
  const storage = createMemoryStorage();
  await page(storage, { jwt: "ada" }).client.play("duel");
  rooms.at(-1)!.end(LEFT);
  for (const other of [page(storage), page(storage, { jwt: "bob" })]) {
    expect(await other.client.resume()).toMatchObject({ code: "NOTHING_TO_RESUME" });
    expect(other.heard().some(({ t }) => t === "again")).toBe(false);
  }
});
