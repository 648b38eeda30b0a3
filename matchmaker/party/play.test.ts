import { fill, match } from "@frontrow/shared/config/modes.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Member, Party } from "./party.ts";
import { grant, judge, type PlayRules } from "./play.ts";

const rules: PlayRules = {
  modes: { squads: match({ teams: [{ seats: 3 }, { seats: 3 }] }), arena: fill({ seats: 8 }) },
  joinOptionsBytes: 512,
  leaseMs: 5_000,
};
type Is = NonNullable<Member["play"]>["is"];

const member = (id: string, over: Partial<Member> = {}): Member => ({
  ...{ id, playerId: id, order: 0, compat: "any", ready: true, options: {}, want: undefined, play: undefined },
  leaseUntilMs: Number.POSITIVE_INFINITY,
  ...over,
});
const partyOf = (members: readonly Member[], over: Partial<Party> = {}): Party => ({
  ...{
    code: "FRA-7K2M9QXD",
    members,
    play: undefined,
    nextOrder: 9,
    settledMs: 0,
    peers: members.length,
    replaced: [],
  },
  ...over,
});
const want = (id = "play-1", mode = "squads") => ({ id, mode });
const part = (at: number, is: Is, id = "play-1", parts = 2) => ({ id, mode: "squads", part: at, parts, is });
const saying = (party: Party, id: string, over: Partial<Member>): Party => ({
  ...party,
  members: party.members.map((one) => (one.id === id ? { ...one, ...over } : one)),
});

function started(): Party {
  const ada = member("ada", { want: want() });
  const granted = grant(partyOf([ada, member("ben")]), ada, 1_000, rules);
  if (granted === "wait" || "refused" in granted) throw new Error(JSON.stringify(granted));
  return granted.party;
}
const codeOf = (granted: ReturnType<typeof grant>) =>
  granted !== "wait" && "refused" in granted ? granted.refused.refusal.code : granted;

describe("a wish to play", () => {
  it("[PY4] gives each member its part", () => {
    expect(started().play).toEqual({
      id: "play-1",
      mode: "squads",
      parts: ["ada", "ben"],
      sinceMs: 1_000,
      over: false,
    });
  });

  it("[PY3] is refused unless everybody is ready, in whatever order they are", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }), (words) => {
        const members = words.map((ready, at) => member(`m${at}`, { ready, ...(at === 0 ? { want: want() } : {}) }));
        const granted = grant(partyOf(members), members[0]!, 0, rules);
        if (words.every(Boolean)) expect(granted).toHaveProperty("party");
        else expect(codeOf(granted)).toBe("PARTY_NOT_READY");
      }),
    );
  });

  it("[PY11] counts from the leader only", () => {
    const ben = member("ben", { want: want() });
    expect(codeOf(grant(partyOf([member("ada"), ben]), ben, 0, rules))).toBe("NOT_LEADER");
  });

  it("[PY12] is refused for a mode that there is not, that takes fewer, or where nobody waits", () => {
    const asks = (mode: string, size = 1) => {
      const ada = member("ada", { want: want("play-1", mode) });
      return codeOf(grant(partyOf([ada, ...["b", "c", "d"].slice(1, size).map((id) => member(id))]), ada, 0, rules));
    };
    expect(["nothing", "arena", "constructor"].map((mode) => asks(mode))).toEqual(Array(3).fill("UNKNOWN_MODE"));
    const ada = member("ada", { want: want() });
    const four = partyOf([ada, ...["b", "c", "d"].map((id) => member(id))]);
    expect(codeOf(grant(four, ada, 0, rules))).toBe("PARTY_TOO_LARGE");
  });

  it("[PY9] waits until the party is known to be whole, and until nobody is in another play", () => {
    const ada = member("ada", { want: want("play-2") });
    const ben = member("ben");
    expect(grant(partyOf([ada, ben], { settledMs: 10 }), ada, 9, rules)).toBe("wait");
    expect(grant(partyOf([ada, ben], { settledMs: 10 }), ada, 10, rules)).toHaveProperty("party");
    const busy = partyOf([ada, member("ben", { play: part(1, "open") })]);
    expect(grant(busy, ada, 0, rules)).toBe("wait");
    const running = { id: "play-1", mode: "squads", parts: ["ada", "ben"], sinceMs: 0, over: false };
    expect(grant(partyOf([ada, ben], { play: running }), ada, 0, rules)).toBe("wait");
    expect(grant(partyOf([ada, ben], { play: { ...running, over: true } }), ada, 0, rules)).toHaveProperty("party");
  });

  it("[PY4] is not granted twice", () => {
    const party = started();
    expect(grant(party, party.members[0]!, 2_000, rules)).toBe("wait");
    const over = { ...party, play: { ...party.play!, over: true } };
    expect(grant(over, over.members[0]!, 2_000, rules)).toBe("wait");
  });
});

