/**
 * How near the ticks are to their ceiling: a turn should be over, its frames gone, before the same room's next one begins.
 * One thread serves all rooms, so all their turns are in one window. The 99th percentile since the last question is smoothed,
 * or one collected garbage would close a server for a second.
 */
const WINDOW = 1_024;
/** Share that the newest second has in the answer. */
const NEWEST = 0.2;

export function createTurnCosts() {
  const shares = new Float64Array(WINDOW);
  let count = 0;
  let smoothed = 0;

  return {
    /** A turn of a room with a period of `everyMs` was due at `dueMs` and ended at `endedMs`. */
    add(dueMs: number, endedMs: number, everyMs: number): void {
      shares[count++ % WINDOW] = Math.max(0, endedMs - dueMs) / everyMs;
    },
    /** 0 idle, 1 at the ceiling, above it beyond. Asked once a heartbeat. */
    p99(): number {
      const held = Math.min(count, WINDOW);
      const sorted = shares.slice(0, held).sort();
      const newest = held === 0 ? 0 : sorted[Math.min(held - 1, Math.floor(held * 0.99))]!;
      count = 0;
      smoothed += NEWEST * (newest - smoothed);
      return smoothed;
    },
  };
}
