/**
 * What a client may send to a Colyseus room, checked before Colyseus reads it, because core 0.18 trusts what it reads: a 3-byte
 * frame `[20, 0, 0xff]` (an input slot of length -1) hangs a stock room for ever, and a stamp count of 2^32 blocks it for as
 * long as the sender likes. A frame that breaks a rule ends its sender's connection.
 *
 * Frames (Protocol.ts of @colyseus/shared-types): an opcode in the low five bits, modifiers above it, then
 *   13, 17, 21  [request id, 21 only] type (string or number) payload
 *   19          [stamp] input
 *   20          [k newest (k-1 deltas) [newest (k-1 deltas), both stamps only]] base-seq (length input)*
 */
import { isUtf8 } from "node:buffer";
import { Protocol, ProtocolModifier, type Room } from "@colyseus/core";
import { decode } from "@colyseus/schema";
import { internalsOf } from "../colyseus/internals.ts";

/** How many lag-compensation stamps a slot of a stamped input frame carries. */
export type StampMode = "one" | "both";

/** What the room's rewind groups ask of its clients; settled once players join. */
export function stampsOf(room: Room): StampMode {
  const { snapshot, reckon } = internalsOf(room)._timelineMode() ?? {};
  return snapshot && reckon ? "both" : "one";
}

/** Slots in one unreliable input frame: the SDK repeats a handful; 32 is half a second at 60 Hz. */
const SLOTS_MAX = 32;
const OPCODE = 0x1f;
const MODIFIERS = 0xe0;

/** Why Colyseus must not read `frame`; undefined if it may. */
export function whyBadFrame(frame: Uint8Array, stamps: () => StampMode): string | undefined {
  if (frame.length === 0) return "empty";
  const opcode = frame[0]! & OPCODE;
  const modifiers = frame[0]! & MODIFIERS;
  const isInput = opcode === Protocol.ROOM_INPUT_RELIABLE || opcode === Protocol.ROOM_INPUT_UNRELIABLE;
  if (modifiers !== 0 && !(isInput && modifiers === ProtocolModifier.TIMED)) return "modifier";
  const reader = new Reader(frame);
  switch (opcode) {
    case Protocol.JOIN_ROOM:
    case Protocol.LEAVE_ROOM:
    case Protocol.PING:
      return undefined;
    case Protocol.ROOM_REQUEST:
      return isCount(reader.number()) ? whyBadType(reader) : "request id";
    case Protocol.ROOM_DATA:
    case Protocol.ROOM_DATA_BYTES:
      return whyBadType(reader);
    case Protocol.ROOM_INPUT_RELIABLE:
      return modifiers === 0 ? undefined : whyBadStamp(reader, stamps());
    case Protocol.ROOM_INPUT_UNRELIABLE:
      return (modifiers === 0 ? undefined : whyBadStamps(reader, stamps())) ?? whyBadSlots(reader, frame.length);
    default:
      return "opcode";
  }
}

/** What only players may send: everything but what keeps the connection, and messages of `allowed` types. */
export function isForPlayers(frame: Uint8Array, allowed: ReadonlySet<string | number>): boolean {
  const opcode = frame[0]! & OPCODE;
  if (opcode === Protocol.JOIN_ROOM || opcode === Protocol.LEAVE_ROOM || opcode === Protocol.PING) return false;
  if (opcode === Protocol.ROOM_INPUT_RELIABLE || opcode === Protocol.ROOM_INPUT_UNRELIABLE) return true;
  const it = { offset: 1 };
  if (opcode === Protocol.ROOM_REQUEST) decode.number(frame, it);
  return !allowed.has(decode.stringCheck(frame, it) ? decode.string(frame, it) : decode.number(frame, it));
}

/** Reads numbers as Colyseus does, but knows when it has read past the end. A class: one is made for every message. */
class Reader {
  readonly frame: Uint8Array;
  /** As Colyseus' decoders count it. */
  offset = 1;

  constructor(frame: Uint8Array) {
    this.frame = frame;
  }

  number(): number | undefined {
    if (this.offset >= this.frame.length) return undefined;
    const value = decode.number(this.frame, this);
    return this.offset <= this.frame.length && Number.isFinite(value) ? value : undefined;
  }

  skip(bytes: number): boolean {
    this.offset += bytes;
    return this.offset <= this.frame.length;
  }
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0;

function whyBadType(reader: Reader): string | undefined {
  const { frame } = reader;
  if (!decode.stringCheck(frame, reader)) return reader.number() === undefined ? "message type" : undefined;
  const prefix = frame[reader.offset++]!;
  const sizeBytes = prefix < 0xc0 ? 0 : prefix === 0xd9 ? 1 : prefix === 0xda ? 2 : 4;
  let length = prefix & 0x1f;
  if (sizeBytes > 0) {
    length = 0;
    for (let i = 0; i < sizeBytes; i++) length += (frame[reader.offset++] ?? 0) * 256 ** i;
  }
  const from = reader.offset;
  if (!reader.skip(length)) return "message type length";
  return isText(frame, from, reader.offset) ? undefined : "message type";
}

/** Types are short and of ASCII, nearly always. */
function isText(frame: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (frame[at]! >= 0x80) return isUtf8(frame.subarray(at, end));
  return true;
}

/** One input's stamp. A NaN would stay in the client's running baseline for ever. */
function whyBadStamp(reader: Reader, stamps: StampMode): string | undefined {
  if (reader.number() === undefined) return "stamp";
  return stamps !== "both" || reader.skip(2) ? undefined : "stamp";
}

function whyBadStamps(reader: Reader, stamps: StampMode): string | undefined {
  const slots = reader.number();
  if (!isCount(slots) || slots < 1 || slots > SLOTS_MAX) return "stamp count";
  if (!reader.skip(4)) return "stamp";
  for (let i = 1; i < slots; i++) if (reader.number() === undefined) return "stamp";
  if (stamps !== "both") return undefined;
  if (!reader.skip(2)) return "stamp";
  for (let i = 1; i < slots; i++) if (reader.number() === undefined) return "stamp";
  return undefined;
}

function whyBadSlots(reader: Reader, length: number): string | undefined {
  if (!isCount(reader.number())) return "input sequence";
  for (let slots = 0; reader.offset < length; slots++) {
    if (slots >= SLOTS_MAX) return "input slots";
    const slotBytes = reader.number();
    if (!isCount(slotBytes) || !reader.skip(slotBytes)) return "input slot length";
  }
  return undefined;
}