describe("a play", () => {
  const both = saying(saying(started(), "ada", { play: part(0, "open") }), "ben", { play: part(1, "open") });
  const isOver = (party: Party, nowMs = 2_000) => judge(party, nowMs, rules).play?.over;

  it("[PY5] is over once one part ended without a seat, or its member is gone", () => {
    expect(isOver(both)).toBe(false);
    expect(isOver(both, 1e9)).toBe(false);
    expect(isOver(saying(both, "ben", { play: part(1, "over") }))).toBe(true);
    expect(isOver({ ...both, members: both.members.slice(0, 1) })).toBe(true);
  });

  it("[PY5] is not over because one of them has his seat already, and is once all have", () => {
    const one = saying(both, "ben", { play: part(1, "seated") });
    expect(isOver(one)).toBe(false);
    expect(isOver(saying(one, "ada", { play: part(0, "seated") }))).toBe(true);
  });

  it("[PY5] is over when a part has not begun within a lease", () => {
    const late = saying(started(), "ada", { play: part(0, "open") });
    expect([isOver(late, 5_999), isOver(late, 6_000)]).toEqual([false, true]);
  });

  it("[PY9] that an earlier owner started is learned from whoever has a part open in it", () => {
    const ada = member("ada", { play: part(0, "open") });
    const first = judge(partyOf([ada]), 1_000, rules);
    expect(first.play).toEqual({
      id: "play-1",
      mode: "squads",
      parts: ["ada", undefined],
      sinceMs: 1_000,
      over: false,
    });
    const whole = judge({ ...first, members: [ada, member("ben", { play: part(1, "open") })] }, 2_000, rules);
    expect(whole.play).toMatchObject({ parts: ["ada", "ben"], over: false });
    expect(isOver(first, 6_000)).toBe(true);
  });

  it("[PY9] is over for a new owner if one of its parts was, whoever is heard of first", () => {
    const ada = member("ada", { play: part(0, "over") });
    const ben = member("ben", { play: part(1, "open") });
    for (const members of [
      [ada, ben],
      [ben, ada],
    ])
      expect(isOver(partyOf(members))).toBe(true);
    expect(judge(partyOf([ada]), 0, rules).play).toBeUndefined();
  });

  it("[PY9] that is over stays over, whatever is said of it late", () => {
    const over = judge(saying(both, "ben", { play: part(1, "over") }), 2_000, rules);
    expect(isOver(saying(over, "ben", { play: part(1, "open") }), 3_000)).toBe(true);
  });

  it("[PY13] whatever members say, none takes the place of a play that runs, and one that is over stays so", () => {
    const said = fc.record({
      at: fc.nat(2),
      play: fc.option(
        fc.record({
          id: fc.constantFrom("play-1", "play-2"),
          mode: fc.constant("squads"),
          part: fc.nat(3),
          parts: fc.integer({ min: 1, max: 4 }),
          is: fc.constantFrom<Is>("open", "seated", "over"),
        }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 30 }), (all) => {
        let party = partyOf(["a", "b", "c"].map((id) => member(id)));
        all.forEach(({ at, play }, turn) => {
          const before = party.play;
          party = judge(saying(party, ["a", "b", "c"][at]!, { play }), turn * 1_000, rules);
          const now = party.play;
          if (before && !before.over && now) expect(now.id).toBe(before.id);
          if (before?.id === now?.id && before?.over) expect(now?.over).toBe(true);
        });
      }),
    );
  });
});
