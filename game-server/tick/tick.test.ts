import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordingLog } from "../../test/support/game-server/recording-log.ts";
import type { GameServerEvent } from "../observe.ts";
import { createOutbox } from "../transport/outbox.ts";
import { capturingIntervals } from "./captured-intervals.ts";
import { createDeadlines } from "./deadlines.ts";
import { createTickDriver, type TickDriver } from "./driver.ts";
import type { OverloadLevel } from "./overload.ts";
import { createRoomLoops } from "./room-loops.ts";
import { createTurnCosts } from "./turn-costs.ts";

describe("deadlines", () => {
  it("[GS27] come in order, and none before its time", () => {
    const deadlines = createDeadlines<number>();
    const times = [5, 3, 9, 1, 7, 3, 8, 2];
    for (const time of times) deadlines.push(time, time);
    expect(deadlines.pop(0)).toBeUndefined();
    const popped: number[] = [];
    for (let next = deadlines.pop(8); next !== undefined; next = deadlines.pop(8)) popped.push(next);
    expect(popped).toEqual([1, 2, 3, 3, 5, 7, 8]);
    expect(deadlines.nextMs()).toBe(9);
  });
});

describe("the driver", () => {
  let driver: TickDriver;
  const faults: string[] = [];
  const flushed: number[] = [];
  const observed: GameServerEvent[] = [];
  const log = recordingLog();
  const loadLevel = { level: 0 as OverloadLevel, add() {}, onChange() {}, start() {}, stop() {} };
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
    faults.length = 0;
    flushed.length = 0;
    observed.length = 0;
    log.lines.length = 0;
    loadLevel.level = 0;
    driver = createTickDriver({
      outbox: createOutbox(),
      reportFault: (where, roomId) => faults.push(`${roomId} ${where}`),
      observe: (event) => void observed.push(event),
      log: log.log,
      loadLevel,
    });
  });
  afterEach(() => {
    driver.stop();
    vi.useRealTimers();
  });

  function room(name: string, patchOnlyTicks = false) {
    const { loops, stop } = driver.adopt({
      roomId: () => name,
      mode: () => "arena",
      patchOnlyTicks: () => patchOnlyTicks,
    });
    return {
      stop,
      step: (run: () => void, everyMs: number) => loops.keeperFor("step").add(run, everyMs),
      patch: (run: () => void, everyMs: number) => loops.keeperFor("patch").add(run, everyMs),
      remove: (handle: object) => loops.keeperFor("step").remove(handle),
    };
  }

  it("[GS27] keeps a period that no timer can keep: 128 steps a second, not 142", () => {
    let steps = 0;
    room("a").step(() => steps++, 1_000 / 128);
    vi.advanceTimersByTime(10_000);
    expect(steps).toBeGreaterThanOrEqual(1_279);
    expect(steps).toBeLessThanOrEqual(1_281);
  });

  it("[GS27] runs the step before the patch of the same time, whichever was set first", () => {
    const order: string[] = [];
    const made = room("a");
    made.patch(() => order.push("patch"), 50);
    vi.advanceTimersByTime(20);
    made.step(() => order.push("step"), 50);
    vi.advanceTimersByTime(100);
    expect(order).toEqual(["step", "patch", "step", "patch"]);
  });

  it("[GS27] each room keeps its own rates", () => {
    const counts = { a: 0, b: 0, c: 0 };
    room("a").step(() => counts.a++, 1_000 / 60);
    room("b").patch(() => counts.b++, 50);
    room("c").patch(() => counts.c++, 200);
    vi.advanceTimersByTime(6_000);
    expect(counts.a).toBeGreaterThanOrEqual(359);
    expect(counts.a).toBeLessThanOrEqual(361);
    expect([counts.b, counts.c]).toEqual([120, 30]);
  });

  it("[GS27] a patch loop that only ticks the clock is silent while a step ticks it", () => {
    let ticks = 0;
    const made = room("a", true);
    made.patch(() => ticks++, 16);
    vi.advanceTimersByTime(160);
    expect(ticks).toBeGreaterThan(8);
    const before = ticks;
    const handle = made.step(() => {}, 50);
    vi.advanceTimersByTime(500);
    expect(ticks).toBe(before);
    made.remove(handle);
    made.patch(() => {}, 1_000);
    vi.advanceTimersByTime(160);
    expect(ticks).toBeGreaterThan(before);
  });

  it("[GS24] a room that throws in its tick goes on, and harms no other", () => {
    let own = 0;
    let other = 0;
    const broken = room("broken");
    broken.step(() => {
      own++;
      throw new Error("mine");
    }, 50);
    room("whole").step(() => other++, 50);
    vi.advanceTimersByTime(200);
    expect([own, other]).toEqual([4, 4]);
    expect(faults).toEqual(Array(4).fill("broken tick"));
  });

  it("[TK4] while patches are thinned every other one leaves, and steps keep their rate", () => {
    const counts = { step: 0, patch: 0 };
    const made = room("a");
    made.step(() => counts.step++, 50);
    made.patch(() => counts.patch++, 50);
    const inOneSecond = () => {
      const before = { ...counts };
      vi.advanceTimersByTime(1_000);
      return [counts.step - before.step, counts.patch - before.patch];
    };
    expect(inOneSecond()).toEqual([20, 20]);
    loadLevel.level = 1;
    expect(inOneSecond()).toEqual([20, 20]);
    loadLevel.level = 2;
    expect(inOneSecond()).toEqual([20, 10]);
    loadLevel.level = 3;
    expect(inOneSecond()).toEqual([20, 10]);
    loadLevel.level = 0;
    expect(inOneSecond()).toEqual([20, 20]);
  });

  it("[TK6] a turn that takes longer than its room's period is counted by mode, and the log names the room; others go on", () => {
    let other = 0;
    let spent = 0;
    vi.spyOn(performance, "now").mockImplementation(() => vi.getMockedSystemTime()!.getTime() + spent);
    room("slow").step(() => {
      spent += 70;
    }, 50);
    room("whole").step(() => other++, 50);
    vi.advanceTimersByTime(1_000);
    vi.mocked(performance.now).mockRestore();
    const overruns = observed.filter(({ kind }) => kind === "overrun");
    expect(overruns.length).toBeGreaterThan(5);
    expect(new Set(overruns.map((event) => (event as { mode: string }).mode))).toEqual(new Set(["arena"]));
    expect(log.lines[0]).toMatchObject({
      level: "warn",
      fields: { room: "slow", mode: "arena", tookMs: 70, everyMs: 50 },
    });
    expect(log.lines.length).toBeLessThan(overruns.length);
    expect(other).toBeGreaterThan(5);
  });

  it("[GS27] a room that was stopped, even from within another's turn, has no further turn", () => {
    let turns = 0;
    const second = room("second");
    const first = room("first");
    first.step(() => second.stop(), 50);
    second.step(() => turns++, 60);
    vi.advanceTimersByTime(500);
    expect(turns).toBe(0);
  });
});

