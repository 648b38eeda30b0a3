/** Bad frames to a room with inputs, from players who sit in it: Colyseus trusts what it reads, so it must not read these. */
import { Protocol } from "@colyseus/core";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { describe, expect, it, vi } from "vitest";
import { msgpackBombs } from "./tools/bombs.ts";
import { seededBytes } from "./tools/junk.ts";
import type { Line } from "./tools/line.ts";
import { joined } from "./tools/player.ts";
import { brokenFrames, rawLine } from "./tools/raw-line.ts";
import { fleetScene } from "./tools/scene.ts";

const scene = fleetScene({ limits: { playsPerPlayerPerSecond: 200 } });
const BAD = { code: errorCatalogue.BAD_MESSAGE.close, reason: "BAD_MESSAGE" };
/** Colyseus' own code for a message that its room does not take. */
const WITH_ERROR = 4002;
const CONSENTED = 4000;
const PING = Buffer.from([Protocol.PING]);
const TIMED = 0x80;

/** A seat in the arena for each line; players and addresses change, so that no limit is met. */
function createSitters(network: string) {
  let sitters = 0;
  let player: ReturnType<typeof scene.enter> | undefined;
  return async (): Promise<Line> => {
    const from = `${network}.${1 + Math.floor(sitters / 64)}`;
    if (sitters++ % 64 === 0) player = scene.enter({}, { from });
    const line = scene.dialSeat(await (await player!).seat("arena"), { from });
    if (!(await joined(line))) throw new Error(JSON.stringify(line.ending));
    return line;
  };
}

/** Sends a frame and a PING behind it: the connection ends, or the PING is answered. "hangs" if neither. */
async function outcomeOf(line: Line, frame: Uint8Array): Promise<string> {
  const pongs = () => line.heard.filter((heard) => typeof heard !== "string" && heard.equals(PING)).length;
  const before = pongs();
  line.send(frame);
  line.send(PING);
  const outcome = () => line.ending?.code ?? (pongs() > before ? "answered" : undefined);
  return `${await vi.waitUntil(outcome, { timeout: 5_000, interval: 2 }).catch(() => "hangs")}`;
}

const text = (value: string) => Buffer.from([0xa0 | value.length, ...Buffer.from(value)]);
const frameOf = (...parts: (number | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : part)));

