/**
 * What reads what a stranger's socket delivered, in one shape: bytes go in, and out comes what they mean, written again, or nothing.
 * Beside each stand honest inputs, from which hostile ones are made. The stream's frames have a place of their own, where a second
 * decoder must agree (`test/stream/bad-frames.test.ts`), and player tokens theirs (`player-tokens.test.ts`).
 */
import { Protocol } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { InputDecoder, InputEncoder } from "@colyseus/schema/input";
import { boundInputDecoding } from "@frontrow/game-server/transport/bounded-inputs.ts";
import { whyBadFrame } from "@frontrow/game-server/transport/frame-guard.ts";
import { createRouteTable } from "@frontrow/listener/route-table.ts";
import { defaultLimits } from "@frontrow/shared/limits.ts";
import { parseRoomId, ROOM_ID } from "@frontrow/shared/metro.ts";
import { decode, encode, type Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { samples } from "@frontrow/shared/protocol/samples.ts";
import { type Wire, wires } from "@frontrow/shared/protocol/wire-pin.ts";
import { signSeat, verifySeat } from "@frontrow/shared/seat-token.ts";
import { decodeEcho, encodeEcho } from "@frontrow/shared/stream/echo.ts";
import { seatClaims } from "../../support/game-server/fakes.ts";

export interface AnyDecoder {
  readonly honest: readonly Uint8Array[];
  /** The bytes of what they mean; undefined where they are refused. Must not throw. */
  read(bytes: Uint8Array): Uint8Array | undefined;
}

const text = (value: string) => new TextEncoder().encode(value);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (said: string | Uint8Array) => (typeof said === "string" ? text(said) : said);

function messages(wire: Wire, subprotocol: Subprotocol): AnyDecoder {
  const isJson = subprotocol === "frontrow.v1.json";
  return {
    honest: samples[wire].map((message) => bytesOf(encode(message, subprotocol))),
    read(bytes) {
      const decoded = decode(wires[wire], isJson ? textOf(bytes) : bytes, defaultLimits.edgeMessageBytes);
      return decoded.ok ? bytesOf(encode(decoded.value, subprotocol)) : undefined;
    },
  };
}

const echo: AnyDecoder = {
  honest: [0, 1, 2 ** 31, 2 ** 32 - 1].flatMap((tick) => [false, true].map((restart) => encodeEcho({ tick, restart }))),
  read(bytes) {
    const echo = decodeEcho(bytes);
    return echo && encodeEcho(echo);
  },
};

const Steer = schema({ x: t.int16().default(0), aim: t.uint8().default(0), fire: t.boolean().default(false) }, "Steer");

function inputFrames(): Uint8Array[] {
  const input = new Steer();
  const encoder = new InputEncoder(input, { mode: "unreliable", historySize: 4 });
  return Array.from({ length: 6 }, (_, at) => {
    Object.assign(input, { x: 1_000 * at, aim: 40 * at, fire: at % 2 === 1 });
    return Uint8Array.from(encoder.encode());
  });
}

/** Slots that one frame may have, and so the inputs that it may turn into. */
const SLOTS_MAX = 32;

/** The guard, and behind it what the room reads inputs with: what it lets through must end, and be as many inputs as it may. */
const frames: AnyDecoder = {
  honest: [
    ...inputFrames().map((slots) => Uint8Array.of(Protocol.ROOM_INPUT_UNRELIABLE, ...slots)),
    ...inputFrames().map((slots) => Uint8Array.of(Protocol.ROOM_INPUT_UNRELIABLE | 0x80, 1, 1, 0, 0, 0, ...slots)),
    Uint8Array.of(Protocol.ROOM_INPUT_RELIABLE, 1, 2, 3),
    Uint8Array.of(Protocol.ROOM_DATA, 0xa1, 0x61, 0x81, 0xa1, 0x62, 1),
    Uint8Array.of(Protocol.ROOM_REQUEST, 7, 0xa1, 0x61, 1),
    Uint8Array.of(Protocol.PING),
  ],
  read(bytes) {
    if (whyBadFrame(bytes, () => "one") !== undefined) return undefined;
    if (bytes[0] === Protocol.ROOM_INPUT_UNRELIABLE) inputsIn(bytes.subarray(1));
    return bytes;
  },
};

/** Of a frame that the guard let through. Fields may be nonsense, which the decoder says by an exception; lengths may not. */
function inputsIn(slots: Uint8Array): void {
  boundInputDecoding();
  let inputs = 0;
  try {
    new InputDecoder(new Steer()).decodeAll(slots, () => void inputs++);
  } catch (error) {
    if (error instanceof RangeError && error.message === "input slot length") throw new Error("the guard missed it");
  }
  if (inputs > SLOTS_MAX) throw new Error(`${inputs} inputs of one frame`);
}

/** The loop alone, as it stands behind a guard that has missed something: it ends, and answers or says why not. */
const inputs: AnyDecoder = {
  honest: inputFrames(),
  read(bytes) {
    boundInputDecoding();
    let [seen, isEndless] = [0, false];
    try {
      new InputDecoder(new Steer()).decodeAll(bytes, () => {
        // Each slot has at least the byte that says how long it is: a loop that stands still is ended from here.
        if (++seen > bytes.length) isEndless = true;
        if (isEndless) throw new Error("endless");
      });
      return bytes;
    } catch {
      return undefined;
    }
  },
};

const KEY = new Uint8Array(32).fill(7);
const seats = [seatClaims({ exp: 1 }), seatClaims({ exp: 2, match: "abcdefgh", team: 1, options: { name: "é" } })];

const signed = seats.map((claims) => signSeat(claims, KEY));

/** Nobody but these two was signed, so nothing else may be taken. */
const seatTokens: AnyDecoder = {
  honest: signed.map(text),
  read(bytes) {
    const token = textOf(bytes);
    const claims = verifySeat(token, defaultLimits.seatTokenBytes, [KEY]);
    if (claims && !signed.includes(token)) throw new Error(`taken, though nobody signed it: ${token}`);
    return claims && bytes;
  },
};

const SEGMENT = /^[^/]+$/;
const find = createRouteTable([{ path: "/:seat/:room" }]);

/** The room's id out of the path of a game socket, as far as where to look for it. */
const roomPaths: AnyDecoder = {
  honest: ["/r/fra_7_x2Kd9", "/token/ams_server1_abcdef", "/r/local_1_7f3IA8Y2"].map(text),
  read(bytes) {
    const room = find(textOf(bytes))?.params.room ?? "";
    const where = parseRoomId(room);
    if (!where) return undefined;
    if (!SEGMENT.test(room) || !ROOM_ID.test(room) || room.length > 50) throw new Error(`${room} is no room id`);
    return text(`/r/${where.metro}_${where.server}_${room.slice(where.metro.length + where.server.length + 2)}`);
  },
};

export const decoders: Readonly<Record<string, AnyDecoder>> = {
  "up-msgpack": messages("up", "frontrow.v1"),
  "up-json": messages("up", "frontrow.v1.json"),
  "link-up": messages("linkUp", "frontrow.v1"),
  "link-down": messages("linkDown", "frontrow.v1"),
  down: messages("down", "frontrow.v1"),
  echo,
  frames,
  inputs,
  "seat-tokens": seatTokens,
  "room-paths": roomPaths,
};
