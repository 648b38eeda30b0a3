import { describe, expect, it } from "vitest";
import { resolveLimits } from "../limits.ts";
import {
  ENDED,
  type HeldState,
  onPropose,
  onReady,
  onReleased,
  onSeated,
  onTime,
  onUnsettled,
  WAITING,
} from "./held.ts";

const limits = resolveLimits();
const proposal = { match: "m1", metro: "fra", epoch: 3, lockMs: 1_000 };
const locked: HeldState = { is: "locked", match: "m1", metro: "fra", untilMs: 1_000 };
const settling = onTime(locked, 1_000, limits).state as Extract<HeldState, { is: "settling" }>;

describe("a proposal", () => {
  it("[HT1] locks a ticket that waits, for as long as was asked from when it was heard", () => {
    expect(onPropose(WAITING, proposal, 3, 500)).toEqual({ state: { ...locked, untilMs: 1_500 }, reply: "locked" });
  });

  it("[HT1] said twice is answered twice and extends nothing", () => {
    expect(onPropose(locked, proposal, 3, 900)).toEqual({ state: locked, reply: "locked" });
  });

  it.each([
    ["locked by another match", locked],
    ["asking how another match ended", settling],
    ["at its end", ENDED],
  ])("[HT1] is declined by a ticket that is %s, which stays what it is", (_, state) => {
    expect(onPropose(state, { ...proposal, match: "m2" }, 3, 100)).toEqual({ state, reply: "gone" });
  });

  it("[HT2] of an epoch that is over is declined", () => {
    expect(onPropose(WAITING, proposal, 4, 0)).toEqual({ state: WAITING, reply: "gone" });
    expect(onPropose(WAITING, proposal, 3, 0).reply).toBe("locked");
  });
});

describe("a ready check", () => {
  const asked = onPropose(WAITING, { ...proposal, askMs: 15_000 }, 0, 0).state;

  it("[HT3] gives no word before the player has, and then locks beyond the check's end", () => {
    expect(asked).toMatchObject({ is: "asked", untilMs: 15_000 });
    expect(onReady(asked, true, 2_000)).toEqual({ state: { ...locked, untilMs: 16_000 }, reply: "locked" });
  });

  it("[HT3] a decline, or silence to the end, ends the ticket", () => {
    expect(onReady(asked, false, 2_000)).toEqual({ state: ENDED, reply: "gone" });
    expect(onTime(asked, 14_999, limits)).toEqual({ state: asked, say: undefined });
    expect(onTime(asked, 15_000, limits)).toEqual({ state: ENDED, say: "declined" });
  });

  it("[HT3] an answer to a question that nobody asked changes nothing", () => {
    expect(onReady(WAITING, false, 0)).toEqual({ state: WAITING, reply: undefined });
    expect(onReady(locked, false, 0)).toEqual({ state: locked, reply: undefined });
  });
});

describe("a lock that runs out", () => {
  it("[HT4] does not free its ticket: the match's metro is asked, again and again", () => {
    expect(onTime(locked, 999, limits).state).toBe(locked);
    expect(onTime(locked, 1_000, limits)).toMatchObject({ state: { is: "settling", match: "m1" }, say: "settle" });
    expect(onTime(settling, settling.askAgainMs - 1, limits).say).toBeUndefined();
    expect(onTime(settling, settling.askAgainMs, limits)).toMatchObject({ state: { is: "settling" }, say: "settle" });
  });

  it("[HT4] frees it when nobody answered for as long as seats are held for anybody", () => {
    expect(settling.giveUpMs).toBeGreaterThan(1_000 + limits.seatHoldMs);
    expect(onTime(settling, settling.giveUpMs - 1, limits).state.is).toBe("settling");
    expect(onTime(settling, settling.giveUpMs, limits).state).toBe(WAITING);
  });

  it("[HT4] an index that says when it will know is waited for", () => {
    const later = onUnsettled(settling, "m1", 30_000, 2_000);
    expect(onTime(later, 31_999, limits)).toEqual({ state: later, say: undefined });
    expect(onTime(later, 32_000, limits).say).toBe("settle");
    expect(onUnsettled(settling, "m2", 30_000, 2_000)).toBe(settling);
  });
});

describe("an outcome", () => {
  it("[HT5] counts from the match that the ticket is promised to, and from no other", () => {
    expect([onSeated(locked, "m1"), onSeated(settling, "m1")]).toEqual([true, true]);
    expect([locked, settling].map((state) => onSeated(state, "m2"))).toEqual([false, false]);
    expect([WAITING, ENDED].map((state) => onSeated(state, "m1"))).toEqual([false, false]);
  });

  it("[HT5] a match that will never be lets its own ticket wait on, and nobody else's", () => {
    expect([onReleased(locked, "m1"), onReleased(settling, "m1")]).toEqual([WAITING, WAITING]);
    expect([locked, ENDED].map((state) => onReleased(state, "m2"))).toEqual([locked, ENDED]);
    expect(onReleased(ENDED, "m1")).toBe(ENDED);
  });
});
