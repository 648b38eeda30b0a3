import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReturns } from "./returns.ts";

const limits = { returnsPerSecond: 100, returnWaitMs: 500 };
const start = () => createReturns({ limits, nowMs: () => Date.now() });

describe("who comes back", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("[RS7] comes in at once when nobody else does, and at the stated rate when everybody does", async () => {
    const returns = start();
    let inside = 0;
    const came = () => void inside++;
    for (let i = 0; i < 40; i++) void returns.turn().then(came);
    await vi.advanceTimersByTimeAsync(0);
    expect(inside).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(inside).toBe(11);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(inside).toBe(40);
    void returns.turn().then(came);
    await vi.advanceTimersByTimeAsync(0);
    expect(inside).toBe(41);
  });

  it("[RS7] comes in no faster for it when the server was held up: the line moves back", async () => {
    const returns = start();
    const cameMs: number[] = [];
    for (let i = 0; i < 45; i++) void returns.turn().then(() => cameMs.push(Date.now()));
    await vi.advanceTimersByTimeAsync(100);
    expect(cameMs).toHaveLength(11);
    // Not awaited: all that come due in the meantime go on at its end.
    vi.advanceTimersByTime(300);
    await vi.advanceTimersByTimeAsync(0);
    const clump = cameMs.length - 11;
    expect(clump).toBeGreaterThanOrEqual(4);
    expect(clump).toBeLessThanOrEqual(6);
    await vi.advanceTimersByTimeAsync(100);
    expect(cameMs.length - 11 - clump).toBe(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(cameMs).toHaveLength(45);
  });

  it("[RS7] is told to come again instead of waiting longer than stated, and takes nobody's place by that", async () => {
    const returns = start();
    const turns = Array.from({ length: 1_000 }, () =>
      returns.turn().then(
        () => "in",
        (error) => error.refusal,
      ),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    const told = await Promise.all(turns);
    expect(told.filter((one) => one === "in")).toHaveLength(51);
    expect(told.at(-1)).toMatchObject({ code: "RATE_LIMITED", retryable: true, retryAfterMs: 510 });
    await expect(returns.turn()).resolves.toBeUndefined();
  });
});
