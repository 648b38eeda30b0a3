import { describe, expect, it, vi } from "vitest";
import { seatClaims } from "../../test/support/game-server/fakes.ts";
import { createRefusals } from "./refusals.ts";
import { RoomRecord } from "./room-record.ts";

const claims = seatClaims({ ticket: "m:one", match: "one", team: 0 });
const mate = seatClaims({ ticket: "m:one", match: "one", team: 1, seat: 1, sid: "s2", player: "bob" });
const seat = { ticket: "m:one", roomId: claims.room };

function setUp() {
  let now = 0;
  const onRefused = vi.fn();
  const refusals = createRefusals({ keepMs: 60_000, nowMs: () => now, onRefused });
  const pass = (ms: number) => {
    now += ms;
  };
  return { refusals, onRefused, pass, record: new RoomRecord(claims, 0) };
}

describe("refusals", () => {
  it("[RP7] a match that was refused stays refused, is told once, and forgotten when its tokens have expired", () => {
    const { refusals, onRefused, pass, record } = setUp();
    expect(refusals.of(mate)).toBeUndefined();
    refusals.note(claims, "ROOM_FULL", record);
    refusals.note(mate, "ROOM_FAILED", record);
    expect(onRefused).toHaveBeenCalledOnce();
    expect(refusals.of(mate)).toBe("ROOM_FULL");
    expect(refusals.of({ ...mate, room: "fra_7_other" })).toBeUndefined();
    expect(refusals.untold(0)).toEqual([]);
    expect(refusals.untold(9)).toEqual([seat]);
    pass(30_000);
    refusals.told([seat, { ticket: "m:none", roomId: claims.room }]);
    expect(refusals.untold(9)).toEqual([]);
    pass(59_999);
    refusals.prune();
    expect(refusals.of(mate)).toBe("ROOM_FULL");
    pass(1);
    refusals.prune();
    expect(refusals.of(mate)).toBeUndefined();
  });

  it("[RP7] a match of which somebody is arriving, sits or sat is not refused", () => {
    for (const state of ["arriving", "seated"] as const) {
      const { refusals, record } = setUp();
      record.addPlace(mate).state = state;
      refusals.note(claims, "ROOM_FULL", record);
      expect(refusals.untold(9)).toEqual([]);
    }
    const { refusals, record } = setUp();
    const place = record.addPlace(mate);
    record.markSat(place);
    record.markLeft(place, 0);
    refusals.note(claims, "ROOM_FULL", record);
    expect(refusals.untold(9)).toEqual([]);
  });

  it("[RP7] players of other matches in the room are no reason to keep this one there", () => {
    const { refusals, record } = setUp();
    record.markSat(record.addPlace(seatClaims({ ticket: "m:two", match: "two", sid: "s9" })));
    refusals.note(claims, "ROOM_FULL", record);
    expect(refusals.untold(9)).toEqual([seat]);
  });

  it("[RP7] of a fill mode only a room that failed is told, and nobody is kept out for it", () => {
    const { refusals } = setUp();
    const fill = seatClaims({ ticket: "t9" });
    refusals.note(fill, "ROOM_FULL", undefined);
    expect(refusals.untold(9)).toEqual([]);
    refusals.note(fill, "ROOM_FAILED", undefined);
    expect(refusals.untold(9)).toEqual([{ ticket: "t9", roomId: fill.room }]);
    expect(refusals.of(fill)).toBeUndefined();
  });

  it("[RP7] at most 10,000 are kept, the oldest goes first", () => {
    const { refusals } = setUp();
    for (let n = 0; n < 10_001; n++) refusals.note({ ...claims, ticket: `m:${n}` }, "ROOM_FAILED", undefined);
    expect(refusals.of({ ...claims, ticket: "m:0" })).toBeUndefined();
    expect(refusals.untold(20_000)).toHaveLength(10_000);
  });
});
