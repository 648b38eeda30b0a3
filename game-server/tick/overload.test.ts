import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordingLog } from "../../test/support/game-server/recording-log.ts";
import type { GameServerEvent } from "../observe.ts";
import { createLoadLevel } from "./load-level.ts";
import { AT_EASE, CLIMB_MS, DESCEND_MS, nextOverload, type Overload, PRESSED, RELIEVED } from "./overload.ts";

/** A clock of seconds: `levels` after each second's pressure. */
function ladder() {
  let nowMs = 0;
  let overload: Overload = AT_EASE;
  return (...pressures: number[]) =>
    pressures.map((pressure) => {
      nowMs += 1_000;
      overload = nextOverload(overload, pressure, nowMs);
      return overload.level;
    });
}
const seconds = (count: number, pressure: number) => Array<number>(count).fill(pressure);

describe("the overload ladder", () => {
  it("[TK1] takes one step after the other while ticks do not fit, each only after the one before had its time", () => {
    const after = ladder();
    expect(after(...seconds(9, 1.2))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 3]);
  });

  it("[TK1] a slow second, or several apart, takes none", () => {
    const after = ladder();
    expect(new Set(after(2, 0.3, 2, 2, 0.7, 2, 2, 0.89, 2))).toEqual(new Set([0]));
  });

  it("[TK2] takes them back one by one, after longer, and only where there is room for what they save", () => {
    const after = ladder();
    after(...seconds(7, 1));
    expect(new Set(after(...seconds(60, 0.75)))).toEqual(new Set([3]));
    const down = after(...seconds(40, 0.5));
    expect(down.filter((level) => level === 3)).toHaveLength(DESCEND_MS / 1_000);
    expect(down.filter((level) => level === 2)).toHaveLength(DESCEND_MS / 1_000);
    expect(down.at(-1)).toBe(0);
  });

  it("[TK2] whatever the pressure, it moves by one step at a time, never sooner than stated, and never past its ends", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 200 }), (pressures) => {
        const after = ladder();
        let [before, movedAt] = [0, Number.NEGATIVE_INFINITY];
        pressures.forEach((pressure, at) => {
          const [level = 0] = after(pressure);
          const step = level - before;
          expect(Math.abs(step)).toBeLessThanOrEqual(1);
          if (step !== 0) {
            expect(pressure).toSatisfy((now: number) => (step > 0 ? now >= PRESSED : now <= RELIEVED));
            expect(1_000 * (at - movedAt)).toBeGreaterThanOrEqual(step > 0 ? CLIMB_MS : DESCEND_MS);
            movedAt = at;
          }
          expect(level).toBeGreaterThanOrEqual(0);
          expect(level).toBeLessThanOrEqual(3);
          before = level;
        });
      }),
    );
  });
});

describe("the load level of a process", () => {
  let cpuMs = 0;
  let events: GameServerEvent[] = [];
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    cpuMs = 0;
    events = [];
  });
  afterEach(() => void vi.useRealTimers());

  function createProcess() {
    const { log, lines } = recordingLog();
    const observe = (event: GameServerEvent) => void events.push(event);
    const level = createLoadLevel({ log, observe, nowMs: () => performance.now(), cpuMs: () => cpuMs });
    level.start();
    /** Each second with so many turns of a 50 ms room, of which each took so long, and the process worked a share of the time. */
    const run = (
      count: number,
      { turns = 20, tookMs, share = 0.9 }: { turns?: number; tookMs: number; share?: number },
    ) => {
      for (let second = 0; second < count; second++) {
        for (let turn = 0; turn < turns; turn++) level.add(tookMs, 50);
        cpuMs += 1_000 * share;
        vi.advanceTimersByTime(1_000);
      }
      return level.level;
    };
    return { level, run, lines };
  }

  it("[TK3] ticks that overrun climb it, each step is told by name and logged, and taken back when they fit", () => {
    const { level, run, lines } = createProcess();
    const told: number[] = [];
    level.onChange((to) => told.push(to));
    expect(run(8, { tookMs: 60 })).toBe(3);
    expect(run(40, { tookMs: 10 })).toBe(0);
    expect(told).toEqual([1, 2, 3, 2, 1, 0]);
    expect(events).toEqual([
      ...["far-rates", "patch-rate", "no-players"].map((step) => ({ kind: "overload", step, isTaken: true })),
      ...["no-players", "patch-rate", "far-rates"].map((step) => ({ kind: "overload", step, isTaken: false })),
    ]);
    expect(lines.map((line) => line.level)).toEqual(["warn", "warn", "warn", "info", "info", "info"]);
    expect(lines[1]?.fields).toMatchObject({ level: 2, step: "patch-rate" });
    level.stop();
    expect(run(10, { tookMs: 60 })).toBe(0);
  });

  it("[TK3] many small ticks that fill the thread climb it too; one collection of garbage a second does not", () => {
    const { level, run } = createProcess();
    for (let second = 0; second < 10; second++) {
      level.add(120, 50);
      run(1, { tookMs: 5, turns: 40 });
    }
    expect(level.level).toBe(0);
    expect(run(4, { tookMs: 1, turns: 950 })).toBeGreaterThan(0);
  });

  it("[TK3] a process that hardly works gives nothing up, and takes nothing back while it is held up", () => {
    const { run } = createProcess();
    expect(run(20, { tookMs: 90, share: 0.2 })).toBe(0);
    expect(run(4, { tookMs: 90, share: 0.9 })).toBeGreaterThan(0);
    const before = run(1, { tookMs: 90, share: 0.2 });
    expect(run(30, { tookMs: 90, share: 0.2 })).toBe(before);
  });
});
