/**
 * What a process gives up when its ticks do not fit into their time any more, one step after the other and each only when the ones
 * before were not enough: first what nobody sees, then what everybody sees a little, then new players. Steps are taken back one by one,
 * later than they were taken and only when there is room for what they save, so that a process at its ceiling does not swing.
 */

/** Each level includes those before it. */
export const OVERLOAD_STEPS = ["far-rates", "patch-rate", "no-players"] as const;
export type OverloadStep = (typeof OVERLOAD_STEPS)[number];
/** How many of the steps are taken. */
export type OverloadLevel = 0 | 1 | 2 | 3;
const LEVEL_MAX = OVERLOAD_STEPS.length as OverloadLevel;

/** Of the time that there is: from here on a tick has no room left for garbage collection. */
export const PRESSED = 0.9;
/** A halved patch rate saves at most a third: below this there is room for it again. */
export const RELIEVED = 0.6;
/** Longer than one collection of garbage, or one room that is made; ms. */
export const CLIMB_MS = 2_000;
/** Long enough to see that what came back fits; ms. */
export const DESCEND_MS = 10_000;

export interface Overload {
  readonly level: OverloadLevel;
  /** Since when it has been pressed, or relieved, without a break; undefined: neither. */
  readonly pressedSinceMs: number | undefined;
  readonly relievedSinceMs: number | undefined;
}

export const AT_EASE: Overload = { level: 0, pressedSinceMs: undefined, relievedSinceMs: undefined };

/** `pressure`: what ticks take of their time, 1 is all of it. */
export function nextOverload(before: Overload, pressure: number, nowMs: number): Overload {
  const { level } = before;
  if (pressure >= PRESSED) {
    const sinceMs = before.pressedSinceMs ?? nowMs;
    const climbs = level < LEVEL_MAX && nowMs - sinceMs >= CLIMB_MS;
    return at(climbs ? level + 1 : level, { pressedSinceMs: climbs ? nowMs : sinceMs });
  }
  if (pressure > RELIEVED) return at(level, {});
  const sinceMs = before.relievedSinceMs ?? nowMs;
  const descends = level > 0 && nowMs - sinceMs >= DESCEND_MS;
  return at(descends ? level - 1 : level, { relievedSinceMs: descends ? nowMs : sinceMs });
}

const at = (level: number, since: Partial<Overload>): Overload => ({
  ...AT_EASE,
  ...since,
  level: level as OverloadLevel,
});
