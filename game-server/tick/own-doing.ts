/**
 * Whose doing it is that turns are late. On a machine that is busy with something else every turn is late although this process
 * hardly works: then its rooms are not what fills it, and refusing players would not make it any faster. Such a server is the
 * last choice, not none.
 */

/** Over as many questions as turns are counted over; see turn-costs.ts. */
const QUESTIONS = 10;
/** A process that works for less than this share of the time is not at its ceiling. */
const BUSY = 0.5;
/** Behind every server that keeps up, and below the ceiling. */
const LAST_CHOICE = 0.95;

export interface OwnDoingOptions {
  /** What this process has worked since its start. */
  readonly cpuMs: () => number;
  readonly nowMs: () => number;
  /** Over how many of them the work is counted. */
  readonly questions?: number | undefined;
  /** The most that is said where it is not its own doing. */
  readonly otherwise?: number | undefined;
}

export function createOwnDoing({ cpuMs, nowMs, questions = QUESTIONS, otherwise = LAST_CHOICE }: OwnDoingOptions) {
  const asked = [{ cpuMs: cpuMs(), atMs: nowMs() }];
  return {
    /** The load that `lateness` (1: at the ceiling) stands for. To be asked as regularly as the lateness is. */
    loadOf(lateness: number): number {
      const now = { cpuMs: cpuMs(), atMs: nowMs() };
      const [since] = asked;
      asked.push(now);
      if (asked.length > questions) asked.shift();
      const share = (now.cpuMs - since!.cpuMs) / Math.max(1, now.atMs - since!.atMs);
      return share < BUSY ? Math.min(lateness, otherwise) : lateness;
    },
  };
}

export function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
