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

type Bounds = Pick<Limits, "streamHalfMs" | "streamSkipMs" | "streamEvictMs" | "streamCalmMs" | "streamSkipBytes">;

const NONE = -1;
const SLOWNESS: Record<Pace, number> = { full: 0, half: 1, none: 2 };

export class Ladder {
  readonly #limits: Bounds;
  readonly #tickMs: number;
  #pace: Pace = "full";
  #hasEchoed = false;
  #lastSent = NONE;
  #lastShown = NONE;
  /** The oldest tick that was sent and not shown, as far as is known. */
  #owed = NONE;
  /** Since when it is behind no more. */
  #calmSince = NONE;

  constructor(limits: Bounds, tickMs: number) {
    this.#limits = limits;
    this.#tickMs = tickMs;
  }

  get pace(): Pace {
    return this.#pace;
  }

  /**
   * What it is sent from this tick on. Before the frame of `tick`; `buffered`: bytes that its socket holds back; `rttMs`: its verified
   * round trip.
   */
  step(tick: number, buffered: number, rttMs: number): Pace | "evicted" {
    const late = this.#hasEchoed && this.#owed !== NONE ? (tick - this.#owed) * this.#tickMs - rttMs : 0;
    if (late > this.#limits.streamEvictMs) return "evicted";
    const wanted = this.#paceFor(late, buffered);
    if (SLOWNESS[wanted] > SLOWNESS[this.#pace]) {
      this.#pace = wanted;
      this.#calmSince = NONE;
    } else if (this.#pace !== "full") this.#rise(wanted, tick);
    return this.#pace;
  }

  /** A frame of `tick` has left. */
  sent(tick: number): void {
    this.#lastSent = tick;
    if (this.#owed === NONE) this.#owed = tick;
  }

  /** The client says that it has shown `tick`. What it was not sent yet, or said before, counts for nothing. */
  shown(tick: number): void {
    if (!(tick > this.#lastShown && tick <= this.#lastSent)) return;
    this.#hasEchoed = true;
    this.#lastShown = tick;
    if (tick === this.#lastSent) this.#owed = NONE;
    else if (tick >= this.#owed) this.#owed = tick + 1;
  }

  #paceFor(late: number, buffered: number): Pace {
    const { streamHalfMs, streamSkipMs, streamSkipBytes } = this.#limits;
    if (late > streamSkipMs || buffered > streamSkipBytes) return "none";
    return late > streamHalfMs || buffered > 0 ? "half" : "full";
  }

  /** Up by one rung when it may. */
  #rise(wanted: Pace, tick: number): void {
    if (this.#pace === "none") {
      // Everything that it was sent must have been shown: what is still on its way would end up behind the keyframes.
      if (wanted !== "full" || (this.#hasEchoed && this.#owed !== NONE)) return;
      this.#pace = "half";
      this.#calmSince = tick;
    } else if (wanted !== "full") this.#calmSince = NONE;
    else if (this.#calmSince === NONE) this.#calmSince = tick;
    else if ((tick - this.#calmSince) * this.#tickMs >= this.#limits.streamCalmMs) this.#pace = "full";
  }
}
