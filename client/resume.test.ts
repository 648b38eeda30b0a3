/** Coming back after a reload, with the game server and the edge in the test's hands. */
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import { refusal } from "@frontrow/shared/errors.ts";
import { beforeEach, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge, fakeRoom, seatOf } from "./fake-edge.ts";
import { joinRoom } from "./join-room.ts";
import { createMemoryStorage, type SeatStorage } from "./kept-seat.ts";
import { failure } from "./ticket.ts";

vi.mock("./join-room.ts", () => ({ joinRoom: vi.fn() }));
beforeEach(() => void vi.mocked(joinRoom).mockReset());

const URL_OF_EDGE = "http://edge.test";
const KEY = `frontrow:${URL_OF_EDGE}/`;

/** A page: each has a client of its own, and a reload leaves nothing but the storage. */
function page(storage: SeatStorage, { jwt, seat = true }: { jwt?: string; seat?: boolean | ErrorCode } = {}) {
  const edge = fakeEdge(
    (message, say) => {
      if (message.t === "play") say(seatOf(message.id));
      if (message.t !== "resume") return;
      if (seat === true) say({ ...seatOf(message.id), match: "m1", team: 1 } as never);
      else
        say({ t: "error", id: message.id, requestId: "r", ...refusal(seat || "NOTHING_TO_RESUME"), issues: undefined });
    },
    jwt ? { playerId: jwt, guest: false } : {},
  );
  const client = createClient({
    url: URL_OF_EDGE,
    wire: "json",
    WebSocket: edge.WebSocket,
    storage,
    ...(jwt ? { jwt } : {}),
  });
  return { client, heard: () => edge.heard.map(({ t }) => t) };
}
const joins = (room = fakeRoom()) => {
  vi.mocked(joinRoom).mockResolvedValueOnce(room);
  return room;
};
const refuses = (code: ErrorCode) => void vi.mocked(joinRoom).mockResolvedValueOnce(failure(code));
const dialled = () => vi.mocked(joinRoom).mock.calls.map(([, seat]) => seat);
const stored = (storage: SeatStorage) => JSON.parse(storage.getItem(KEY) ?? "null");

it("[RS1] after a reload a guest is back in the room with what the storage holds, and asks no edge for it", async () => {
  const storage = createMemoryStorage();
  joins(fakeRoom("s.first"));
  const played = await page(storage).client.play("arena");
  const { client, heard } = page(storage);
  const room = joins(fakeRoom("s.second"));
  const back = await client.resume();
  expect(back).toMatchObject({ ok: true, mode: "arena", roomId: "fra_1_abcdef", metro: "fra", playerId: "p" });
  expect(back.ok && played.ok && back.room === room && back.playerId === played.playerId).toBe(true);
  expect(dialled()[1]).toMatchObject({ token: "r", sessionId: "s", reconnectionToken: "s.first" });
  expect(stored(storage)).toMatchObject({ token: "s.second" });
  expect(heard()).toEqual([]);
});

it("[RS1] there is nothing to resume for a guest without a storage, after leaving, and after a reload that came too late", async () => {
  const storage = createMemoryStorage();
  const nothing = { ok: false, code: "NOTHING_TO_RESUME", retryable: false };
  expect(await page(storage).client.resume()).toMatchObject(nothing);
  const room = joins();
  await page(storage).client.play("arena");
  room.end(4000);
  expect(await page(storage).client.resume()).toMatchObject(nothing);
  joins();
  await page(storage).client.play("arena");
  refuses("RECONNECTION_EXPIRED");
  expect(await page(storage).client.resume()).toMatchObject(nothing);
  expect(stored(storage)).toBeNull();
});

it("[RS1] a game server that cannot be asked now leaves the seat for another try", async () => {
  const storage = createMemoryStorage();
  joins();
  await page(storage).client.play("arena");
  refuses("SERVER_UNREACHABLE");
  expect(await page(storage).client.resume()).toMatchObject({ code: "SERVER_UNREACHABLE", retryable: true });
  joins();
  expect(await page(storage).client.resume()).toMatchObject({ ok: true });
});

it("[RS1] a cancelled resume asks nobody any more, and leaves the seat", async () => {
  const storage = createMemoryStorage();
  joins();
  await page(storage).client.play("arena");
  expect(await page(storage).client.resume({ signal: AbortSignal.abort() })).toMatchObject({ code: "CANCELLED" });
  expect(dialled()).toHaveLength(1);
  expect(stored(storage)).not.toBeNull();
});

