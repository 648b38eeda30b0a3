import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rendezvous } from "./rendezvous.ts";

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });

describe("rendezvous", () => {
  it("[HT6] everybody names the same member, in whatever order they know them", () => {
    fc.assert(
      fc.property(fc.string(), names, (key, members) => {
        const named = rendezvous(key, members);
        expect(members).toContain(named);
        expect(rendezvous(key, members.toReversed())).toBe(named);
      }),
    );
    expect(rendezvous("duel|any", [])).toBeUndefined();
  });

  it("[HT6] a member that goes moves its own keys and no other", () => {
    fc.assert(
      fc.property(fc.string(), names, fc.nat(), (key, members, at) => {
        const gone = members[at % members.length]!;
        const before = rendezvous(key, members);
        const after = rendezvous(
          key,
          members.filter((member) => member !== gone),
        );
        if (before !== gone) expect(after).toBe(before);
      }),
    );
  });

  it("[HT6] keys that differ in their last letter spread over the members", () => {
    const members = ["mm-1", "mm-2", "mm-3"];
    const counts = new Map<string, number>();
    for (let number = 0; number < 3_000; number++) {
      const named = rendezvous(`mode-${number}|any`, members)!;
      counts.set(named, (counts.get(named) ?? 0) + 1);
    }
    for (const member of members) expect(counts.get(member)).toBeGreaterThan(800);
  });
});
