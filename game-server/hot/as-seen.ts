/**
 * How far back a player's aim is judged. A client says which tick it showed when it fired; a cheat says an old one, to hit who has long
 * been behind a wall. So the server takes it back no further than the player's verified way there and back, and what an honest client
 * waits for an uneven link (`client/stream/playout.ts`).
 */

/** Ticks that an honest client may be later than its way: one to draw between two, the others for jitter. */
const WAIT_TICKS = 3;
/** Nobody is judged by what was longer ago, however far away the shooter is; ms. */
export const REWIND_MAX_MS = 500;

/** At most so long ago; ms. `rttMs`: verified, 0 where it is not known. */
export function rewindMaxMs(rttMs: number, tickMs: number): number {
  return Math.min(REWIND_MAX_MS, rttMs + WAIT_TICKS * tickMs);
}

/** The tick by which a shot is judged: what the client says it saw, not later than now and not earlier than it can have seen. */
export function tickSeen(said: number, now: { tick: number; tickMs: number; rttMs: number }): number {
  const { tick, tickMs, rttMs } = now;
  const earliest = tick - rewindMaxMs(rttMs, tickMs) / tickMs;
  // A client that has shown nothing yet says -1, and NaN is nothing at all: what is true now counts.
  if (!(said >= 0)) return tick;
  return Math.max(earliest, Math.min(tick, said));
}
