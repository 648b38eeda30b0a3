import { CloseCode, getMessageBytes, Protocol } from "@colyseus/core";
import { errorCatalogue, errorCodes } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import { errorFrame, joinedFrame, messageFrame, pingFrame, readFrame } from "./frames.ts";

const bytes = (frame: ArrayLike<number>) => Array.from(frame);
const message = (type: string | number, payload?: unknown) =>
  getMessageBytes.raw(Protocol.ROOM_DATA, type, payload) as Uint8Array;

describe("the frames of a queue", () => {
  it("[SQ13] are those that Colyseus itself makes", () => {
    for (const token of ["a", "session00001"]) {
      expect(bytes(joinedFrame(token))).toEqual(bytes(getMessageBytes[Protocol.JOIN_ROOM](token, "none")));
    }
    for (const code of errorCodes) {
      const { close, message } = errorCatalogue[code];
      expect(bytes(errorFrame(close, message)), code).toEqual(bytes(getMessageBytes[Protocol.ERROR](close, message)));
    }
    // Lengths at which the prefix changes, and letters of several bytes.
    for (const text of ["", "x".repeat(31), "x".repeat(32), "ü".repeat(127), "x".repeat(256), "€".repeat(300)]) {
      const theirs = getMessageBytes[Protocol.ERROR](CloseCode.WITH_ERROR, text);
      expect(bytes(errorFrame(CloseCode.WITH_ERROR, text))).toEqual(bytes(theirs));
    }
    for (const count of [1, 127, 128, 70_000]) {
      expect(bytes(messageFrame("clients", count))).toEqual(bytes(message("clients", count)));
    }
    expect(bytes(pingFrame())).toEqual(bytes(getMessageBytes[Protocol.PING]()));
  });

  it("[SQ13] what a client says is read as Colyseus would", () => {
    expect(readFrame(Uint8Array.of(Protocol.JOIN_ROOM))).toBe("joined");
    expect(readFrame(Uint8Array.of(Protocol.LEAVE_ROOM))).toBe("leave");
    expect(readFrame(Uint8Array.of(Protocol.PING))).toBe("ping");
    for (const payload of [undefined, null, {}, { deep: [1, 2] }]) {
      expect(readFrame(message("confirm", payload))).toBe("confirm");
    }
    for (const type of ["confirmed", "Confirm", "", "x".repeat(200), 0, 127, 40_000, -1, 1.5]) {
      expect(readFrame(message(type)), `${type}`).toBe("other");
    }
  });

  it("[SQ11] whatever else arrives is one of these or nothing, and never throws", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const seen = new Set<string | undefined>();
    for (let i = 0; i < 20_000; i++) {
      const frame = Uint8Array.from({ length: random(12) }, () => random(256));
      if (i % 2 === 0 && frame.length > 0) frame[0] = 10 + random(12);
      seen.add(readFrame(frame));
    }
    expect([...seen].sort()).toEqual(["joined", "leave", "other", "ping", undefined]);
    for (const beyond of [[13, 0xbf, 97], [13, 0xd9], [13, 0xd9, 3, 97], [13, 0xda, 1, 0, 97], [13]]) {
      expect(readFrame(Uint8Array.from(beyond)), `${beyond}`).toBeUndefined();
    }
  });
});
