/**
 * The frames of Colyseus' socket protocol that a room without state speaks (Protocol.ts of @colyseus/shared-types): an opcode, then
 * strings and numbers as @colyseus/schema writes them, messages as msgpack. An edge also runs where Colyseus does not, so they are
 * spelled here; the test holds them equal to Colyseus' own.
 */
import { encodeMsgpack } from "@frontrow/shared/protocol/codec.ts";

const JOIN_ROOM = 10;
const ERROR = 11;
const LEAVE_ROOM = 12;
const ROOM_DATA = 13;
const ROOM_DATA_BYTES = 17;
const PING = 18;

/** What a room without state names as its serializer. */
const NO_STATE = "none";
/** Prefixes of strings: up to 31 bytes, up to 255, up to 65,535; and of a number of two bytes. */
const SHORT_STRING = 0xa0;
const SHORT_STRING_BYTES = 31;
const STRING_8 = 0xd9;
const STRING_16 = 0xda;
const NUMBER_16 = 0xcd;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The handshake, which the client answers with the bare opcode. */
export function joinedFrame(reconnectionToken: string): Uint8Array {
  const [token, serializer] = [utf8(reconnectionToken), utf8(NO_STATE)];
  return Uint8Array.of(JOIN_ROOM, token.length, ...token, serializer.length, ...serializer, 0);
}

/** `code` is a close code, which takes two bytes. */
export const errorFrame = (code: number, message: string): Uint8Array =>
  Uint8Array.of(ERROR, NUMBER_16, code & 0xff, code >> 8, ...stringOf(message));

export const messageFrame = (type: string, message: unknown): Uint8Array =>
  Uint8Array.of(ROOM_DATA, ...stringOf(type), ...encodeMsgpack(message));

export const pingFrame = (): Uint8Array => Uint8Array.of(PING);

function stringOf(text: string): number[] {
  const bytes = utf8(text);
  const { length } = bytes;
  if (length <= SHORT_STRING_BYTES) return [SHORT_STRING | length, ...bytes];
  return length < 0x100 ? [STRING_8, length, ...bytes] : [STRING_16, length & 0xff, length >> 8, ...bytes];
}

/** What a client said; "other" is a message that a queue has no use for. */
export type Said = "joined" | "leave" | "ping" | "confirm" | "other";

/** Undefined for what no client of a queue sends. */
export function readFrame(frame: Uint8Array): Said | undefined {
  switch (frame[0]) {
    case JOIN_ROOM:
      return "joined";
    case LEAVE_ROOM:
      return "leave";
    case PING:
      return "ping";
    case ROOM_DATA:
    case ROOM_DATA_BYTES: {
      const type = messageType(frame);
      if (type === undefined) return undefined;
      return type === "confirm" ? "confirm" : "other";
    }
    default:
      return undefined;
  }
}

/** A message's type; "" for one that is a number, which is none of a queue's; undefined where there is none. */
function messageType(frame: Uint8Array): string | undefined {
  const prefix = frame[1];
  if (prefix === undefined) return undefined;
  const isShort = prefix >= SHORT_STRING && prefix <= (SHORT_STRING | SHORT_STRING_BYTES);
  if (!isShort && prefix !== STRING_8) return prefix === STRING_16 || prefix === STRING_16 + 1 ? undefined : "";
  const from = isShort ? 2 : 3;
  const to = from + (isShort ? prefix & SHORT_STRING_BYTES : (frame[2] ?? 0));
  return to <= frame.length ? new TextDecoder().decode(frame.subarray(from, to)) : undefined;
}
