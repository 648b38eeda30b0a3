/**
 * One client of a room's stream: whether it has a frame of this tick, by the pace that its ladder says, and what it answers. One that
 * comes back on another connection starts with nothing, on a ladder of its own: what it held went with the old one.
 *
 * A class, like the ladder and the viewer: a tick walks through a thousand of them, and closures would be as many more places in memory.
 */
import type { SendResult } from "@frontrow/listener/listener.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { decodeEcho } from "@frontrow/shared/stream/echo.ts";
import type { FrameWriter } from "../stream/frame-writer.ts";
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

export type FollowerEvent =
  | { readonly kind: "stream-pace"; readonly pace: Pace | "evicted" }
  /** A client's checksum did not match, or it could not read a frame. */
  | { readonly kind: "stream-restart" };

/** What all followers of a room have in common. */
export interface FollowedRoom {
  readonly limits: Limits;
  readonly tickMs: number;
  /** Bytes before each frame. */
  readonly head: Uint8Array;
  readonly writer: FrameWriter;
  readonly observe: (event: FollowerEvent) => void;
  tick: number;
  /** Those without a connection that takes something. */
  readonly away: Set<Follower>;
  /** The process has more to do than fits: what is far is sent at the slowest rate. */
  isPressed: boolean;
  /** Somebody does not follow any more. */
  hasGone: boolean;
}

export interface Followed {
  readonly viewer: Viewer;
  /** The one that its client has now; undefined while it has not joined there. */
  readonly socket: () => FrameSocket | undefined;
  readonly rttMs: number;
  readonly interest: Interest;
}

/** Between two restarts that a client asks for; half of what ours wait. */
const RESTART_MS = 500;

export class Follower {
  readonly #room: FollowedRoom;
  readonly #viewer: Viewer;
  readonly #socket: Followed["socket"];
  readonly #rttMs: number;
  #interest: Interest;
  /** The connection that the ladder is about; undefined: away. */
  #on: FrameSocket | undefined;
  #ladder: Ladder;
  /** Bytes of it waited when something was last sent: only then is it worth asking how many. */
  #isBehind = false;
  #restartedAt = Number.NEGATIVE_INFINITY;
  isGone = false;

  constructor(room: FollowedRoom, { viewer, socket, rttMs, interest }: Followed) {
    this.#room = room;
    this.#viewer = viewer;
    this.#socket = socket;
    this.#rttMs = rttMs;
    this.#interest = interest;
    this.#ladder = new Ladder(room.limits, room.tickMs);
    room.away.add(this);
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
    const { tick, tickMs, observe } = this.#room;
    // Keyframes of everything are dear: honest clients ask once a second, and what was asked for is on its way meanwhile.
    if (echo.restart && (tick - this.#restartedAt) * tickMs >= RESTART_MS) {
      this.#restartedAt = tick;
      observe({ kind: "stream-restart" });
      this.#viewer.restart();
    }
    return true;
  }

  stop(): void {
    this.isGone = this.#room.hasGone = true;
    this.#room.away.delete(this);
    this.#viewer.close();
  }

  /** Sees what is far more rarely, or as it should again: as the room is pressed. */
  press(): void {
    this.#viewer.widen(this.#room.isPressed ? withFarSlower(this.#interest) : this.#interest);
  }

  /** Before a tick is encoded: to the connection that its client has now, where there is one. */
  arrive(): void {
    const socket = this.#socket();
    if (!socket?.isOpen) return;
    const { limits, tickMs, away } = this.#room;
    away.delete(this);
    this.#on = socket;
    this.#ladder = new Ladder(limits, tickMs);
    this.#isBehind = false;
    this.#viewer.slower(1);
    this.#viewer.restart();
  }

  /** Its frame of this tick into the writer, where it is to have one. */
  write(): boolean {
    const socket = this.#on;
    if (!socket) return false;
    const { tick, writer, head, observe } = this.#room;
    const before = this.#ladder.pace;
    const pace = this.#ladder.step(tick, this.#isBehind ? socket.buffered() : 0, this.#rttMs);
    if (pace !== before) observe({ kind: "stream-pace", pace });
    if (pace === "evicted") {
      this.#leave();
      socket.endSlow();
      return false;
    }
    // A viewer whose frame is not taken holds nothing from then on: it starts with keyframes when it may.
    if (pace === "none") return false;
    if (pace !== before) this.#viewer.slower(pace === "half" ? 2 : 1);
    const begin = writer.end;
    writer.put(head);
    if (this.#viewer.write(writer)) return true;
    writer.end = begin;
    return false;
  }

  /** Whether the frame left. */
  send(frame: Uint8Array): boolean {
    const result = this.#on!.sendNow(frame);
    if (result === "dropped") {
      this.#leave();
      return false;
    }
    this.#isBehind = result === "queued";
    this.#ladder.sent(this.#room.tick);
    return true;
  }

  /** Its connection takes nothing any more. */
  #leave(): void {
    this.#on = undefined;
    if (!this.isGone) this.#room.away.add(this);
  }
}

/** What is seen at every second tick is seen at every fourth; what is near stays as it is. */
const withFarSlower = ({ half = 0, quarter = 0, ...near }: Interest): Interest => ({
  ...near,
  quarter: Math.max(half, quarter),
});