describe("inputs", () => {
  const frames: Record<string, number[]> = {
    "a slot of length -1": [20, 0, 0xff],
    "a slot of length -1 behind stamps": [0x94, 1, 1, 0, 0, 0, 0, 0xff],
    "4 billion stamps": [0x94, 0xce, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    "a slot beyond the frame": [20, 0, 100, 1],
    "a slot of length NaN": [20, 0, 0xcb, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
    "a slot of length infinity": [20, 0, 0xcb, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
    "33 slots": [20, 0, ...Array(33).fill(0)],
    "a negative sequence": [20, 0xff, 0],
    "no stamp where one was promised": [0x93],
    "no stamps": [0x94, 0],
    nothing: [20],
  };

  it.each(Object.entries(frames))("[AT10] %s ends its connection before Colyseus reads it", async (_, frame) => {
    const sit = createSitters("127.3.0");
    expect(await outcomeOf(await sit(), Buffer.from(frame))).toBe(`${BAD.code}`);
  });

  it("[AT10] inputs of junk neither hang nor crash the room", async () => {
    const sit = createSitters("127.3.1");
    let line = await sit();
    for (let seed = 1; seed <= 60; seed++) {
      const slot = seededBytes(seed, 100);
      for (const frame of [frameOf(19, slot), frameOf(20, 0, slot.length, slot), frameOf(19 | TIMED, slot)]) {
        const outcome = await outcomeOf(line, frame);
        expect(["answered", `${BAD.code}`], `seed ${seed}`).toContain(outcome);
        if (outcome !== "answered") line = await sit();
      }
    }
  }, 30_000);
});

describe("every opcode", () => {
  const tails = [[], [0xff], [0xd9], [0xce, 0xff], [0xa4, 0x61], [0xc1, 0xc1, 0xc1]];
  const harmless = ["answered", BAD.code, WITH_ERROR, CONSENTED].map(String);

  /** Eight players at a time, each on an address of its own. */
  async function inLanes(frames: readonly number[][], network: string): Promise<Set<string>> {
    const left = [...frames];
    const outcomes = new Set<string>();
    const lane = async (_: unknown, at: number) => {
      const sit = createSitters(`${network}${at}`);
      let line: Line | undefined;
      for (let frame = left.pop(); frame; frame = left.pop()) {
        line ??= await sit();
        const outcome = await outcomeOf(line, Buffer.from(frame));
        expect(harmless, `${frame}`).toContain(outcome);
        outcomes.add(outcome);
        if (outcome !== "answered") line = undefined;
      }
    };
    await Promise.all(Array.from({ length: 8 }).map(lane));
    return outcomes;
  }

  it("[AT11] alone, cut short or with junk behind it ends its connection or is harmless", async () => {
    const frames = Array.from({ length: 32 }, (_, opcode) => tails.map((tail) => [opcode, ...tail])).flat();
    expect(await inLanes(frames, "127.3.2")).toContain(`${BAD.code}`);
  }, 30_000);

  it("[AT11] with modifiers that it must not have ends its connection", async () => {
    const modifiers = [0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xe0];
    const opcodes = [Protocol.JOIN_ROOM, Protocol.ROOM_DATA, Protocol.PING, Protocol.ROOM_REQUEST];
    const frames = opcodes.flatMap((opcode) => modifiers.map((modifier) => [opcode | modifier, 0xa1, 0x61]));
    expect([...(await inLanes(frames, "127.3.3"))]).toEqual([`${BAD.code}`]);
  }, 30_000);
});

describe("messages", () => {
  it("[AT1] msgpack bombs in a message or a request end their own connection, or are answered", async () => {
    const sit = createSitters("127.3.3");
    let line = await sit();
    for (const [name, bomb] of Object.entries(msgpackBombs(16_000))) {
      for (const frame of [
        frameOf(Protocol.ROOM_DATA, text("bots"), bomb),
        frameOf(Protocol.ROOM_REQUEST, 1, text("bots"), bomb),
      ]) {
        const outcome = await outcomeOf(line, frame);
        expect(["answered", BAD.code, WITH_ERROR].map(String), name).toContain(outcome);
        if (outcome !== "answered") line = await sit();
      }
    }
  }, 30_000);

  it("[AT12] message types that are names of prototypes, huge or no text reach no handler", async () => {
    const sit = createSitters("127.3.6");
    let line = await sit();
    const types = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "_$bbots", "*", "", "\0"];
    const frames = [
      ...types.map((type) => frameOf(Protocol.ROOM_DATA, text(type), 0xc0)),
      ...types.map((type) => frameOf(Protocol.ROOM_DATA_BYTES, text(type), 0xc0)),
      frameOf(Protocol.ROOM_DATA, 0xda, 0x10, 0x27, Buffer.alloc(10_000, "k")),
      frameOf(Protocol.ROOM_DATA, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61),
      frameOf(Protocol.ROOM_DATA, 0xa2, 0xc3, 0x28),
      frameOf(Protocol.ROOM_DATA, 0xcb, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
    ];
    for (const frame of frames) {
      expect([`${BAD.code}`, `${WITH_ERROR}`], frame.subarray(0, 20).toString("latin1")).toContain(
        await outcomeOf(line, frame),
      );
      line = await sit();
    }
  });

  it("[AT13] a message that the room's schema does not fit ends its sender's connection and is no exception of ours", async () => {
    const sit = createSitters("127.3.7");
    const payloads = {
      text: text("many"),
      negative: 0xff,
      "much nested": frameOf(0x81, text("count"), Buffer.alloc(500, 0x91), 0xc0),
    };
    for (const [name, payload] of Object.entries(payloads)) {
      const outcome = await outcomeOf(await sit(), frameOf(Protocol.ROOM_DATA, text("bots"), payload));
      expect([`${BAD.code}`, `${WITH_ERROR}`], name).toContain(outcome);
    }
  });

  it("[AT2] a message over the bound, and text, end the connection", async () => {
    const sit = createSitters("127.3.8");
    const large = await sit();
    large.send(Buffer.alloc(16_385, Protocol.PING));
    expect([1006, 1009]).toContain((await large.ended()).code);
    const spoken = await sit();
    spoken.send("text");
    expect(await spoken.ended()).toEqual(BAD);
  });

  it("[AT14] a flood of messages ends its sender's connection with RATE_LIMITED", async () => {
    const line = await createSitters("127.3.9")();
    for (let sent = 0; sent < 10_000; sent++) line.send(PING);
    expect((await line.ended()).code).toBe(errorCatalogue.RATE_LIMITED.close);
  });
});

describe("frames that break the WebSocket protocol", () => {
  it("[AT5] cost their own connection and nobody else's", async () => {
    const { port } = scene.frontrow.member("game-server 1");
    const player = await scene.enter({}, { from: "127.3.4.1" });
    for (const [name, { bytes, mustEnd }] of Object.entries(brokenFrames)) {
      const { token, roomId, sessionId } = await player.seat();
      const line = await rawLine(port, `/${token}/${roomId}?sessionId=${sessionId}`, { from: "127.3.4.2" });
      line.socket.write(bytes);
      if (!mustEnd) line.socket.end();
      await line.closed(name);
    }
  });

  it("[AT5] before the player has joined, bytes of any kind cost that connection only", async () => {
    const player = await scene.enter({}, { from: "127.3.5.1" });
    for (let seed = 1; seed <= 16; seed++) {
      const line = scene.dialSeat(await player.seat(), { from: "127.3.5.2" });
      await line.opened();
      line.send(seededBytes(seed));
      line.send(Buffer.from([Protocol.LEAVE_ROOM]));
      await line.ended();
    }
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
