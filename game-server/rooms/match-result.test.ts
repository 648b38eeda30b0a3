import { describe, expect, it } from "vitest";
import { seatClaims } from "../../test/support/game-server/fakes.ts";
import { goneFrom, matchReportOf, resultProblems } from "./match-result.ts";
import { RoomRecord } from "./room-record.ts";

/** Ada in team 0 and Bob in team 1 of match m1, both seated. */
function playing() {
  const record = new RoomRecord(seatClaims({ match: "m1" }), 0);
  const seat = (player: string, claims: Parameters<typeof seatClaims>[0] = {}) =>
    record.addPlace(seatClaims({ player, sid: `s-${player}`, ticket: `t-${player}`, match: "m1", ...claims }));
  const [ada, bob] = [seat("ada", { team: 0 }), seat("bob", { team: 1 })];
  record.markSat(ada);
  record.markSat(bob);
  return { record, seat, ada, bob };
}

describe("the report of a match", () => {
  it("[RA14] has everybody who ever sat down, with teams, though the place is forgotten", () => {
    const { record, bob } = playing();
    record.markLeft(bob, 0);
    record.forgetPlaces(Number.MAX_SAFE_INTEGER);
    expect(record.placeOf("s-bob")).toBeUndefined();
    expect(matchReportOf(record, "m1", { ranks: { ada: 1, bob: 2 } })).toEqual({
      match: "m1",
      roomId: "fra_7_aaaaa",
      mode: "arena",
      ranks: { ada: 1, bob: 2 },
      left: ["bob"],
      players: [
        { playerId: "ada", team: 0 },
        { playerId: "bob", team: 1 },
      ],
    });
  });

  it("[RA14] who came back before the end, or is on the way in, has not left", () => {
    const { record, bob, seat } = playing();
    record.markLeft(bob, 0);
    bob.state = "arriving";
    seat("eve").state = "arriving";
    seat("kim");
    expect(goneFrom(record)).toEqual([]);
    expect(matchReportOf(record, "m1", {}).players.map(({ playerId }) => playerId)).toEqual(["ada", "bob", "eve"]);
  });

  it("[RA14] players of another match that came in later are not part of it", () => {
    const { record, seat } = playing();
    const later = seat("eve", { match: "m2" });
    record.markSat(later);
    record.markLeft(later, 0);
    const report = matchReportOf(record, "m1", { ranks: { ada: 2, eve: 1 }, left: ["eve", "bob"] });
    expect(report).toMatchObject({ ranks: { ada: 2 }, left: ["bob"] });
    expect(report.players).toHaveLength(2);
    expect(resultProblems({ ranks: { eve: 1 } }, record)).toEqual([]);
  });

  it("[RA14] the room may say itself who left too early", () => {
    const { record, bob } = playing();
    record.markLeft(bob, 0);
    expect(matchReportOf(record, "m1", { left: [] }).left).toEqual([]);
  });

  it("[RA14] of a room without a match nobody is remembered", () => {
    const record = new RoomRecord(seatClaims(), 0);
    record.markSat(record.addPlace(seatClaims()));
    expect(record.cameIn.size).toBe(0);
  });
});

describe("results that count for nothing", () => {
  const problems = (results: unknown) => resultProblems(results as never, playing().record);

  it("[RA15] are told from good ones", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ ranks: {}, left: [] })).toEqual([]);
    expect(problems({ ranks: { ada: 1, bob: 1 }, left: ["bob"] })).toEqual([]);
    expect(problems({ ranks: { bob: 1_000_000 } })).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001, "1", null, undefined])(
    "[RA15] %j is no rank",
    (rank) =>
      expect(problems({ ranks: { ada: rank } })).toEqual([expect.stringMatching(/^ranks\.ada: must be 1, 2, 3/)]),
  );

  it.each(["s-ada", "", "constructor", "eve"])("[RA15] %j is nobody's player id", (playerId) => {
    expect(problems({ ranks: { [playerId]: 1 } })).toEqual([expect.stringContaining("is no player of this room")]);
    expect(problems({ left: [playerId] })).toEqual([expect.stringContaining("is no player of this room")]);
  });

  it.each([{ ranks: [1] }, { ranks: 3 }, { ranks: null }, { left: "ada" }, { left: { 0: "ada" } }, { left: null }])(
    "[RA15] %j has not the shape of results",
    (results) => expect(problems(results)).toHaveLength(1),
  );

  it("[RA15] are told in five sentences at most", () => {
    expect(problems({ left: Array.from({ length: 100 }, (_, at) => `x${at}`) })).toHaveLength(5);
    expect(problems({ left: [5, {}, []] })).toHaveLength(3);
  });
});
