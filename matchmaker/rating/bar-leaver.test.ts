import { expect, it } from "vitest";
import { barredUntilMs, LEAVE_RULES, withLeave } from "./bar-leaver.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const now = 1_700_000_000_000;

/** Leaves one after another, each `everyMs` after the one before: minutes barred after each. */
function barredMinutes(leaves: number, everyMs: number): number[] {
  let leftAtMs: number[] = [];
  return Array.from({ length: leaves }, (_, at) => {
    const leaveMs = now + at * everyMs;
    leftAtMs = withLeave(leftAtMs, leaveMs, LEAVE_RULES);
    const until = barredUntilMs(leftAtMs, LEAVE_RULES);
    return until === 0 ? 0 : (until - leaveMs) / MINUTE;
  });
}

it("[RA5] the first leave of a day is free, then each bars for longer, up to four hours", () => {
  expect(barredMinutes(7, MINUTE)).toEqual([0, 5, 15, 60, 240, 240, 240]);
});

it("[RA5] leaves that are a day apart do not add up", () => {
  expect(barredMinutes(5, DAY)).toEqual([0, 0, 0, 0, 0]);
  expect(barredMinutes(5, DAY - 1)).toEqual([0, 5, 5, 5, 5]);
});

it("[RA5] who never left is not barred", () => {
  expect(barredUntilMs([], LEAVE_RULES)).toBe(0);
});

it("[RA5] other steps are data, and no more leaves are kept than there are steps", () => {
  const rules = { windowMs: 1_000, barMs: [10, 20] };
  const leaves = [1, 2, 3, 4].reduce<number[]>((before, at) => withLeave(before, at, rules), []);
  expect(leaves).toEqual([3, 4]);
  expect(barredUntilMs(leaves, rules)).toBe(24);
  expect(barredUntilMs([4], rules)).toBe(14);
  expect(barredUntilMs([4], { windowMs: 1_000, barMs: [] })).toBe(0);
});

it("[RA5] results that arrive in the wrong order count the same", () => {
  expect(withLeave(withLeave([], now, LEAVE_RULES), now - MINUTE, LEAVE_RULES)).toEqual([now - MINUTE, now]);
});
