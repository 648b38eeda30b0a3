/**
 * Sends a room's stream: once a tick everything is encoded, then each follower gets its frame, by the pace that its ladder says. A frame
 * leaves at once, past the room's other messages, because a client costs one system call a tick and that is the most of what it costs.
 * Frames are put together many at a time before they leave: what they are made of stays in the processor's caches, which a system call empties.
 *
 * A follower that comes back on another connection starts with nothing, on a ladder of its own: what it held went with the old one.
 */
import type { SendResult } from "@frontrow/listener/listener.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { decodeEcho } from "@frontrow/shared/stream/echo.ts";
import { FrameWriter } from "../stream/frame-writer.ts";
import type { Interest } from "../stream/interest.ts";
import type { Viewer } from "../stream/viewer.ts";
import { Ladder, type Pace } from "./ladder.ts";

/** The connection that a follower has now. */
export interface FrameSocket {
  readonly isOpen: boolean;
  /** Bytes that the kernel has not taken yet. */
  buffered(): number;
  /** The bytes may be used again when this returns. */
  sendNow(frame: Uint8Array): SendResult;
  /** Ends it with a code upon which SDKs connect again. */
  endSlow(): void;
}

/** The stream as far as it is needed here. */
interface FrameSource {
  viewer(interest: Interest): Viewer;
  encode(tick: number): void;
}

export type FanOutEvent =
  /** One tick: how long encoding took, and everything; how many frames left, with how many bytes. */
  | {
      readonly kind: "stream-tick";
      readonly encodeMs: number;
      readonly tookMs: number;
      readonly frames: number;
      readonly bytes: number;
    }
  | { readonly kind: "stream-pace"; readonly pace: Pace | "evicted" }
  /** A client's checksum did not match, or it could not read a frame. */
  | { readonly kind: "stream-restart" };

export interface FanOutOptions {
  readonly source: FrameSource;
  readonly limits: Limits;
  readonly tickMs: number;
  /** Bytes before each frame. */
  readonly head: Uint8Array;
  readonly nowMs: () => number;
  /** The process has more to do than fits: what is far is sent at the slowest rate. */
  readonly isPressed: () => boolean;
  readonly observe: (event: FanOutEvent) => void;
}

export interface FanOut {
  follow(of: { socket: () => FrameSocket; rttMs: number; interest: Interest }): Follower;
  /** Encodes the tick and sends it; `tick` must go up. */
  send(tick: number): void;
}

/** Frames that are put together before the first of them leaves: some 40 kB. */
const AT_ONCE = 256;
const FIRST_BYTES = 65_536;
/** Knuth's multiplier: following ticks begin far from one another. */
const SHUFFLE = 2_654_435_761;
/** Between two restarts that a client asks for; half of what ours wait. */
const RESTART_MS = 500;

/** All followers of one room. */
class Followers {
  readonly options: FanOutOptions;
  readonly writer = new FrameWriter();
  all: Follower[] = [];
  hasGone = false;
  isPressed = false;
  tick = 0;

  constructor(options: FanOutOptions) {
    this.options = options;
    this.writer.open(new Uint8Array(FIRST_BYTES), 0);
  }
}

/** One of them. A class, as all that a tick walks through for each client: closures would be as many more places in memory. */
export class Follower {
  readonly #room: Followers;
  readonly #viewer: Viewer;
  readonly #socket: () => FrameSocket;
  readonly #rttMs: number;
  #interest: Interest;
  /** The connection that the ladder is about. */
  #on: FrameSocket;
  #ladder: Ladder;
  /** Bytes of it waited when something was last sent: only then is it worth asking how many. */
  #isBehind = false;
  /** Its connection takes nothing any more; perhaps it has another. */
  #isOff = false;
  #restartedAt = Number.NEGATIVE_INFINITY;
  isGone = false;

  constructor(room: Followers, { socket, rttMs, interest }: Parameters<FanOut["follow"]>[0]) {
    const { source, limits, tickMs } = room.options;
    this.#room = room;
    this.#socket = socket;
    this.#rttMs = rttMs;
    this.#interest = interest;
    this.#viewer = source.viewer(interest);
    this.#on = socket();
    this.#ladder = new Ladder(limits, tickMs);
    if (room.isPressed) this.press();
  }

  get pace(): Pace {
    return this.#ladder.pace;
  }

  look(x: number, y: number): void {
    this.#viewer.look(x, y);
  }

  widen(interest: Interest): void {
    this.#interest = interest;
    this.press();
  }

