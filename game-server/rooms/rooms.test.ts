/** The table, the retirement and the end of rooms, with stand-ins for Colyseus' own. */
import type { Room } from "@colyseus/core";
import { defaultLimits as limits } from "@frontrow/shared/limits.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeRoom, seatClaims } from "../../test/support/game-server/fakes.ts";
import { recordingLog } from "../../test/support/game-server/recording-log.ts";
import { claimSeat } from "../admission/claim-seat.ts";
import { internalsOf } from "../colyseus/internals.ts";
import { createFinish, type FinishedMatch, type FinishOptions } from "./finish.ts";
import { createPublicMetadata } from "./public-metadata.ts";
import { createRetirement, type Retirement } from "./retire.ts";
import type { RoomRecord } from "./room-record.ts";
import { createRoomTable, type RoomTable } from "./room-table.ts";

let now = 0;
let table: RoomTable;
let retirement: Retirement;
let fail: Error | undefined;
const made: string[] = [];
let closed = 0;

beforeEach(() => {
  now = 0;
  closed = 0;
  fail = undefined;
  made.length = 0;
  table = createRoomTable({
    async make(record) {
      made.push(record.roomId);
      await Promise.resolve();
      if (fail) throw fail;
      return fakeRoom(record) as unknown as Room;
    },
    tombstoneMs: limits.roomForgottenMs,
    nowMs: () => now,
    indexNowMs: () => now,
    onClosed: () => void closed++,
  });
  retirement = createRetirement(table, limits, () => now);
});

const claim = (claims = seatClaims()) => claimSeat(table, claims, limits.seatTokenMs);

async function opened(claims = seatClaims()): Promise<RoomRecord> {
  const { record } = claim(claims);
  await record.made;
  return record;
}

describe("the table", () => {
  it("[GS3] a room that is being made is not made again", async () => {
    claim();
    claim(seatClaims({ ticket: "t2", sid: "s2" }));
    await table.get("fra_7_aaaaa")!.made;
    claim(seatClaims({ ticket: "t3", sid: "s3" }));
    expect(made).toEqual(["fra_7_aaaaa"]);
  });

  it("[GS8] one that failed is buried, for those who wait and those who come later", async () => {
    fail = new Error("onCreate");
    const { record } = claim();
    await expect(record.made).rejects.toThrow("onCreate");
    expect(() => claim(seatClaims({ gen: 2 }))).toThrow("could not be made");
    expect(table.get("fra_7_aaaaa")).toBeUndefined();
  });

  it("[GS7] one that is ended while it is being made does not open", async () => {
    const { record } = claim();
    void table.end(record, "ROOM_FINISHED", 4001);
    await expect(record.made).rejects.toThrow("has finished");
    expect(() => claim(seatClaims({ gen: 2 }))).toThrow("has finished");
  });

  it("[GS2] a spent generation is remembered for as long as its token can live", async () => {
    const claims = seatClaims({ exp: 10_000 });
    const record = await opened(claims);
    const place = record.place(claims)!;
    record.markSat(place);
    record.markLeft(place, now);
    now = 10_000;
    table.tidy();
    expect(() => claim(claims)).toThrow("used already");
    now = 10_001;
    table.tidy();
    expect(record.place(claims)).toBeUndefined();
    expect(record.placeOf(claims.sid)).toBeUndefined();
  });

  it("[GS5] a session id that another place of the room has is no one else's", async () => {
    await opened();
    expect(() => claim(seatClaims({ ticket: "t2" }))).toThrow("not valid");
    expect(() => claim(seatClaims({ gen: 2, sid: "s9" }))).toThrow("not valid");
  });
});

describe("the index", () => {
  it.each([
    ["a match hears at once that the player left, and which", { match: "match1" }, 1],
    ["a fill mode hears it with the next heartbeat", {}, 0],
  ])("[GS42] of a player of %s", async (_, more, hurries) => {
    const claims = seatClaims({ player: "ada", guest: false, ...more });
    const record = await opened(claims);
    record.markSat(record.place(claims)!);
    const { ticket, seat } = claims;
    const said = { ticket, seat, player: "ada", ...("match" in more ? { match: true } : {}) };
    expect(record.satSeats()).toMatchObject([said]);
    internalsOf(record.room!)._events.emit("leave", { sessionId: claims.sid });
    expect([...record.left.values()]).toEqual([said]);
    expect(closed).toBe(hurries);
  });
});

