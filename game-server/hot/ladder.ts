/**
 * What one client of the stream is sent, by how far behind it is. Buffered bytes lie: the kernel takes megabytes for a reader that has
 * stopped, minutes of a world that looks fine (HOTPATHS.md C). So a client echoes the newest tick that it has shown, and the age of the
 * oldest tick that it was sent and has not shown counts, less its verified round trip. One that never echoed is judged by its buffer.
 *
 *   full ──late──▶ half ──later──▶ none ──for too long──▶ evicted
 *    ▲              │ ▲              │
 *    └─calm─────────┘ └─caught up────┘ (with keyframes of what it sees: a chain with a gap is never continued)
 *
 * Pure: it is told ticks and bytes and looks at no clock. Bytes above `sendBufferBytes` end the connection elsewhere (`connection.ts`).
 */
import type { Limits } from "@frontrow/shared/limits.ts";

export type Pace = "full" | "half" | "none";

export interface Step {
  /** What it is sent from this tick on. */
  readonly pace: Pace;
  /** It missed frames: it holds nothing any more. */
  readonly restarts: boolean;
  readonly evicted: boolean;
}

export interface Ladder {
  /** Before the frame of `tick`; `buffered`: bytes that its socket holds back; `rttMs`: its verified round trip. */
  step(now: { tick: number; buffered: number; rttMs: number }): Step;
  /** A frame of `tick` has left. */
  sent(tick: number): void;
  /** The client says that it has shown `tick`. What it was not sent yet, or said before, counts for nothing. */
  shown(tick: number): void;
  readonly pace: Pace;
}

type Bounds = Pick<Limits, "streamHalfMs" | "streamSkipMs" | "streamEvictMs" | "streamCalmMs" | "streamSkipBytes">;

const NONE = -1;

export function createLadder(limits: Bounds, tickMs: number): Ladder {
  let pace: Pace = "full";
  let hasEchoed = false;
  let lastSent = NONE;
  let lastShown = NONE;
  /** The oldest tick that was sent and not shown, as far as is known. */
  let owed = NONE;
  /** Since when it is behind no more. */
  let calmSince = NONE;

  const lateMs = (tick: number, rttMs: number) =>
    hasEchoed && owed !== NONE ? Math.max(0, (tick - owed) * tickMs - rttMs) : 0;

  function paceFor(late: number, buffered: number): Pace {
    if (late > limits.streamSkipMs || buffered > limits.streamSkipBytes) return "none";
    return late > limits.streamHalfMs || buffered > 0 ? "half" : "full";
  }

  /** Up by one rung when it may; whether it starts again with nothing. */
  function rise(wanted: Pace, tick: number): boolean {
    if (pace === "none") {
      // Everything that it was sent must have been shown: what is still on its way would end up behind the keyframes.
      if (wanted !== "full" || (hasEchoed && owed !== NONE)) return false;
      pace = "half";
      calmSince = tick;
      return true;
    }
    if (pace !== "half") return false;
    if (wanted !== "full") calmSince = NONE;
    else if (calmSince === NONE) calmSince = tick;
    else if ((tick - calmSince) * tickMs >= limits.streamCalmMs) pace = "full";
    return false;
  }

  return {
    step({ tick, buffered, rttMs }) {
      const late = lateMs(tick, rttMs);
      if (late > limits.streamEvictMs) return { pace: "none", restarts: false, evicted: true };
      const wanted = paceFor(late, buffered);
      if (SLOWNESS[wanted] > SLOWNESS[pace]) {
        pace = wanted;
        calmSince = NONE;
        return { pace, restarts: false, evicted: false };
      }
      return { restarts: rise(wanted, tick), pace, evicted: false };
    },
    sent(tick) {
      lastSent = tick;
      if (owed === NONE) owed = tick;
    },
    shown(tick) {
      if (!(tick > lastShown && tick <= lastSent)) return;
      hasEchoed = true;
      lastShown = tick;
      if (tick === lastSent) owed = NONE;
      else if (tick >= owed) owed = tick + 1;
    },
    get pace() {
      return pace;
    },
  };
}

const SLOWNESS: Record<Pace, number> = { full: 0, half: 1, none: 2 };
