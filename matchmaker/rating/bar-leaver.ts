/**
 * What leaving costs beside the rating. A first leave is an accident; whoever makes a habit of it waits longer each time, and is as good
 * as new a day after. It is counted by mode, from the leaves alone: who comes back before the end has not left.
 */
export interface LeaveRules {
  /** Leaves that are further apart than this do not add up, ms. */
  readonly windowMs: number;
  /** How long the first, second, … leave within the window bars, ms; the last stands for all that follow. */
  readonly barMs: readonly number[];
}

const MINUTE_MS = 60_000;

export const LEAVE_RULES: LeaveRules = Object.freeze({
  windowMs: 24 * 60 * MINUTE_MS,
  barMs: [
    0, // Anybody's line breaks once a day.
    5 * MINUTE_MS, // About as long as the match that the others had to finish without him.
    15 * MINUTE_MS,
    60 * MINUTE_MS, // An evening's play.
    240 * MINUTE_MS, // No longer: who is barred for good opens another account.
  ],
});

/** The leaves that still count once there is one more: the newest ones within the window, no more than there are steps. */
export function withLeave(leftAtMs: readonly number[], nowMs: number, { windowMs, barMs }: LeaveRules): number[] {
  const counted = leftAtMs.filter((at) => at > nowMs - windowMs);
  return [...counted, nowMs].sort((a, b) => a - b).slice(-barMs.length);
}

/** Unix time before which a player with these leaves, oldest first, may not enlist; 0: may. */
export function barredUntilMs(leftAtMs: readonly number[], { windowMs, barMs }: LeaveRules): number {
  const lastMs = leftAtMs.at(-1);
  if (lastMs === undefined) return 0;
  const count = leftAtMs.filter((at) => at > lastMs - windowMs).length;
  const forMs = barMs[Math.min(count, barMs.length) - 1] ?? 0;
  return forMs > 0 ? lastMs + forMs : 0;
}