describe("empty rooms", () => {
  it("[GS16] are offered when nobody sits or arrives, and end when the index agrees", async () => {
    const record = await opened();
    expect(retirement.candidates()).toEqual([]);
    record.markLeft(record.place(seatClaims())!, now);
    expect(retirement.candidates()).toEqual(["fra_7_aaaaa"]);
    retirement.retired(["fra_7_aaaaa", "fra_7_zzzzz"]);
    expect(table.tombstones.get("fra_7_aaaaa")).toBe("ROOM_FINISHED");
  });

  it("[GS16] one that somebody entered before the index's answer stays, and is published again", async () => {
    const record = await opened();
    record.markSat(record.place(seatClaims())!);
    record.isChanged = false;
    retirement.retired(["fra_7_aaaaa"]);
    expect([record.isOver, record.isChanged]).toEqual([false, true]);
  });

  it("[GS16] without an index they stay for as long as a hold can live", async () => {
    const record = await opened();
    now = 1_000;
    record.markLeft(record.place(seatClaims())!, now);
    now = 1_000 + limits.seatHoldMs - 1;
    retirement.sweep();
    expect(record.isOver).toBe(false);
    now += 1;
    retirement.sweep();
    expect(record.isOver).toBe(true);
  });

  it("[GS18] are not offered where the room wants to stay", async () => {
    const record = await opened();
    record.markLeft(record.place(seatClaims())!, now);
    record.room!.autoDispose = false;
    now = 10 * limits.seatHoldMs;
    retirement.sweep();
    expect([retirement.candidates(), record.isOver]).toEqual([[], false]);
  });
});

describe("the end of a match", () => {
  const finishOf = (options: Partial<FinishOptions>) =>
    createFinish({
      table,
      isMatchMode: () => false,
      report: () => {},
      onFinish: undefined,
      reportFault: () => {},
      ...options,
    });

  it("[GS32] results are handed on once a match, with those who sat in the room, though the hook fails", async () => {
    const results: FinishedMatch[] = [];
    const faults: string[] = [];
    const finish = finishOf({
      onFinish(result) {
        results.push(result);
        throw new Error("the studio's own is away");
      },
      reportFault: (where) => void faults.push(where),
    });
    for (const room of ["fra_7_aaaaa", "fra_7_bbbbb"]) {
      const claims = seatClaims({ room, match: "m1" });
      const record = await opened(claims);
      record.markSat(record.place(claims)!);
      claim(seatClaims({ room, match: "m1", ticket: "t2", sid: "s2", player: "eve" }));
      await Promise.all([finish(record, { ranks: { ada: 1 } }), finish(record, { ranks: { ada: 2 } })]);
      expect(record.isOver).toBe(true);
    }
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ match: "m1", roomId: "fra_7_aaaaa", ranks: { ada: 1 } });
    expect(results[0]!.players.map(({ playerId }) => playerId)).toEqual(["ada"]);
    expect(faults).toEqual(["results"]);
  });

  it("[GS32] a room cannot finish before it is made", async () => {
    const { record } = claim();
    await expect(finishOf({})(record)).rejects.toThrow("being made");
  });
});

describe("public metadata", () => {
  it("[GS33] is JSON within its bound, or an empty object and one warning", async () => {
    const { log, lines } = recordingLog();
    const metadataOf = createPublicMetadata(20, log);
    const record = await opened();
    const shows = (metadata: unknown) => {
      Object.assign(record.room!, { metadata });
      return metadataOf(record);
    };
    expect(shows(undefined)).toBe("null");
    expect(shows({ map: "höhle" })).toBe('{"map":"höhle"}');
    expect(shows({ map: "x".repeat(20) })).toBe("{}");
    expect(shows({ big: 1n })).toBe("{}");
    expect(lines.map(({ level }) => level)).toEqual(["warn"]);
  });
});
