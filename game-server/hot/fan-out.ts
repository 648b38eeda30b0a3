/**
 * Sends a room's stream: once a tick everything is encoded, then each follower gets its frame. A frame leaves at once, past the room's
 * other messages, because a client costs one system call a tick and that is the most of what it costs. Frames are put together
 * many at a time before they leave: what they are made of stays in the processor's caches, which a system call empties.
 */
import { FrameWriter } from "../stream/frame-writer.ts";
import type { Interest } from "../stream/interest.ts";
import type { Viewer } from "../stream/viewer.ts";
import { type Followed, type FollowedRoom, Follower, type FollowerEvent } from "./follower.ts";

/** The stream as far as it is needed here. */
interface FrameSource {
  viewer(interest: Interest): Viewer;
  encode(tick: number): void;
}

export type FanOutEvent =
  | FollowerEvent
  /** One tick: how long encoding took, and everything; how many frames left, with how many bytes. */
  | {
      readonly kind: "stream-tick";
      readonly encodeMs: number;
      readonly tookMs: number;
      readonly frames: number;
      readonly bytes: number;
    };

export interface FanOutOptions extends Pick<FollowedRoom, "limits" | "tickMs" | "head"> {
  readonly source: FrameSource;
  readonly nowMs: () => number;
  /** The process has more to do than fits. */
  readonly isPressed: () => boolean;
  readonly observe: (event: FanOutEvent) => void;
}

export interface FanOut {
  follow(of: Omit<Followed, "viewer">): Follower;
  /** Encodes the tick and sends it; `tick` must go up. */
  send(tick: number): void;
}

/** Frames that are put together before the first of them leaves: some 40 kB. */
const AT_ONCE = 256;
const FIRST_BYTES = 65_536;
/** Knuth's multiplier: following ticks begin far from one another. */
const SHUFFLE = 2_654_435_761;

export function createFanOut(options: FanOutOptions): FanOut {
  const { source, limits, tickMs, head, nowMs, isPressed, observe } = options;
  const writer = new FrameWriter();
  writer.open(new Uint8Array(FIRST_BYTES), 0);
  const now = { tick: -1, isPressed: false, hasGone: false, away: new Set<Follower>() };
  const room: FollowedRoom = { limits, tickMs, head, observe, writer, ...now };
  let all: Follower[] = [];
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
      const follower = new Follower(room, { ...of, viewer: source.viewer(of.interest) });
      all.push(follower);
      return follower;
    },
    send(tick) {
      room.tick = tick;
      if (room.hasGone) all = all.filter(({ isGone }) => !isGone);
      room.hasGone = false;
      if (isPressed() !== room.isPressed) {
        room.isPressed = !room.isPressed;
        for (const follower of all) follower.press();
      }
      const beganMs = nowMs();
      for (const follower of room.away) follower.arrive();
      source.encode(tick);
      const encodeMs = nowMs() - beganMs;
      frames = bytes = 0;
      // Sending takes a good part of a tick: nobody is always the last.
      const first = (Math.imul(tick, SHUFFLE) >>> 0) % all.length;
      for (let at = first; at < all.length; at++) write(all[at]!);
      for (let at = 0; at < first; at++) write(all[at]!);
      sendWritten();
      observe({ kind: "stream-tick", encodeMs, tookMs: nowMs() - beganMs, frames, bytes });
    },
  };
}
