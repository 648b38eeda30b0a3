/**
 * How crowded a pool is, and how long a newcomer should therefore let others choose it before it looks itself. Waiting buys quality
 * only where there is a crowd: with `n` tickets expected within the mode's `holdMs`,
 *
 *     hold = holdMs × max(0, 1 − 50 × seats / n)
 *
 * so a 1v1 mode with 250 ms does not hold at 200 tickets/s (n = 50), holds 200 ms at 2,000/s and 245 ms at 20,000/s. Modes without
 * skill have nothing to choose between and never hold.
 */

/** Tickets a seat of a match, among those expected, from which on holding pays. */
const CROWD_PER_SEAT = 50;
/** The rate is an exponential mean over this, ms. */
const RATE_OVER_MS = 1_000;

export interface Arrivals {
  /** One more ticket came. */
  count(nowMs: number): void;
  holdMs(nowMs: number): number;
}

export function createArrivals({ holdMs, seats }: { holdMs: number; seats: number }): Arrivals {
  /** Tickets in the last `RATE_OVER_MS`, faded. */
  let recent = 0;
  let atMs = Number.NEGATIVE_INFINITY;
  const fade = (nowMs: number) => {
    if (nowMs > atMs) {
      recent *= Math.exp((atMs - nowMs) / RATE_OVER_MS);
      atMs = nowMs;
    }
  };
  return {
    count(nowMs) {
      fade(nowMs);
      recent++;
    },
    holdMs(nowMs) {
      fade(nowMs);
      const expected = (recent * holdMs) / RATE_OVER_MS;
      return expected > 0 ? holdMs * Math.max(0, 1 - (CROWD_PER_SEAT * seats) / expected) : 0;
    },
  };
}
