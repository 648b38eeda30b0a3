import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlayout } from "./playout.ts";

const TICK_MS = 50;
const FRAME_MS = 1_000 / 60;

/** Plays `ticks` frames over a link; what is shown at 60 Hz, with its time. */
function watch(lateMs: (tick: number) => number, ticks: number) {
  const playout = createPlayout(TICK_MS);
  const arrivals = Array.from({ length: ticks }, (_, tick) => ({ tick, atMs: tick * TICK_MS + lateMs(tick) }));
  arrivals.sort((a, b) => a.atMs - b.atMs || a.tick - b.tick);
  const shown: { atMs: number; tick: number; newest: number }[] = [];
  let newest = -1;
  for (let atMs = 0; arrivals.length > 0; atMs += FRAME_MS) {
    while (arrivals[0] && arrivals[0].atMs <= atMs) {
      const { tick, atMs: cameMs } = arrivals.shift()!;
      playout.arrived(tick, cameMs);
      newest = Math.max(newest, tick);
    }
    const tick = playout.at(atMs);
    if (tick !== undefined) shown.push({ atMs, tick, newest });
  }
  return { playout, shown };
}

/** The same dice each time. */
function dice(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Moments at which nothing moved, because the next frame was not there yet. */
const stutters = (shown: readonly { tick: number; newest: number }[]) =>
  shown.filter(({ tick }, at) => at > 0 && tick === shown[at - 1]!.tick).length;

describe("when a tick is shown", () => {
  it("[SV1] over an even link everything is shown one tick late, without a stutter", () => {
    const { playout, shown } = watch(() => 75, 200);
    expect(playout.delayMs).toBeCloseTo(TICK_MS, 0);
    expect(stutters(shown.slice(60))).toBe(0);
  });

  it("[SV1] over an uneven link it waits as long as nearly all frames need, and no longer", () => {
    const roll = dice(1);
    const { playout, shown } = watch(() => 75 + roll() * 60, 600);
    expect(playout.delayMs).toBeGreaterThan(TICK_MS + 45);
    expect(playout.delayMs).toBeLessThanOrEqual(TICK_MS + 60);
    expect(stutters(shown.slice(300))).toBeLessThan(20);
  });

  it("[SV2] it adapts to a link that gets worse and better again, by running a tenth slower or faster at most", () => {
    const roll = dice(2);
    const { playout, shown } = watch((tick) => 40 + (tick > 200 && tick < 400 ? roll() * 100 : 0), 700);
    const delayAt = (tick: number) => shown.find(({ newest }) => newest === tick)!;
    const lag = ({ atMs, tick }: { atMs: number; tick: number }) => atMs - 40 - tick * TICK_MS;
    expect(lag(delayAt(190))).toBeLessThan(TICK_MS + FRAME_MS);
    expect(lag(delayAt(390))).toBeGreaterThan(TICK_MS + 60);
    expect(playout.delayMs).toBeLessThan(TICK_MS + 10);
    const better = shown.filter(({ newest }) => newest > 400);
    const speeds = better.slice(1).map(({ tick }, at) => (tick - better[at]!.tick) * TICK_MS);
    expect(Math.max(...speeds)).toBeLessThan(FRAME_MS * 1.3);
  });

  it("[SV2] after a stall it goes on with what is new, at once", () => {
    const { shown } = watch((tick) => (tick >= 100 && tick < 200 ? (200 - tick) * TICK_MS + 20 : 20), 400);
    const after = shown.find(({ newest }) => newest >= 220)!;
    expect(after.newest - after.tick).toBeLessThan(30);
    const last = shown.at(-1)!;
    expect(last.newest - last.tick).toBeLessThan(5);
  });

  it("[SV2] a way that became longer for good is believed after a second", () => {
    const { shown } = watch((tick) => (tick >= 100 ? 3_020 : 20), 400);
    const last = shown.at(-1)!;
    expect(last.newest - last.tick).toBeLessThan(3);
  });

  it("[SV3] never back, and never beyond what has arrived, whatever the link does", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3_000, noNaN: true }), { minLength: 1, maxLength: 80 }), (late) => {
        const { shown } = watch((tick) => late[tick]!, late.length);
        shown.forEach(({ tick, newest }, at) => {
          expect(tick).toBeLessThanOrEqual(newest);
          if (at > 0) expect(tick).toBeGreaterThanOrEqual(shown[at - 1]!.tick);
        });
      }),
    );
  });
});
