import { defaultLimits } from "@frontrow/shared/limits.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ladder, type Pace } from "./ladder.ts";

const TICK_MS = 50;
const { streamCalmMs, streamEvictMs, streamHalfMs, streamSkipMs, streamSkipBytes } = defaultLimits;
const ticksIn = (ms: number) => Math.ceil(ms / TICK_MS);

/** A client that shows each tick so many ticks after it was sent; `Infinity`: it has stopped. */
function play() {
  const ladder = new Ladder(defaultLimits, TICK_MS);
  const onItsWay: number[] = [];
  let tick = 0;
  const run = (ticks: number, { lag = 0, buffered = 0, rttMs = 0, echoes = true } = {}) =>
    Array.from({ length: ticks }, () => {
      tick++;
      while (echoes && onItsWay.length > 0 && onItsWay[0]! + lag < tick) ladder.shown(onItsWay.shift()!);
      const pace = ladder.step(tick, buffered, rttMs);
      if (pace === "full" || (pace === "half" && tick % 2 === 0)) {
        ladder.sent(tick);
        onItsWay.push(tick);
      }
      return pace;
    });
  return { ladder, run, lose: () => onItsWay.splice(0) };
}
type Steps = readonly (Pace | "evicted")[];
const paces = (steps: Steps) => steps.filter((pace, at) => pace !== steps[at - 1]);

describe("the ladder of one client", () => {
  it("[SL1] who shows what it is sent gets everything, on a long way too when the way is known", () => {
    const { run } = play();
    expect(paces(run(200))).toEqual(["full"]);
    const far = play();
    expect(paces(far.run(200, { lag: 14, rttMs: 400 }))).toEqual(["full"]);
  });

  it("[SL2] who stops showing gets half, then nothing, then is closed, each at its time", () => {
    const { run } = play();
    run(20);
    const steps = run(ticksIn(streamEvictMs) + 5, { lag: Number.POSITIVE_INFINITY });
    const first = (pace: Pace) => steps.indexOf(pace) * TICK_MS;
    expect(first("half")).toBeGreaterThanOrEqual(streamHalfMs);
    expect(first("half")).toBeLessThan(streamHalfMs + 3 * TICK_MS);
    expect(first("none")).toBeGreaterThanOrEqual(streamSkipMs);
    expect(first("none")).toBeLessThan(streamSkipMs + 3 * TICK_MS);
    const evicted = steps.indexOf("evicted") * TICK_MS;
    expect(evicted).toBeGreaterThanOrEqual(streamEvictMs);
    expect(evicted).toBeLessThan(streamEvictMs + 3 * TICK_MS);
  });

  it("[SL3] who reads again starts from keyframes at half the rate, once all that it was sent is shown, and is trusted after a while", () => {
    const { run } = play();
    run(20);
    run(ticksIn(3_000), { lag: Number.POSITIVE_INFINITY });
    const steps = run(ticksIn(streamCalmMs) + 10);
    expect(paces(steps)).toEqual(["half", "full"]);
    expect(steps.indexOf("full") * TICK_MS).toBeGreaterThanOrEqual(streamCalmMs);
  });

  it("[SL3] frames that are still on their way keep the keyframes back", () => {
    const { run, ladder, lose } = play();
    run(20);
    run(ticksIn(3_000), { lag: Number.POSITIVE_INFINITY });
    const sent = lose();
    ladder.shown(sent[0]!);
    expect(paces(run(5, { echoes: false }))).toEqual(["none"]);
    ladder.shown(sent.at(-1)!);
    expect(run(1, { echoes: false })).toEqual(["half"]);
  });

  it("[SL4] one that never echoed is judged by what waits for it, and never by time", () => {
    const { run } = play();
    expect(paces(run(ticksIn(2 * streamEvictMs), { echoes: false }))).toEqual(["full"]);
    expect(paces(run(10, { echoes: false, buffered: 1 }))).toEqual(["half"]);
    const skipped = run(ticksIn(2 * streamEvictMs), { echoes: false, buffered: streamSkipBytes + 1 });
    expect(paces(skipped)).toEqual(["none"]);
    expect(run(1, { echoes: false })).toEqual(["half"]);
  });

  it("[SL5] echoes of ticks that were not sent, or of old ones, change nothing", () => {
    const { run, ladder } = play();
    run(20);
    run(ticksIn(3_000), { lag: Number.POSITIVE_INFINITY });
    for (const tick of [1_000_000, -5, 1, Number.NaN]) ladder.shown(tick);
    expect(run(1, { echoes: false })).toEqual(["none"]);
  });

  it("[SL5] who says that it has shown what it was not sent yet is judged like anybody who stops", () => {
    const { run, ladder } = play();
    run(20);
    ladder.shown(1_000_000);
    const steps = run(ticksIn(streamEvictMs) + 5, { lag: Number.POSITIVE_INFINITY });
    expect(paces(steps)).toEqual(["full", "half", "none", "evicted"]);
  });

  it("[SL3] whatever happens, nothing is followed by half, never by everything", () => {
    const world = fc.record({
      lag: fc.constantFrom(0, 3, 15, 60, Number.POSITIVE_INFINITY),
      buffered: fc.constantFrom(0, 1, 5_000, 20_000),
      ticks: fc.integer({ min: 1, max: 80 }),
      echoes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(world, { maxLength: 12 }), (weather) => {
        const { run } = play();
        const steps = weather.flatMap(({ ticks, ...now }) => run(ticks, now));
        for (let at = 1; at < steps.length; at++) expect([steps[at - 1], steps[at]]).not.toEqual(["none", "full"]);
      }),
    );
  });
});
