/**
 * How near the ticks are to their ceiling: a turn should be over, its frames gone, before the same room's next one begins.
 * One thread serves all rooms, so all their turns are counted together, over ten heartbeats: one collected garbage makes one
 * turn of each room late, which is less than the hundredth that may be.
 */
const SLOTS = 10;
/** A turn's share of its period is counted in steps of a twentieth, up to four periods. */
const STEP = 1 / 20;
const STEPS = 80;

export function createTurnCosts() {
  const slots = Array.from({ length: SLOTS }, () => new Uint32Array(STEPS));
  let current = 0;

  function total(): { counts: Uint32Array; turns: number } {
    const counts = new Uint32Array(STEPS);
    let turns = 0;
    for (const slot of slots) {
      for (let step = 0; step < STEPS; step++) counts[step]! += slot[step]!;
    }
    for (const count of counts) turns += count;
    return { counts, turns };
  }

  return {
    /** A turn of a room with a period of `everyMs` was due at `dueMs` and ended at `endedMs`. */
    add(dueMs: number, endedMs: number, everyMs: number): void {
      const share = Math.max(0, endedMs - dueMs) / everyMs;
      slots[current]![Math.min(STEPS - 1, Math.floor(share / STEP))]!++;
    },
    /** 99th percentile: 0 idle, 1 at the ceiling, above it beyond. To be asked once a heartbeat. */
    p99(): number {
      const { counts, turns } = total();
      current = (current + 1) % SLOTS;
      slots[current]!.fill(0);
      const slowest = Math.floor(turns / 100);
      let above = 0;
      for (let step = STEPS - 1; step > 0; step--) {
        above += counts[step]!;
        if (above > slowest) return step * STEP;
      }
      return 0;
    },
  };
}
