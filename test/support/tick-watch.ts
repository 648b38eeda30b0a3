/**
 * Whether a room's ticks were missed, and by whose doing. A tick that comes late is made up for: Colyseus' fixed timestep runs up to five
 * at once, and gives up what is more than that. A process that computed through such a gap made it; one that did not was held up by
 * whatever else the machine does, of which a test knows nothing.
 */

/** What is made up for. */
const CATCH_UP_TICKS = 5;

export interface TicksMissed {
  readonly ticks: number;
  readonly byOwnDoing: number;
  readonly byOthers: number;
  /** For no reason that shows: neither run nor given up. */
  readonly unexplained: number;
}

export function createTickWatch(tickMs: number) {
  let lastMs = performance.now();
  let lastCpu = process.cpuUsage();
  let [ticks, gaps, byOwnDoing, byOthers] = [0, 0, 0, 0];
  const beganMs = lastMs;

  return {
    /** First thing in each step. */
    tick(): void {
      ticks++;
      const nowMs = performance.now();
      const gapMs = nowMs - lastMs;
      lastMs = nowMs;
      const { user, system } = process.cpuUsage(lastCpu);
      lastCpu = process.cpuUsage();
      const missed = Math.floor(gapMs / tickMs) - CATCH_UP_TICKS;
      if (missed < 0) return;
      gaps++;
      if ((user + system) / 1_000 >= (CATCH_UP_TICKS + 1) * tickMs) byOwnDoing += missed;
      else byOthers += missed;
    },
    missed(): TicksMissed {
      const due = Math.floor((lastMs - beganMs) / tickMs);
      // What was left over of a tick goes with what is given up; a room begins between two ticks.
      const unexplained = Math.max(0, due - ticks - byOwnDoing - byOthers - gaps - 2);
      return { ticks, byOwnDoing, byOthers, unexplained };
    },
  };
}
