import { expect, it, vi } from "vitest";
import { seatClaims } from "../../test/support/game-server/fakes.ts";
import { createDrainNews } from "./drain-news.ts";
import { RoomRecord } from "./room-record.ts";

function setUp() {
  const reported = vi.fn();
  const news = createDrainNews(reported);
  const records = ["a", "b", "c"].map((room) => new RoomRecord(seatClaims({ room }), 0));
  const [a, b, c] = records as [RoomRecord, RoomRecord, RoomRecord];
  const heard: string[] = [];
  const hears = (who: string) => (said: { leavesInMs: number }) => void heard.push(`${who} ${said.leavesInMs}`);
  return { news, reported, heard, hears, records, a, b, c };
}

it("[DR13] every listener is told once, with what is left; those of rooms that are over are not", () => {
  const { news, heard, hears, records, a, b } = setUp();
  news.listen(a, hears("a1"));
  news.listen(a, hears("a2"));
  news.listen(b, hears("b1"));
  b.isOver = true;
  news.begin(records, () => 9_000);
  news.begin(records, () => 8_000);
  expect(heard).toEqual(["a1 9000", "a2 9000"]);
});

it("[DR13] a room that is made later is told what is left then, after it has said so", async () => {
  const { news, heard, hears, records, c } = setUp();
  let leftMs = 9_000;
  news.begin(records, () => leftMs);
  leftMs = 4_000;
  news.listen(c, hears("late"));
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual(["late 4000"]);
});

it("[DR13] what a listener throws, or rejects with, is reported once, and the others are told", async () => {
  const { news, heard, hears, reported, records, a, b, c } = setUp();
  news.listen(a, () => {
    throw new Error("secret of the room");
  });
  news.listen(b, async () => {
    throw new Error("secret of the room");
  });
  news.listen(c, hears("c"));
  news.begin(records, () => 0);
  await vi.waitFor(() => expect(reported).toHaveBeenCalledTimes(2));
  expect(reported.mock.calls.map(([where, roomId]) => `${where} ${roomId}`)).toEqual(["onDrain a", "onDrain b"]);
  expect(heard).toEqual(["c 0"]);
});
