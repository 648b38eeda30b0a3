import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeys } from "./keys.ts";
import { createRecords } from "./records.ts";
import { ticketOf } from "./sample-tickets.ts";

describe("keys", () => {
  it("[RD18] find what was added and not removed, like a Map", () => {
    const key = fc.oneof(
      fc.nat(60).map((n) => `t${n}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 500, size: "max" }), (all) => {
        const records = createRecords(2_000);
        const keys = createKeys(records);
        const model = new Map<string, number>();
        for (const each of all) {
          const slot = model.get(each);
          expect(keys.find(each)).toBe(slot ?? -1);
          if (slot === undefined) {
            const taken = records.take(ticketOf(each));
            keys.add(each, taken);
            model.set(each, taken);
          } else {
            keys.remove(slot);
            records.giveBack(slot);
            model.delete(each);
          }
          expect(keys.size).toBe(model.size);
        }
        for (const [each, slot] of model) expect(keys.find(each)).toBe(slot);
      }),
      { numRuns: 60 },
    );
  });
  it("[RD18] grow, and do not fill up with those who left", () => {
    const records = createRecords(10_000);
    const keys = createKeys(records);
    const slots: number[] = [];
    for (let n = 0; n < 20_000; n++) {
      const slot = records.take(ticketOf(`t${n}`));
      keys.add(`t${n}`, slot);
      slots.push(slot);
      if (n >= 3_000) {
        keys.remove(slots[n - 3_000]!);
        records.giveBack(slots[n - 3_000]!);
        if (n % 20 === 0) expect(keys.find(`t${n - 3_000}`)).toBe(-1);
      }
    }
    expect(keys.size).toBe(3_000);
    for (let n = 17_000; n < 20_000; n++) expect(keys.find(`t${n}`)).toBe(slots[n]);
  });
});
