import { describe, expect, it } from "vitest";
import { createOwnDoing } from "./own-doing.ts";

function machine() {
  let nowMs = 0;
  let cpuMs = 0;
  const own = createOwnDoing({ cpuMs: () => cpuMs, nowMs: () => nowMs });
  /** A second passes, of which the process works `share`. */
  return (share: number, lateness: number) => {
    nowMs += 1_000;
    cpuMs += 1_000 * share;
    return own.loadOf(lateness);
  };
}

describe("late turns", () => {
  it("[OP20] of a process that hardly works make it the last choice, not full", () => {
    const second = machine();
    expect(second(0.02, 3)).toBe(0.95);
    expect(second(0.02, 0.4)).toBe(0.4);
  });

  it("[OP20] of a process that works are its own, as long as they are counted", () => {
    const second = machine();
    for (let i = 0; i < 9; i++) expect(second(0.9, 1.5)).toBe(1.5);
    expect(second(0, 1.5)).toBe(1.5);
    for (let i = 0; i < 5; i++) second(0, 1.5);
    expect(second(0, 1.5)).toBe(0.95);
  });
});
