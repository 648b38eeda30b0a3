import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { describe, expect, it } from "vitest";
import { type Asked, judgeSeat, judgeToken } from "./judge.ts";

const claims: SeatClaims = {
  metro: "fra",
  server: "7",
  boot: "b1",
  room: "fra_7_abcde",
  mode: "arena",
  ticket: "t",
  seat: 0,
  gen: 2,
  sid: "s",
  player: "ada",
  guest: false,
  seats: 4,
  private: false,
  compat: "any",
  options: {},
  rtt: { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true },
  exp: 100_000,
};
const here = { metro: "fra", server: "7", boot: "b1" };
const room = { ending: undefined, mode: "arena", lockedAtMs: undefined };
const asked: Asked = { claims, room, place: undefined, sidIsForeign: false, seatTokenMs: 10_000 };
const place = { newestGen: 1, player: "ada", isTaken: false };
const refused = (code: string) => ({ kind: "refuse", code });

describe("a token at a door", () => {
  it("[GS5] it is good at its own room of its own boot until it expires on the index's clock", () => {
    expect(judgeToken(claims, claims.room, here, 99_999)).toBeUndefined();
    expect(judgeToken(claims, claims.room, here, 100_000)).toBe("SEAT_EXPIRED");
    expect(judgeToken(claims, "fra_7_other", here, 0)).toBe("SEAT_INVALID");
    for (const elsewhere of [{ metro: "ams" }, { server: "8" }, { boot: "b2" }]) {
      expect(judgeToken(claims, claims.room, { ...here, ...elsewhere }, 0)).toBe("SEAT_INVALID");
    }
  });
});

describe("a token and its place", () => {
  it("[GS2] a generation that was shown is spent, whether somebody sits there or not", () => {
    for (const isTaken of [true, false]) {
      expect(judgeSeat({ ...asked, place: { ...place, newestGen: 2, isTaken } })).toEqual(refused("SEAT_USED"));
    }
  });

  it("[GS4] a newer generation takes over a taken place and sits on a vacant one; an older one is refused", () => {
    expect(judgeSeat({ ...asked, place: { ...place, isTaken: true } })).toEqual({ kind: "take-over" });
    expect(judgeSeat({ ...asked, place })).toEqual({ kind: "sit" });
    expect(judgeSeat({ ...asked, place: { ...place, newestGen: 3 } })).toEqual(refused("SEAT_TAKEN_OVER"));
  });

  it("[GS7] a room that is over stays over, whatever else the token says", () => {
    const over = { ...room, ending: "ROOM_FINISHED" as const };
    expect(judgeSeat({ ...asked, room: over })).toEqual(refused("ROOM_FINISHED"));
    expect(judgeSeat({ ...asked, room: over, place: { ...place, isTaken: true } })).toEqual(refused("ROOM_FINISHED"));
  });

  it("[GS6] a place is not handed to another player", () => {
    expect(judgeSeat({ ...asked, place: { ...place, player: "eve" } })).toEqual(refused("SEAT_FOREIGN"));
  });

  it("[GS5] a room of another mode, or a session id of another place, makes the token invalid", () => {
    expect(judgeSeat({ ...asked, room: { ...room, mode: "duel" } })).toEqual(refused("SEAT_INVALID"));
    expect(judgeSeat({ ...asked, sidIsForeign: true })).toEqual(refused("SEAT_INVALID"));
  });

  it("[GS1] the first token of a room that nobody knows sits", () => {
    expect(judgeSeat({ ...asked, room: { ...room, mode: undefined } })).toEqual({ kind: "sit" });
  });

  it("[GS21] a lock keeps out what was signed after it, but not whoever has the place already", () => {
    const lockedBefore = { ...room, lockedAtMs: 89_999 };
    expect(judgeSeat({ ...asked, room: lockedBefore })).toEqual(refused("ROOM_LOCKED"));
    expect(judgeSeat({ ...asked, room: { ...room, lockedAtMs: 90_000 } })).toEqual({ kind: "sit" });
    expect(judgeSeat({ ...asked, room: lockedBefore, place: { ...place, isTaken: true } }).kind).toBe("take-over");
  });
});
