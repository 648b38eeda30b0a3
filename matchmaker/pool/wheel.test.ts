import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLooks } from "./looks.ts";
import { createRecords } from "./records.ts";
import { ticketOf } from "./sample-tickets.ts";
import { createWheel } from "./wheel.ts";

const STEP_MS = 5;
const SLOTS = 12;

const step = fc.oneof(
  fc.record({
    kind: fc.constant("set" as const),
    slot: fc.nat(SLOTS - 1),
    inMs: fc.integer({ min: 1, max: 12_000_000 }),
  }),
  fc.record({ kind: fc.constant("set" as const), slot: fc.nat(SLOTS - 1), inMs: fc.integer({ min: 1, max: 9_000 }) }),
  fc.record({ kind: fc.constant("cancel" as const), slot: fc.nat(SLOTS - 1) }),
  fc.record({
    kind: fc.constant("pass" as const),
    ms: fc.constantFrom(1, 4, 5, 333, 5_120, 60_000, 5_242_880, 6_000_001),
  }),
);

describe("the timing wheel", () => {
  it("[RD20] calls each timer once, never early, at most 5 ms late, whatever was set and cancelled", () => {
    let calls = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: "max" }),
        fc.integer({ min: 0, max: 2 ** 41 }),
        (steps, startMs) => {
          const records = createRecords(SLOTS);
          const due: number[] = [];
          const wheel = createWheel(records, (slot) => due.push(slot));
          for (let slot = 0; slot < SLOTS; slot++) records.take(ticketOf("t"));
          const timers = new Map<number, number>();
          let nowMs = startMs;
          for (const each of steps) {
            if (each.kind === "set") {
              timers.set(each.slot, nowMs + each.inMs);
              wheel.set(each.slot, nowMs + each.inMs, nowMs);
            } else if (each.kind === "cancel") {
              timers.delete(each.slot);
              wheel.cancel(each.slot);
            } else {
              nowMs += each.ms;
              due.length = 0;
              expect(wheel.advance(nowMs, 1_000)).toBe(false);
              for (const slot of due) {
                expect(timers.get(slot)!).toBeLessThanOrEqual(nowMs);
                timers.delete(slot);
                calls++;
              }
              for (const dueMs of timers.values()) expect(dueMs).toBeGreaterThan(nowMs - STEP_MS);
            }
            expect(wheel.count).toBe(timers.size);
            const next = Math.min(...timers.values());
            expect(wheel.nextMs()).toBeLessThanOrEqual(next + STEP_MS);
            if (timers.size === 0) expect(wheel.nextMs()).toBe(Number.POSITIVE_INFINITY);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(calls).toBeGreaterThan(500);
  });
  it("[RD20] calls no more at once than it may, and says that some are left", () => {
    const records = createRecords(100);
    const due: number[] = [];
    const wheel = createWheel(records, (slot) => due.push(slot));
    for (let n = 0; n < 100; n++) {
      const slot = records.take(ticketOf("t"));
      wheel.set(slot, 50 + n, 0);
    }
    expect(wheel.advance(200, 30)).toBe(true);
    expect(due).toHaveLength(30);
    expect(wheel.advance(200, 30)).toBe(true);
    expect(wheel.advance(200, 40)).toBe(false);
    expect(new Set(due).size).toBe(100);
  });
});

describe("looks", () => {
  it("[RD13] come out longest waiting first, in order of arrival where equal, whatever order they came in", () => {
    const entry = fc.record({ sinceMs: fc.integer({ min: 0, max: 20 }), pops: fc.constantFrom(0, 0, 0, 1, 3) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 300, size: "max" }), fc.nat(5), (entries, gone) => {
        const looks = createLooks();
        let model: { slot: number; sinceMs: number }[] = [];
        const pop = () => {
          const [first] = model.sort((a, b) => a.sinceMs - b.sinceMs || a.slot - b.slot);
          expect(looks.pop()).toBe(first !== undefined);
          if (first) expect(looks.slot).toBe(first.slot);
          model.shift();
        };
        entries.forEach(({ sinceMs, pops }, slot) => {
          looks.push(slot, slot, sinceMs);
          model.push({ slot, sinceMs });
          for (let n = 0; n < pops; n++) pop();
          if (slot % 50 === 49) {
            model = model.filter((each) => each.slot % 6 !== gone);
            looks.compact((each) => each % 6 !== gone);
          }
          expect(looks.count).toBe(model.length);
        });
        while (model.length > 0) pop();
        pop();
      }),
      { numRuns: 100 },
    );
  });
});