describe("the loops of a room", () => {
  it("[GS27] skip the deadlines that they missed, and stay on their grid", () => {
    let now = 1_000;
    const loops = createRoomLoops({ nowMs: () => now, patchOnlyTicks: () => false, onChange: () => {} });
    const ran: number[] = [];
    loops.keeperFor("step").add(() => ran.push(now), 50);
    const advanceTo = (ms: number) => {
      now = ms;
      if (loops.dueMs() <= now) loops.runDue((loop) => loop());
    };
    for (const ms of [1_049, 1_050, 1_333, 1_340, 1_350, 1_399.6, 1_400.2, 1_450]) advanceTo(ms);
    expect(ran).toEqual([1_050, 1_333, 1_350, 1_400.2, 1_450]);
    expect(loops.dueMs()).toBe(1_500);
    expect(loops.periodMs()).toBe(50);
  });

  it("[TK4] patches of a room that misses every other deadline leave, though they are thinned", () => {
    let now = 0;
    const options = { nowMs: () => now, patchOnlyTicks: () => false, isThinned: () => true, onChange: () => {} };
    const loops = createRoomLoops(options);
    let patches = 0;
    loops.keeperFor("patch").add(() => patches++, 50);
    for (now = 50; now <= 2_050; now += 100) loops.runDue((loop) => loop());
    expect(patches).toBe(10);
  });

  it("[GS27] a loop that another one takes away in the same turn does not run", () => {
    let now = 0;
    const loops = createRoomLoops({ nowMs: () => now, patchOnlyTicks: () => false, onChange: () => {} });
    let patches = 0;
    const patch = loops.keeperFor("patch").add(() => patches++, 50);
    loops.keeperFor("step").add(() => loops.keeperFor("patch").remove(patch), 50);
    now = 50;
    loops.runDue((loop) => loop());
    expect(patches).toBe(0);
  });
});

describe("captured intervals", () => {
  it("[GS27] what starts an interval meanwhile starts none, and other timers are let alone", () => {
    const added: unknown[] = [];
    const removed: unknown[] = [];
    const keeper = {
      add: (run: () => void, everyMs: number) => {
        added.push([run, everyMs]);
        return added;
      },
      remove: (handle: unknown) => handle === added && removed.push(handle) > 0,
    };
    const { setInterval: real } = globalThis;
    const foreign = setInterval(() => {}, 1_000_000);
    const run = () => {};
    const handle = capturingIntervals(keeper, () => {
      clearInterval(foreign);
      return setInterval(run, 50);
    });
    capturingIntervals(keeper, () => clearInterval(handle));
    expect(globalThis.setInterval).toBe(real);
    expect(added).toEqual([[run, 50]]);
    expect(removed).toEqual([added]);
    expect(() =>
      capturingIntervals(keeper, () => {
        throw new Error("room");
      }),
    ).toThrow("room");
    expect(globalThis.setInterval).toBe(real);
  });
});

describe("the load", () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
  });

  it("[GS28] is what the slowest hundredth of the turns took of their period, over the last ten questions", () => {
    const costs = createTurnCosts(() => now);
    expect(costs.load()).toBe(0);
    now = 1_000_000;
    for (let i = 0; i < 1_000; i++) costs.add(25, 50);
    costs.add(500, 50);
    expect(costs.load()).toBeCloseTo(0.5);
    for (let i = 0; i < 100; i++) costs.add(60, 50);
    expect(costs.load()).toBeGreaterThan(1);
    for (let i = 0; i < 10; i++) costs.load();
    expect(costs.load()).toBe(0);
  });

  it("[GS28] is no less than what all turns together take of the thread", () => {
    const costs = createTurnCosts(() => now);
    for (now = 0; now < 1_000; now += 1) costs.add(0.7, 50);
    expect(costs.load()).toBeCloseTo(0.7);
  });
});
