import { Protocol, ProtocolModifier } from "@colyseus/core";
import { encode } from "@colyseus/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whyBadFrame } from "./frame-guard.ts";

const one = () => "one" as const;
const both = () => "both" as const;
const bytes = (...values: number[]) => Uint8Array.from(values);

/** What the SDK sends for `room.send(type, payload)`. */
function message(opcode: number, type: string | number, payload: number[] | undefined, requestId?: number): Uint8Array {
  const head: number[] = [opcode];
  const it = { offset: 1 };
  if (requestId !== undefined) encode.number(head as never, requestId, it);
  if (typeof type === "string") encode.string(head as never, type, it);
  else encode.number(head as never, type, it);
  return Uint8Array.from([...head, ...(payload ?? [])]);
}

describe("frames that honest clients send", () => {
  it("[GS22] messages of every type, size and kind of name pass", () => {
    const names = ["a", "höhe", "x".repeat(40), "y".repeat(300), 0, 5, 200, 70_000, -3];
    for (const opcode of [Protocol.ROOM_DATA, Protocol.ROOM_DATA_BYTES]) {
      for (const name of names) {
        expect(whyBadFrame(message(opcode, name, [0x81, 0xa1, 0x78, 1]), one), `${name}`).toBeUndefined();
        expect(whyBadFrame(message(opcode, name, undefined), one), `${name}`).toBeUndefined();
      }
    }
    for (const id of [0, 127, 128, 65_536, 2 ** 32 - 1]) {
      expect(whyBadFrame(message(Protocol.ROOM_REQUEST, "ask", [1], id), one), `${id}`).toBeUndefined();
    }
    for (const opcode of [Protocol.JOIN_ROOM, Protocol.LEAVE_ROOM, Protocol.PING]) {
      expect(whyBadFrame(bytes(opcode), one)).toBeUndefined();
    }
  });

  it("[GS22] inputs pass with and without stamps, of rooms with one timeline and with both", () => {
    const { ROOM_INPUT_RELIABLE: reliable, ROOM_INPUT_UNRELIABLE: unreliable } = Protocol;
    const { TIMED } = ProtocolModifier;
    expect(whyBadFrame(bytes(reliable, 1, 2, 3), one)).toBeUndefined();
    expect(whyBadFrame(bytes(reliable | TIMED, 5, 1, 2), one)).toBeUndefined();
    expect(whyBadFrame(bytes(reliable | TIMED, 5, 1, 2), both)).toBeUndefined();
    expect(whyBadFrame(bytes(unreliable, 9, 2, 7, 7, 0, 1, 7), one)).toBeUndefined();
    expect(whyBadFrame(bytes(unreliable | TIMED, 2, 1, 0, 0, 0, 4, 9, 1, 7, 1, 7), one)).toBeUndefined();
    expect(whyBadFrame(bytes(unreliable | TIMED, 2, 1, 0, 0, 0, 4, 3, 0, 1, 9, 1, 7, 1, 7), both)).toBeUndefined();
  });
});

describe("frames that must not reach Colyseus", () => {
  it.each<[string, number[]]>([
    ["nothing", []],
    ["an opcode of the server's", [Protocol.ROOM_STATE]],
    ["an opcode that nobody knows", [31]],
    ["a modifier on what is no input", [Protocol.ROOM_DATA | 0x80, 0xa1, 0x61]],
    ["a modifier that inputs do not have", [Protocol.ROOM_INPUT_RELIABLE | 0x40, 1]],
    ["a message without a type", [Protocol.ROOM_DATA]],
    ["a type longer than the frame", [Protocol.ROOM_DATA, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ["a type that is no UTF-8", [Protocol.ROOM_DATA, 0xa2, 0xff, 0xff]],
    ["a request without an id", [Protocol.ROOM_REQUEST]],
    ["an id that ends early", [Protocol.ROOM_REQUEST, 0xce, 1]],
    ["a stamp that is no number", [Protocol.ROOM_INPUT_RELIABLE | 0x80, 0xcb, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ["a stamp that ends early", [Protocol.ROOM_INPUT_RELIABLE | 0x80, 0xce, 1]],
    ["a slot of length -1", [Protocol.ROOM_INPUT_UNRELIABLE, 0, 0xff]],
    ["a slot of length -1 behind stamps", [0x94, 1, 1, 0, 0, 0, 0, 0xff]],
    ["a slot longer than the frame", [Protocol.ROOM_INPUT_UNRELIABLE, 0, 5, 1]],
    ["four billion stamps", [0x94, 0xce, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
    ["no stamps at all", [0x94, 0, 0, 0, 0, 0, 0, 1, 7]],
    ["half a stamp", [0x94, 1.5, 0, 0]],
    ["33 slots", [Protocol.ROOM_INPUT_UNRELIABLE, 0, ...Array(33).fill(0)]],
  ])("[GS22] %s", (_, frame) => {
    expect(whyBadFrame(Uint8Array.from(frame), one)).toBeTypeOf("string");
  });

  it("[GS22] any bytes are judged, in bounded time, without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...Object.values(Protocol)), (tail, opcode) => {
        for (const modifier of [0, 0x80]) whyBadFrame(Uint8Array.from([opcode | modifier, ...tail]), both);
      }),
      { numRuns: 500 },
    );
  });
});
