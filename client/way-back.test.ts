import { type ErrorCode, errorCatalogue, refusal } from "@frontrow/shared/errors.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { fakeEdge, fakeRoom, seatOf } from "./fake-edge.ts";
import { joinRoom } from "./join-room.ts";
import type { PlayResult } from "./words.ts";

vi.mock("./join-room.ts", () => ({ joinRoom: vi.fn() }));
beforeEach(() => {
  vi.mocked(joinRoom).mockReset();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const LEFT = errorCatalogue.SERVER_LEFT.close;

/** An edge that seats each wish, of a match if `match`, and answers each `again` with the next of `answers`, the last one for ever. */
function setUp({ match = true, answers = ["seat"] }: { match?: boolean; answers?: (ErrorCode | "seat")[] } = {}) {
  const seat = (id: string): Down =>
    match ? { ...(seatOf(id) as Extract<Down, { t: "seat" }>), match: "m1", team: 0 } : seatOf(id);
  const edge = fakeEdge((message, say) => {
    if (message.t === "play") {
      if (match)
        say({ t: "state", id: message.id, state: "waiting", why: [], players: 1, receipt: `of ${message.id}` });
      say(seat(message.id));
    }
    if (message.t !== "again") return;
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer === "seat") say(seat(message.id));
    else say({ t: "error", id: message.id, requestId: "r", ...refusal(answer), issues: undefined });
  });
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  const rooms: ReturnType<typeof fakeRoom>[] = [];
  vi.mocked(joinRoom).mockImplementation(async () => {
    rooms.push(fakeRoom(`s.${rooms.length}`));
    return rooms.at(-1)!;
  });
  const moved: PlayResult[] = [];
  const told = () =>
    edge.heard.flatMap((up) =>
      "id" in up ? [`${up.t} ${up.id.split("-")[1]}${up.t === "again" ? ` ${up.refused}` : ""}`] : [],
    );
  return { client, rooms, moved, told, heard: edge.heard, onMoved: (to: PlayResult) => void moved.push(to) };
}

const inTime = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it("[DR7] the seat of a cut match is asked for again, and the player is told the room that the match is in then; again and again", async () => {
  const w = setUp();
  expect(await w.client.play("duel", { onMoved: w.onMoved })).toMatchObject({ ok: true });
  for (const times of [1, 2]) {
    w.rooms.at(-1)!.end(LEFT);
    await inTime(1_000);
    expect(w.moved).toHaveLength(times);
    expect(w.moved.at(-1)).toMatchObject({ ok: true, room: w.rooms[times], match: "m1" });
  }
  expect(w.told()).toEqual(["play 0", "again 0 true", "again 0 true"]);
});

it("[DR7] while there is no server for the match it is asked for again, and then left for another with its age", async () => {
  const w = setUp({ answers: ["MATCH_STAYS", "DEADLINE", "MATCHMAKER_AWAY", "MATCH_STAYS"] });
  await w.client.play("duel", { onMoved: w.onMoved, options: { role: "tank" } as never });
  w.rooms[0]!.end(LEFT);
  await inTime(20_000);
  expect(w.moved).toEqual([]);
  expect(w.told().filter((said) => said === "again 0 true").length).toBeGreaterThan(5);
  await inTime(15_000);
  expect(w.moved).toMatchObject([{ ok: true }]);
  expect(w.told().slice(-2)).toEqual(["cancel 0", "play 1"]);
  const [, second] = w.heard.filter((up) => up.t === "play");
  expect(second).toMatchObject({ mode: "duel", options: { role: "tank" }, receipt: expect.stringMatching(/-0$/) });
});

it.each<ErrorCode>(["MATCH_GONE", "TICKET_UNKNOWN"])("[DR7] after %s the match is left at once", async (code) => {
  const w = setUp({ answers: [code] });
  await w.client.play("duel", { onMoved: w.onMoved });
  w.rooms[0]!.end(LEFT);
  await inTime(1_000);
  expect(w.told()).toEqual(["play 0", "again 0 true", "cancel 0", "play 1"]);
  expect(w.moved).toMatchObject([{ ok: true }]);
});

it("[DR7] players of other modes play the same wish again", async () => {
  const w = setUp({ match: false });
  await w.client.play("arena", { onMoved: w.onMoved, options: { name: "Ada" } as never });
  w.rooms[0]!.end(LEFT);
  await inTime(1_000);
  expect(w.told()).toEqual(["play 0", "play 1"]);
  expect(w.heard.filter((up) => up.t === "play").map(({ options }) => options)).toEqual([
    { name: "Ada" },
    { name: "Ada" },
  ]);
  expect(w.moved).toMatchObject([{ ok: true, room: w.rooms[1] }]);
});

it("[DR7] nobody is moved by any other end of a room, without `onMoved`, or once the wish was taken back", async () => {
  const w = setUp();
  const stop = new AbortController();
  await w.client.play("duel", { onMoved: w.onMoved });
  w.rooms[0]!.end(errorCatalogue.ROOM_FINISHED.close);
  await w.client.play("duel");
  w.rooms[1]!.end(LEFT);
  await w.client.play("duel", { onMoved: w.onMoved, signal: stop.signal });
  stop.abort();
  w.rooms[2]!.end(LEFT);
  await inTime(5_000);
  expect(w.told()).toEqual(["play 0", "play 1", "play 2"]);
  expect(w.moved).toEqual([]);
});

it("[DR7] a player who gives up while the match is looked for is told so", async () => {
  const w = setUp({ answers: ["MATCH_STAYS"] });
  const stop = new AbortController();
  await w.client.play("duel", { onMoved: w.onMoved, signal: stop.signal });
  w.rooms[0]!.end(LEFT);
  await inTime(3_000);
  stop.abort();
  await inTime(100);
  expect(w.moved).toMatchObject([{ ok: false, code: "CANCELLED" }]);
  expect(w.told().at(-1)).toBe("cancel 0");
});
