import { FrontrowError } from "@frontrow/shared/errors.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseClaimed,
  parseHeartbeat,
  parseListed,
  parseLoser,
  parseRegistered,
  parseRegistration,
  parseReleased,
  parseReplicas,
  parseReported,
  parseReservations,
  parseSettlements,
  parseTaken,
  parseWanted,
} from "./replies.ts";

const room = ["fra_7_x2Kd9", "7", "boot", "arena", 16, 0, ""];
const reserved = ["RESERVED", 1, 3, 0];
const away = expect.objectContaining({ refusal: expect.objectContaining({ code: "INDEX_AWAY" }) });

describe("replies", () => {
  it("[LB21] a reservation's answer is read word by word", () => {
    const replies = [reserved, ["NO_SERVER"], ["PAUSED", "metro"], ["FAILED", "WRONGTYPE"]];
    expect(parseReservations([99, [room], ...replies], 4)).toEqual([
      {
        kind: "RESERVED",
        roomId: "fra_7_x2Kd9",
        server: "7",
        boot: "boot",
        mode: "arena",
        generation: 3,
        fresh: false,
        capacity: 16,
        private: false,
        code: "",
        nowMs: 99,
      },
      { kind: "NO_SERVER" },
      { kind: "PAUSED", flag: "metro" },
      away,
    ]);
  });

  it.each([
    ["a room on another server", 0, "fra_8_x2Kd9"],
    ["no room id", 0, "somewhere"],
    ["half a seat", 4, 1.5],
    ["a word for a number", 4, "16"],
    ["a word for yes or no", 5, "no"],
  ])("[LB21] %s is no room to sit in, and whoever got another one does not notice", (_why, at, value) => {
    const replies = [
      ["RESERVED", 1, 1, 0],
      ["RESERVED", 2, 1, 0],
    ] as const;
    expect(parseReservations([99, [room.with(at, value), room], ...replies], 2)).toEqual([
      away,
      expect.objectContaining({ kind: "RESERVED", roomId: "fra_7_x2Kd9" }),
    ]);
  });

  it.each([
    ["a room that was not told", 1, 2],
    ["no generation", 2, 0],
    ["a word for a number", 2, "1"],
    ["another word", 0, "GRANTED"],
  ])("[LB21] %s is not a seat", (_why, at, value) => {
    expect(parseReservations([99, [room], reserved.with(at, value)], 1)).toEqual([away]);
  });

  it("[LB21] answers that are missing or too many fail all of their batch, rather than go to the wrong ticket", () => {
    expect(() => parseReservations([99, [room], reserved], 2)).toThrow(FrontrowError);
    expect(() => parseReservations([99, [room], reserved, reserved], 1)).toThrow(FrontrowError);
    expect(() => parseReleased(["RELEASED"], 2)).toThrow(FrontrowError);
    expect(parseReleased(["RELEASED", "FAILED", "GONE"], 3)).toEqual(["RELEASED", away, "GONE"]);
  });

  it("[LB21] anything else ends in INDEX_AWAY and nothing else", () => {
    const parsers = [
      (reply: unknown) => parseReservations(reply, 1),
      parseHeartbeat,
      (reply: unknown) => parseReleased(reply, 1),
      parseRegistered,
      parseRegistration,
      parseClaimed,
      (reply: unknown) => parseListed(reply, "arena"),
      (reply: unknown) => parseSettlements(reply, 1),
      parseReplicas,
      parseReported,
      parseTaken,
      parseWanted,
    ];
    const junk = fc.oneof(
      fc.anything(),
      fc.array(fc.oneof(fc.string(), fc.double(), fc.constantFrom("ALIVE", "CLAIMED"))),
    );
    fc.assert(
      fc.property(junk, fc.constantFrom(...parsers), (reply, parse) => {
        try {
          const read = parse(reply);
          expect(read).toBeDefined();
        } catch (error) {
          expect(error).toEqual(away);
        }
      }),
    );
  });

  it("[LM19] the end of a match is read word by word; what is not its room, or not an end, is neither", () => {
    const settled = [...reserved, '["ann"]'];
    const replies = [settled, ["ABORTED"], ["WAIT", 5], reserved, settled.with(1, 2), ["WAIT", 0], ["FAILED", "x"]];
    const read = parseSettlements([99, [room], ...replies], 7);
    expect(read[0]).toMatchObject({
      kind: "RESERVED",
      roomId: "fra_7_x2Kd9",
      generation: 3,
      roster: '["ann"]',
      nowMs: 99,
    });
    expect(read.slice(1)).toEqual([{ kind: "ABORTED" }, { kind: "WAIT", retryInMs: 5 }, away, away, away, away]);
    expect(() => parseSettlements([99, [room], settled], 2)).toThrow(FrontrowError);
  });

  it("[LB21] what somebody else published on the channel is nobody's loss", () => {
    expect(parseLoser('{"player":"p","owner":"o"}')).toEqual({ player: "p", owner: "o" });
    expect(parseLoser('{"player":7}')).toBeUndefined();
    expect(parseLoser("{")).toBeUndefined();
  });
});
