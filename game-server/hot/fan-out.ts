/**
 * Sends a room's stream: once a tick everything is encoded, then each follower gets its frame, by the pace that its ladder says. A frame
 * leaves at once, past the room's other messages, because a client costs one system call a tick and that is the most of what it costs.
 *
 * A follower that comes back on another connection starts with nothing, on a ladder of its own: what it held went with the old one.
 */
import type { SendResult } from "@frontrow/listener/listener.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { decodeEcho } from "@frontrow/shared/stream/echo.ts";
import type { Interest } from "../stream/interest.ts";
import type { Viewer } from "../stream/viewer.ts";
import { createLadder, type Ladder, type Pace } from "./ladder.ts";

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
export interface FrameSource {
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

export interface Follower {
  look(x: number, y: number): void;
  widen(interest: Interest): void;
  /** What its client said. False: that was no echo. */
  heard(bytes: Uint8Array): boolean;
  stop(): void;
  readonly pace: Pace;
}

export interface FanOut {
  follow(of: { socket: () => FrameSocket; rttMs: number; interest: Interest }): Follower;
  /** Encodes the tick and sends it; `tick` must go up. */
  send(tick: number): void;
  readonly size: number;
}

interface Seat {
  readonly viewer: Viewer;
  readonly socket: () => FrameSocket;
  readonly rttMs: number;
  interest: Interest;
  /** Bytes of it waited when something was last sent: only then is it worth asking how many. */
  isBehind: boolean;
  /** The connection that the ladder is about. */
  on: FrameSocket;
  ladder: Ladder;
}

const FIRST_BYTES = 16_384;
/** Knuth's multiplier: following ticks begin far from one another. */
const SHUFFLE = 2_654_435_761;
/** Between two restarts that a client asks for; half of what ours wait. */
const RESTART_MS = 500;

export function createFanOut(options: FanOutOptions): FanOut {
  const { source, limits, tickMs, head, nowMs, isPressed, observe } = options;
  const seats: Seat[] = [];
  let buffer = new Uint8Array(FIRST_BYTES);
  buffer.set(head);
  let [now, frames, bytes] = [0, 0, 0];
  let wasPressed = false;

  function sendTo(seat: Seat, tick: number): void {
    const socket = seat.socket();
    if (!socket.isOpen) return;
    if (socket !== seat.on) {
      seat.on = socket;
      seat.ladder = createLadder(limits, tickMs);
      seat.isBehind = false;
      seat.viewer.slower(1);
      seat.viewer.restart();
    }
    const { ladder, viewer } = seat;
    const before = ladder.pace;
    const buffered = seat.isBehind ? socket.buffered() : 0;
    const { pace, evicted } = ladder.step({ tick, buffered, rttMs: seat.rttMs });
    if (evicted) {
      observe({ kind: "stream-pace", pace: "evicted" });
      return socket.endSlow();
    }
    if (pace !== before) {
      observe({ kind: "stream-pace", pace });
      if (pace !== "none") viewer.slower(pace === "half" ? 2 : 1);
    }
    // A viewer whose frame is not taken holds nothing from then on: it starts with keyframes when it may.
    if (pace === "none") return;
    const frame = viewer.frame(buffer, head.length);
    if (!frame) return;
    if (frame.buffer !== buffer.buffer) buffer = new Uint8Array(frame.buffer as ArrayBuffer);
    const result = socket.sendNow(frame);
    if (result === "dropped") return;
    seat.isBehind = result === "queued";
    ladder.sent(tick);
    frames++;
    bytes += frame.length;
  }

  return {
    follow({ socket, rttMs, interest }) {
      const viewer = source.viewer(interest);
      const seat: Seat = {
        viewer,
        socket,
        rttMs,
        interest,
        isBehind: false,
        on: socket(),
        ladder: createLadder(limits, tickMs),
      };
      if (wasPressed) viewer.widen(withFarSlower(interest));
      let restartedAt = Number.NEGATIVE_INFINITY;
      seats.push(seat);
      return {
        look: viewer.look,
        widen(interest) {
          seat.interest = interest;
          viewer.widen(wasPressed ? withFarSlower(interest) : interest);
        },
        heard(bytes) {
          const echo = decodeEcho(bytes);
          if (!echo) return false;
          seat.ladder.shown(echo.tick);
          // Keyframes of everything are dear: honest clients ask once a second, and what was asked for is on its way meanwhile.
          if (echo.restart && (now - restartedAt) * tickMs >= RESTART_MS) {
            restartedAt = now;
            observe({ kind: "stream-restart" });
            viewer.restart();
          }
          return true;
        },
        stop() {
          const at = seats.indexOf(seat);
          if (at >= 0) seats.splice(at, 1);
          viewer.close();
        },
        get pace() {
          return seat.ladder.pace;
        },
      };
    },
    send(tick) {
      now = tick;
      if (isPressed() !== wasPressed) {
        wasPressed = !wasPressed;
        for (const { viewer, interest } of seats) viewer.widen(wasPressed ? withFarSlower(interest) : interest);
      }
      const beganMs = nowMs();
      source.encode(tick);
      const encodeMs = nowMs() - beganMs;
      frames = bytes = 0;
      // Sending takes a good part of a tick: nobody is always the last.
      const first = Math.imul(tick, SHUFFLE) >>> 0;
      for (let at = 0; at < seats.length; at++) sendTo(seats[(first + at) % seats.length]!, tick);
      observe({ kind: "stream-tick", encodeMs, tookMs: nowMs() - beganMs, frames, bytes });
    },
    get size() {
      return seats.length;
    },
  };
}

/** What is seen at every second tick is seen at every fourth; what is near stays as it is. */
const withFarSlower = ({ half = 0, quarter = 0, ...near }: Interest): Interest => ({
  ...near,
  quarter: Math.max(half, quarter),
});
