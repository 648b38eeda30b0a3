/**
 * Which tick of the stream is shown when. Frames leave the server evenly and arrive unevenly; shown as they come, everything would
 * stutter. So each is shown a little later than it could be: by what 49 of 50 frames of the last seconds were late against the fastest,
 * and by one frame more, because motion is drawn between two. When the network gets better or worse, time runs a tenth faster or
 * slower until the delay is right again. Frames that a stall held back for long say nothing about it, unless they all come so from now on.
 */

/** Frames by which the network is judged: five seconds at 20 Hz. */
const WINDOW = 100;
/** Of them so many may come too late to be drawn in time. */
const LATE_SHARE = 0.02;
/** How much faster or slower than the clock time may run; nobody sees a tenth. */
const SLEW = 0.1;
/** Frames that are this many ticks apart come from a slow chain; those further apart from a world in which nothing moved. */
const GAP_MAX = 4;
/** A frame later than this was held back by a stall, or, when all are for so long, the way is another one now; ms. */
const STALL_MS = 1_000;

export interface Playout {
  /** A frame of `tick` has arrived. */
  arrived(tick: number, nowMs: number): void;
  /** The tick to be shown, with its fraction: never less than before, nor beyond the newest that has arrived. Undefined before the first frame. */
  at(nowMs: number): number | undefined;
  /** Between the fastest frame's arrival and its being shown, ms. */
  readonly delayMs: number;
}

export function createPlayout(tickMs: number): Playout {
  /** When each of the last frames arrived, less when it was due: ms on an unknown but steady scale. */
  const transits: number[] = [];
  let next = 0;
  let newest = -1;
  let fastest = Number.POSITIVE_INFINITY;
  let stalledSinceMs: number | undefined;
  let gap = 1;
  let wantedMs = tickMs;
  let delayMs = tickMs;
  let lastMs = 0;
  let shown = -1;

  function judge(): void {
    const sorted = [...transits].sort((a, b) => a - b);
    fastest = sorted[0]!;
    const late = sorted[Math.ceil((1 - LATE_SHARE) * (sorted.length - 1))]!;
    wantedMs = late - fastest + gap * tickMs;
  }

  function slew(nowMs: number): void {
    const most = Math.max(0, nowMs - lastMs) * SLEW;
    delayMs += Math.max(-most, Math.min(most, wantedMs - delayMs));
    lastMs = nowMs;
  }

  /** Whether the frame was held back by a stall. */
  function isHeldBack(transit: number, nowMs: number): boolean {
    if (transit - fastest <= STALL_MS) {
      stalledSinceMs = undefined;
      return false;
    }
    stalledSinceMs ??= nowMs;
    if (nowMs - stalledSinceMs <= STALL_MS) return true;
    transits.length = next = 0;
    return false;
  }

  return {
    arrived(tick, nowMs) {
      if (newest < 0) lastMs = nowMs;
      else if (tick - newest >= 1 && tick - newest <= GAP_MAX) gap = tick - newest;
      newest = Math.max(newest, tick);
      const transit = nowMs - tick * tickMs;
      if (isHeldBack(transit, nowMs)) return;
      transits[next] = transit;
      next = (next + 1) % WINDOW;
      judge();
    },
    at(nowMs) {
      if (newest < 0) return undefined;
      slew(nowMs);
      const due = (nowMs - fastest - delayMs) / tickMs;
      shown = Math.max(shown, Math.min(newest, due));
      return shown;
    },
    get delayMs() {
      return delayMs;
    },
  };
}
