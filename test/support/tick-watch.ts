/**
 * Whether a room's ticks were missed, and by whose doing. A tick that comes late is made up for: Colyseus' fixed timestep runs up to five
 * at once, and gives up what is more than that; its sums are done here once more. A process that computed through such a gap made it;
 * one that did not was held up by whatever else the machine does, of which a test knows nothing.
 */

/** What is made up for in one turn (Room.ts of @colyseus/core, MAX_CATCHUP_STEPS). */
const CATCH_UP_TICKS = 5;
/** Of a gap's time: one who has computed so much of it had the processor. */
const OWN_PART = 0.8;

export interface TicksMissed {
  readonly ticks: number;
  readonly byOwnDoing: number;
  readonly byOthers: number;
  /** Neither run nor given up. */
  readonly unexplained: number;
}

/** `elapsedMs`: the room's own clock, which goes on once a turn. */
export function createTickWatch(tickMs: number, elapsedMs: () => number) {
  let [turnMs, arrearsMs, ticks, ownMs, othersMs] = [0, 0, 0, 0, 0];
  let cpu = process.cpuUsage();

  function turn(nowMs: number): void {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const gapMs = nowMs - turnMs;
    arrearsMs += gapMs;
    turnMs = nowMs;
    const run = Math.min(CATCH_UP_TICKS, Math.floor(arrearsMs / tickMs));
    arrearsMs -= run * tickMs;
    if (run < CATCH_UP_TICKS) return;
    // Parts of a tick are not missed.
    if ((user + system) / 1_000 > OWN_PART * gapMs && arrearsMs >= tickMs) ownMs += arrearsMs;
    else othersMs += arrearsMs;
    arrearsMs = 0;
  }

  return {
    /** First thing in each step. */
    tick(): void {
      ticks++;
      const nowMs = elapsedMs();
      if (nowMs !== turnMs) turn(nowMs);
    },
    missed(): TicksMissed {
      const unexplained = Math.floor((turnMs - ownMs - othersMs - arrearsMs) / tickMs) - ticks;
      const [byOwnDoing, byOthers] = [ownMs, othersMs].map((ms) => Math.round(ms / tickMs));
      // The room's first steps were not due when its clock began.
      return { ticks, byOwnDoing: byOwnDoing!, byOthers: byOthers!, unexplained: Math.max(0, unexplained - 1) };
    },
  };
}
