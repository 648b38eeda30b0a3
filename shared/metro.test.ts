import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as metro from "./metro.ts";

const metroCode = fc.stringMatching(/^[a-z]{3,8}$/);
const serverId = fc.stringMatching(/^[A-Za-z0-9]{1,24}$/);
const suffix = fc.stringMatching(/^[A-Za-z0-9]{5,16}$/);
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 });

describe("room ids", () => {
  it("[WR9] a room id says its metro and its server", () => {
    expect(metro.parseRoomId("fra_7_x2Kd9")).toEqual({ metro: "fra", server: "7" });
    fc.assert(
      fc.property(metroCode, serverId, suffix, (code, server, end) => {
        expect(metro.parseRoomId(metro.roomIdOf(code, server, end))).toEqual({ metro: code, server });
      }),
    );
  });

  it.each([
    "",
    "fra",
    "fra_7",
    "fra_7_abcd",
    "FRA_7_abcde",
    "fra__abcde",
    "fra_7_abcde\n",
    "fra_7_abc/e",
    "fr_7_abcde",
  ])("[WR9] %j is no room id", (text) => {
    expect(metro.parseRoomId(text)).toBeUndefined();
  });
});

describe("room codes", () => {
  it("[WR10] a code survives being read out and typed: case, spaces, dash, O for 0, I and L for 1", () => {
    for (const typed of [
      "FRA-7K2M01XD",
      "fra-7k2m01xd",
      "fra7k2mo1xd",
      " FRA 7K2M OLXD ",
      "fra-7k2moixd",
      "FRA7-K2-M0-1XD",
    ]) {
      expect(metro.normaliseRoomCode(typed), typed).toBe("FRA-7K2M01XD");
    }
  });

  it("[WR10] every code that is made is one, normal, and says its metro", () => {
    fc.assert(
      fc.property(metroCode, eightBytes, (code, random) => {
        const made = metro.roomCodeOf(code, random);
        expect(made).toMatch(metro.ROOM_CODE);
        expect(metro.normaliseRoomCode(made.toLowerCase().replace("-", ""))).toBe(made);
        expect(metro.metroOfRoomCode(made)).toBe(code);
      }),
    );
  });

  it("[WR10] what is typed is either a code or nothing, never a throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (typed) => {
        const normal = metro.normaliseRoomCode(typed);
        expect(normal === undefined || metro.ROOM_CODE.test(normal)).toBe(true);
      }),
    );
    for (const wrong of ["", "FRA-", "FRA-7K2M01X", "FR-7K2M01XD", "FRA-7K2M01XU", "ABCDEFGHI-7K2M01XD"]) {
      expect(metro.normaliseRoomCode(wrong), wrong).toBeUndefined();
    }
  });

  it("[WR10] all 40 bits of the code come from the random bytes", () => {
    const codes = new Set(
      Array.from({ length: 256 }, (_, byte) => metro.roomCodeOf("fra", new Uint8Array(8).fill(byte))),
    );
    expect(codes.size).toBe(32);
    expect(metro.base62(Uint8Array.from([0, 61, 62]))).toBe("0z0");
  });
});