it("[RS2] one seat is kept, the last one, always with the newest token, and neither a JWT nor a seat token", async () => {
  const storage = createMemoryStorage();
  const { client } = page(storage, { jwt: "ada" });
  const older = joins(fakeRoom("s.older"));
  await client.play("arena");
  const newer = joins(fakeRoom("s.newer"));
  await client.play("arena");
  older.end(4000);
  expect(stored(storage)).toMatchObject({ token: "s.newer" });
  newer.back("s.newest");
  await Promise.resolve();
  expect(stored(storage)).toEqual({
    ...{ mode: "arena", roomId: "fra_1_abcdef", publicAddress: "", secure: false, metro: "fra" },
    ...{ playerId: "ada", guest: false, token: "s.newest", wish: { t: "play", mode: "arena" } },
  });
  // A connection that broke is what the storage is for.
  newer.end(1006);
  expect(stored(storage)).not.toBeNull();
});

it("[RS2] a storage that throws, or holds what somebody else wrote, does no harm", async () => {
  const broken = () => {
    throw new Error("QuotaExceededError");
  };
  joins();
  const { client } = page({ getItem: broken, setItem: broken, removeItem: broken });
  expect(await client.play("arena")).toMatchObject({ ok: true });
  expect(await client.resume()).toMatchObject({ code: "NOTHING_TO_RESUME" });
  const storage = createMemoryStorage();
  for (const junk of ["", "{", "null", "[]", '{"token":"s.1"}', JSON.stringify({ roomId: "../x", token: "a" })]) {
    storage.setItem(KEY, junk);
    expect(await page(storage).client.resume()).toMatchObject({ code: "NOTHING_TO_RESUME" });
  }
});

it("[RS3] a signed-in player needs nothing stored, and is told match and team", async () => {
  const { client, heard } = page(createMemoryStorage(), { jwt: "ada" });
  joins();
  expect(await client.resume()).toMatchObject({ ok: true, playerId: "ada", match: "m1", team: 1, metro: "fra" });
  expect(heard()).toEqual(["hello", "resume"]);
  expect(dialled()[0]).toMatchObject({ token: "t" });
});

it("[RS3] what is stored of another player, or has run out, gives way to where the player sits", async () => {
  const storage = createMemoryStorage();
  joins();
  await page(storage, { jwt: "bob" }).client.play("arena");
  joins();
  expect(await page(storage, { jwt: "ada" }).client.resume()).toMatchObject({ ok: true, playerId: "ada" });
  expect(dialled().map(({ token }) => token)).toEqual(["t", "t"]);
  refuses("RECONNECTION_EXPIRED");
  joins();
  expect(await page(storage, { jwt: "ada" }).client.resume()).toMatchObject({ ok: true, playerId: "ada" });
  expect(dialled().map(({ token }) => token)).toEqual(["t", "t", "r", "t"]);
  const nowhere = page(createMemoryStorage(), { jwt: "ada", seat: "NOTHING_TO_RESUME" });
  expect(await nowhere.client.resume()).toMatchObject({ code: "NOTHING_TO_RESUME" });
  const unsure = page(createMemoryStorage(), { jwt: "ada", seat: "INDEX_AWAY" });
  expect(await unsure.client.resume()).toMatchObject({ code: "INDEX_AWAY", retryable: true });
});

it("[RS3] a seat that was given up between the answer and the join is nothing to resume", async () => {
  refuses("RECONNECTION_EXPIRED");
  const { client } = page(createMemoryStorage(), { jwt: "ada" });
  expect(await client.resume()).toMatchObject({ code: "NOTHING_TO_RESUME" });
});

it("[RS7] who is told to come again does so by itself", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const storage = createMemoryStorage();
    joins();
    await page(storage).client.play("arena");
    refuses("RATE_LIMITED");
    refuses("RATE_LIMITED");
    joins();
    const resuming = page(storage).client.resume();
    await vi.advanceTimersByTimeAsync(3_100);
    expect(await resuming).toMatchObject({ ok: true });
    for (let i = 0; i < 100; i++) refuses("RATE_LIMITED");
    const refused = page(storage).client.resume();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await refused).toMatchObject({ code: "RATE_LIMITED", retryable: true });
  } finally {
    vi.useRealTimers();
  }
});
