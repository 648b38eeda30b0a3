import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spreadBackoff } from "./keep-seat.ts";
import { watchSleep } from "./watch-sleep.ts";

describe("coming back", () => {
  it("[RS6] is spread over a span that doubles with each attempt, and never sooner than the delay", () => {
    for (let attempt = 1; attempt <= 6; attempt++) {
      expect(spreadBackoff(attempt, 100, 0)).toBe(100);
      expect(spreadBackoff(attempt, 100, 0.999_999)).toBe(100 + 100 * 2 ** attempt - 1);
    }
    const some = new Set(Array.from({ length: 200 }, () => spreadBackoff(5, 100)));
    expect(some.size).toBeGreaterThan(50);
  });
});

describe("a sleep", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watched(answers: boolean) {
    const close = vi.fn();
    const ping = vi.fn((pong: (ms: number) => void) => void (answers && setTimeout(() => pong(5), 5)));
    let sleptMs = 0;
    const stop = watchSleep({ ping, connection: { isOpen: true, close } } as never, () => Date.now() + sleptMs);
    const sleep = (ms: number) => {
      sleptMs += ms;
    };
    return { close, ping, sleep, stop };
  }

  it("[RS8] has the connection tried when the clock has jumped, and a dead one given up so that the SDK makes another", () => {
    const { close, ping, sleep, stop } = watched(false);
    vi.advanceTimersByTime(60_000);
    expect(ping).not.toHaveBeenCalled();
    sleep(8 * 3_600_000);
    vi.advanceTimersByTime(1_000);
    expect(ping).toHaveBeenCalledTimes(1);
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(3_000);
    expect(close).toHaveBeenCalledExactlyOnceWith(4010, expect.any(String));
    stop();
    sleep(60_000);
    vi.advanceTimersByTime(60_000);
    expect(ping).toHaveBeenCalledTimes(1);
  });

  it("[RS8] leaves a connection alone that answers, and a clock that was set back is none", () => {
    const { close, ping, sleep } = watched(true);
    sleep(20_000);
    vi.advanceTimersByTime(10_000);
    expect(ping).toHaveBeenCalledTimes(1);
    sleep(-60_000);
    vi.advanceTimersByTime(10_000);
    expect(ping).toHaveBeenCalledTimes(1);
    expect(close).not.toHaveBeenCalled();
  });
});
