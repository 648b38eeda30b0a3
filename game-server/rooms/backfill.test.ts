import { fill, match } from "@frontrow/shared/config/modes.ts";
import { describe, expect, it } from "vitest";
import { fakeRoom, seatClaims } from "../../test/support/game-server/fakes.ts";
import { companyOf, wantPlayers } from "./backfill.ts";
import { RoomRecord } from "./room-record.ts";

const rules = match({ teams: [{ seats: 2 }, { seats: 2 }], backfill: true });
const of = (match: string, seat: number, over = {}) =>
  seatClaims({
    ticket: `m:${match}`,
    match,
    seat,
    sid: `${match}${seat}`,
    player: `${match}-${seat}`,
    team: 0,
    ...over,
  });

function setUp() {
  const record = new RoomRecord(of("one", 0, { options: { map: "ice" }, rating: 1_400 }), 0);
  const sit = (claims: ReturnType<typeof of>) => {
    const place = record.place(claims) ?? record.addPlace(claims);
    record.markSat(place);
    return place;
  };
  const report = () => record.report(fakeRoom(record) as never, "{}");
  return { record, sit, report };
}

describe("backfill", () => {
  it("[RP11] what a room wants is told with who is there, until it wants nobody", () => {
    const { record, sit, report } = setUp();
    sit(record.origin);
    sit(of("one", 1, { rating: 1_700 }));
    expect(report()).not.toHaveProperty("wanted");
    record.isChanged = false;
    wantPlayers(record, rules, [0, 2]);
    expect(record.isChanged).toBe(true);
    const { wanted, company } = report();
    expect(wanted).toEqual([0, 2]);
    expect(JSON.parse(company!)).toEqual({ rating: 1_550, attributes: { map: "ice" }, playerIds: ["one-0", "one-1"] });
    for (const nobody of [0, [0, 0]] as const) {
      wantPlayers(record, rules, [1, 1]);
      wantPlayers(record, rules, nobody);
      expect(report()).not.toHaveProperty("wanted");
    }
  });

  it("[RP11] who comes in is taken off, once; who was of the match is not", () => {
    const { record, sit, report } = setUp();
    wantPlayers(record, rules, [1, 2]);
    sit(of("one", 1, { team: 1 }));
    expect(report().wanted).toEqual([1, 2]);
    const place = sit(of("two", 0, { team: 1 }));
    sit(of("two", 0, { team: 1, gen: 2 }));
    expect(report().wanted).toEqual([1, 1]);
    record.markLeft(place, 0);
    expect(report().wanted).toEqual([1, 1]);
    sit(of("three", 0, { team: 0 }));
    sit(of("three", 1, { team: 1 }));
    sit(of("four", 0, { team: 1 }));
    expect(record.wanted).toEqual([0, 0]);
  });

  it("[RP11] a new player counts as one, and a room without anybody as well", () => {
    const { record, sit } = setUp();
    expect(JSON.parse(companyOf(record))).toMatchObject({ rating: 1_500, playerIds: [] });
    sit(of("one", 1, { rating: undefined }));
    expect(JSON.parse(companyOf(record))).toMatchObject({ rating: 1_500, playerIds: ["one-1"] });
  });

  it("[RP11] seats that the mode does not have, and modes that take nobody, are refused with the reason", () => {
    const { record } = setUp();
    for (const mode of [undefined, fill({ seats: 4 }), match({ teams: [{ seats: 2 }, { seats: 2 }] })]) {
      expect(() => wantPlayers(record, mode, [1, 0])).toThrow("backfill: true");
    }
    for (const free of [[1], [1, 1, 1], "1", null, {}, 2] as never[]) {
      expect(() => wantPlayers(record, rules, free)).toThrow("each of the 2 teams");
    }
    for (const free of [
      [3, 0],
      [0, -1],
      [0, 0.5],
      [Number.NaN, 0],
      ["1", 0],
    ] as never[]) {
      expect(() => wantPlayers(record, rules, free)).toThrow(/team [01] has 2 seats/);
    }
    expect(record.wanted).toEqual([]);
    record.isOver = true;
    wantPlayers(record, rules, [1, 1]);
    expect(record.wanted).toEqual([]);
  });
});
