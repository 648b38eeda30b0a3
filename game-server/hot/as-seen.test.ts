import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REWIND_MAX_MS, rewindMaxMs, tickSeen } from "./as-seen.ts";

const at = (rttMs: number) => ({ tick: 1_000, tickMs: 50, rttMs });

describe("what a shooter saw", () => {
  it("[LC4] a shot is judged by the tick that the client showed", () => {
    expect(tickSeen(995.5, at(150))).toBe(995.5);
    expect(tickSeen(1_000, at(0))).toBe(1_000);
  });

  it("[LC5] and by no earlier one than it can have seen over its verified way, nor by one to come", () => {
    expect(tickSeen(900, at(0))).toBe(997);
    expect(tickSeen(900, at(100))).toBe(995);
    expect(tickSeen(900, at(3_000))).toBe(1_000 - REWIND_MAX_MS / 50);
    expect(tickSeen(1_003, at(100))).toBe(1_000);
    expect(rewindMaxMs(9_999, 50)).toBe(REWIND_MAX_MS);
  });

  it("[LC5] whatever is said, the answer is within those bounds", () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ min: 0, max: 10_000, noNaN: true }), (said, rttMs) => {
        const seen = tickSeen(said, at(rttMs));
        expect(seen).toBeGreaterThanOrEqual(1_000 - rewindMaxMs(rttMs, 50) / 50);
        expect(seen).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});
