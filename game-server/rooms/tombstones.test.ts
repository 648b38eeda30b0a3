import { describe, expect, it } from "vitest";
import { createTombstones } from "./tombstones.ts";

describe("tombstones", () => {
  it("[GS7] stand until the index knows and every token has expired; the first reason stays", () => {
    let now = 0;
    const stones = createTombstones(60_000, () => now);
    stones.set("a", "ROOM_FAILED");
    stones.set("a", "ROOM_FINISHED");
    now = 1_000_000;
    stones.prune();
    expect(stones.get("a")).toBe("ROOM_FAILED");
    expect(stones.untold(10)).toEqual(["a"]);
    stones.told(["a"]);
    expect(stones.untold(10)).toEqual([]);
    now += 59_999;
    stones.prune();
    expect(stones.get("a")).toBe("ROOM_FAILED");
    now += 1;
    stones.prune();
    expect(stones.get("a")).toBeUndefined();
  });

  it("[GS7] are told in portions and bounded in number", () => {
    const stones = createTombstones(1, () => 0);
    for (let i = 0; i < 36_010; i++) stones.set(`room-${i}`, "ROOM_FINISHED");
    expect(stones.untold(3)).toEqual(["room-10", "room-11", "room-12"]);
    expect(stones.get("room-9")).toBeUndefined();
  });
});
