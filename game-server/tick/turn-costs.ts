/**
 * How near the ticks are to their ceiling: what the slowest hundredth of the turns takes of its room's period, or what all
 * turns together take of the thread, whichever is more. Both over the last ten heartbeats, so that one collected garbage does
 * not close a server. How late a turn begins does not count: on a busy machine that is other processes' doing.
 */
const SLOTS = 10;
const SLOWEST = 1 / 100;
/** A turn's share of its period is counted in steps of a twentieth, up to four periods. */
const STEP = 1 / 20;
const STEPS = 80;

interface Slot {
  readonly turnsByStep: Uint32Array;
  busyMs: number;
  readonly sinceMs: number;
}

const createSlot = (sinceMs: number): Slot => ({ turnsByStep: new Uint32Array(STEPS), busyMs: 0, sinceMs });

export interface TurnCostsOptions {
  /** Questions over which it is counted. */
  readonly slots?: number;
  /** Share of the turns that may be slower than what is said. */
  readonly ignored?: number;
}

export function createTurnCosts(
  nowMs: () => number,
  { slots: kept = SLOTS, ignored = SLOWEST }: TurnCostsOptions = {},
) {
  let slots: Slot[] = [createSlot(nowMs())];

  /** What all but `share` of the turns took of their period at most. */
  function slowest(share: number): number {
    const counts = new Uint32Array(STEPS);
    let turns = 0;
    for (const { turnsByStep } of slots) {
      for (let step = 0; step < STEPS; step++) {
        counts[step]! += turnsByStep[step]!;
        turns += turnsByStep[step]!;
      }
    }
    const allowed = Math.floor(turns * share);
    let above = 0;
    for (let step = STEPS - 1; step > 0; step--) {
      above += counts[step]!;
      if (above > allowed) return step * STEP;
    }
    return 0;
  }

  function busyShare(): number {
    const elapsedMs = nowMs() - slots[0]!.sinceMs;
    const busyMs = slots.reduce((sum, slot) => sum + slot.busyMs, 0);
    return elapsedMs > 0 ? busyMs / elapsedMs : 0;
  }

  return {
    /** A turn of a room with a period of `everyMs` took `tookMs`. */
    add(tookMs: number, everyMs: number): void {
      const slot = slots.at(-1)!;
      slot.busyMs += tookMs;
      slot.turnsByStep[Math.min(STEPS - 1, Math.floor(tookMs / everyMs / STEP))]!++;
    },
    /** What half of the turns, and all but a hundredth, took of their period at most. */
    quantiles: () => ({ p50: slowest(1 / 2), p99: slowest(SLOWEST) }),
    /** 0 idle, 1 at the ceiling, above it beyond. To be asked once a heartbeat. */
    load(): number {
      const load = Math.max(slowest(ignored), busyShare());
      slots = [...slots, createSlot(nowMs())].slice(-kept);
      return load;
    },
  };
}