  /** What its client said. False: that was no echo. */
  heard(bytes: Uint8Array): boolean {
    const echo = decodeEcho(bytes);
    if (!echo) return false;
    this.#ladder.shown(echo.tick);
    const { tick, options } = this.#room;
    // Keyframes of everything are dear: honest clients ask once a second, and what was asked for is on its way meanwhile.
    if (echo.restart && (tick - this.#restartedAt) * options.tickMs >= RESTART_MS) {
      this.#restartedAt = tick;
      options.observe({ kind: "stream-restart" });
      this.#viewer.restart();
    }
    return true;
  }

  stop(): void {
    this.isGone = this.#room.hasGone = true;
    this.#viewer.close();
  }

  /** Sees what is far more rarely, or as it should again: as the room is pressed. */
  press(): void {
    this.#viewer.widen(this.#room.isPressed ? withFarSlower(this.#interest) : this.#interest);
  }

  /** Its frame of this tick into the writer, where it is to have one. */
  write(): boolean {
    if (this.#isOff && !this.#changeSocket()) return false;
    const { tick, writer, options } = this.#room;
    const before = this.#ladder.pace;
    const pace = this.#ladder.step(tick, this.#isBehind ? this.#on.buffered() : 0, this.#rttMs);
    if (pace !== before) options.observe({ kind: "stream-pace", pace });
    if (pace === "evicted") {
      this.#isOff = true;
      this.#on.endSlow();
      return false;
    }
    // A viewer whose frame is not taken holds nothing from then on: it starts with keyframes when it may.
    if (pace === "none") return false;
    if (pace !== before) this.#viewer.slower(pace === "half" ? 2 : 1);
    const begin = writer.end;
    writer.put(options.head);
    if (this.#viewer.write(writer)) return true;
    writer.end = begin;
    return false;
  }

  /** Whether it left. */
  send(frame: Uint8Array): boolean {
    const result = this.#on.sendNow(frame);
    this.#isOff = result === "dropped";
    if (this.#isOff) return false;
    this.#isBehind = result === "queued";
    this.#ladder.sent(this.#room.tick);
    return true;
  }

  /** To the one that its client has now, where it is open. */
  #changeSocket(): boolean {
    const socket = this.#socket();
    if (!socket.isOpen) return false;
    const { limits, tickMs } = this.#room.options;
    this.#on = socket;
    this.#ladder = new Ladder(limits, tickMs);
    this.#isOff = this.#isBehind = false;
    this.#viewer.slower(1);
    this.#viewer.restart();
    return true;
  }
}

export function createFanOut(options: FanOutOptions): FanOut {
  const { source, nowMs, isPressed, observe } = options;
  const room = new Followers(options);
  const { writer } = room;
  /** Of the frames in the writer: whose each is, and where it ends. */
  const whose: Follower[] = [];
  const ends: number[] = [];
  let [frames, bytes] = [0, 0];

  function write(follower: Follower): void {
    if (follower.isGone || !follower.write()) return;
    whose.push(follower);
    ends.push(writer.end);
    if (whose.length === AT_ONCE) sendWritten();
  }

  function sendWritten(): void {
    let begin = 0;
    for (let at = 0; at < whose.length; at++) {
      const end = ends[at]!;
      if (whose[at]!.send(writer.bytes.subarray(begin, end))) {
        frames++;
        bytes += end - begin;
      }
      begin = end;
    }
    whose.length = ends.length = writer.end = 0;
  }

  return {
    follow(of) {
      const follower = new Follower(room, of);
      room.all.push(follower);
      return follower;
    },
    send(tick) {
      room.tick = tick;
      if (room.hasGone) room.all = room.all.filter(({ isGone }) => !isGone);
      room.hasGone = false;
      if (isPressed() !== room.isPressed) {
        room.isPressed = !room.isPressed;
        for (const follower of room.all) follower.press();
      }
      const beganMs = nowMs();
      source.encode(tick);
      const encodeMs = nowMs() - beganMs;
      frames = bytes = 0;
      // Sending takes a good part of a tick: nobody is always the last.
      const { all } = room;
      const first = (Math.imul(tick, SHUFFLE) >>> 0) % all.length;
      for (let at = first; at < all.length; at++) write(all[at]!);
      for (let at = 0; at < first; at++) write(all[at]!);
      sendWritten();
      observe({ kind: "stream-tick", encodeMs, tookMs: nowMs() - beganMs, frames, bytes });
    },
  };
}

/** What is seen at every second tick is seen at every fourth; what is near stays as it is. */
const withFarSlower = ({ half = 0, quarter = 0, ...near }: Interest): Interest => ({
  ...near,
  quarter: Math.max(half, quarter),
});
