import type { PartyState } from "@frontrow/shared/protocol/party-link.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entering,
  type Membership,
  onLost,
  onPartEnd,
  onReady,
  onState,
  onUnwant,
  onWant,
  type PartEnd,
} from "./membership.ts";

const member = (over: Partial<Membership> = {}): Membership => ({ ...entering("join", {}), how: "stay", ...over });
const state = (play?: Partial<NonNullable<PartyState["play"]>>): PartyState => ({
  ...{ t: "party-state", n: 1, rev: 1, order: 1, receipt: "r", members: [] },
  ...(play ? { play: { id: "p1", mode: "squads", part: 1, parts: 2, over: false, ...play } } : {}),
});
const open = (id = "p1") => ({ id, mode: "squads", part: 1, parts: 2, is: "open" as const });

describe("a membership", () => {
  it("[PY3] opens its part when it is called and ready; called when it is not, it says that its part is over", () => {
    expect(onState(member({ ready: true }), state({}))).toMatchObject({
      now: { play: { id: "p1", part: 1, is: "open" } },
      asked: { do: "open", id: "p1" },
    });
    expect(onState(member(), state({}))).toMatchObject({ now: { play: { is: "over" } }, asked: undefined });
  });

  it("[PY4] opens a part once, however often it is told of the play", () => {
    const { now } = onState(member({ ready: true }), state({}));
    expect(onState(now, state({})).asked).toBeUndefined();
    const ended = onPartEnd(now, "p1", "failed");
    expect(onState(ended, state({}))).toMatchObject({ now: { play: { is: "over" } }, asked: undefined });
  });

  it("[PY4] is not called to a play that it has no part in, or that is over", () => {
    const { part: _, ...others } = state({}).play!;
    const without: PartyState = { ...state(), play: others };
    for (const told of [state(), without, state({ over: true })]) {
      expect(onState(member({ ready: true }), told)).toMatchObject({ asked: undefined, now: { play: undefined } });
    }
  });

  it("[PY5] ends its part when the play is over, or has become another", () => {
    const playing = member({ ready: true, play: open() });
    for (const told of [state(), state({ over: true }), state({ id: "p2" })]) {
      expect(onState(playing, told).asked).toEqual({ do: "end", id: "p1" });
    }
  });

  it("[PY6] agreeing is used up by a seat and by what its player ends himself, and by nothing that others do", () => {
    const playing = member({ ready: true, play: open() });
    const after = (end: PartEnd) => onPartEnd(playing, "p1", end);
    expect(after("seated")).toMatchObject({ ready: false, play: { is: "seated" } });
    expect(after("left")).toMatchObject({ ready: false, play: { is: "over" } });
    expect(after("failed")).toMatchObject({ ready: true, play: { is: "over" } });
    expect(onPartEnd(playing, "p0", "left")).toBe(playing);
  });

  it("[PY4] a wish is wished until its play is there, and comes to nothing with it", () => {
    const wishing = onWant(member(), { id: "p1", mode: "squads" });
    expect(wishing.ready).toBe(true);
    expect(onState(wishing, state()).now.want).toEqual({ id: "p1", mode: "squads" });
    expect(onState(wishing, state({}))).toMatchObject({ now: { want: undefined }, asked: { do: "open" } });
    expect(onState(wishing, state({ over: true }))).toMatchObject({
      now: { want: undefined },
      asked: { do: "forget-wish", id: "p1" },
    });
  });

  it("[PY3] a wish that was taken back opens no part, though its play comes all the same", () => {
    const taken = onUnwant(onWant(member(), { id: "p1", mode: "squads" }), "p1");
    expect(onState(taken, state({}))).toMatchObject({ asked: undefined, now: { play: { is: "over" } } });
    const newer = onWant(onWant(member(), { id: "p1", mode: "squads" }), { id: "p2", mode: "squads" });
    expect(onState(newer, state({})).asked).toBeUndefined();
  });

  it("[PY5] without its connection it has agreed to nothing and has no part", () => {
    const lost = onLost(member({ ready: true, play: open(), want: { id: "p2", mode: "squads" } }));
    expect(lost).toMatchObject({ ready: false, want: undefined, play: { is: "over" } });
  });

  it("[PY3] never opens a part that its player has not agreed to, whatever happens", () => {
    const event = fc.oneof(
      fc.record({ does: fc.constant("ready" as const), yes: fc.boolean() }),
      fc.record({ does: fc.constant("want" as const), id: fc.constantFrom("p1", "p2", "p3") }),
      fc.record({ does: fc.constant("unwant" as const), id: fc.constantFrom("p1", "p2", "p3") }),
      fc.record({
        does: fc.constant("state" as const),
        id: fc.constantFrom("p1", "p2", "p3"),
        over: fc.boolean(),
        isNone: fc.boolean(),
      }),
      fc.record({ does: fc.constant("end" as const), end: fc.constantFrom<PartEnd>("seated", "left", "failed") }),
      fc.record({ does: fc.constant("lose" as const) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let now = member();
        /** What the player last said, unless it was used up. */
        let agreed = false;
        for (const one of events) {
          if (one.does === "ready") {
            agreed = one.yes;
            now = onReady(now, one.yes);
          } else if (one.does === "want") {
            agreed = true;
            now = onWant(now, { id: one.id, mode: "squads" });
          } else if (one.does === "unwant") now = onUnwant(now, one.id);
          else if (one.does === "lose") {
            agreed = false;
            now = onLost(now);
          } else if (one.does === "end" && now.play?.is === "open") {
            if (one.end !== "failed") agreed = false;
            now = onPartEnd(now, now.play.id, one.end);
          } else if (one.does === "state") {
            const wasOpen = now.play?.is === "open";
            const { now: next, asked } = onState(now, one.isNone ? state() : state({ id: one.id, over: one.over }));
            now = next;
            if (asked?.do === "open") expect([agreed, wasOpen]).toEqual([true, false]);
          }
          expect(now.ready).toBe(agreed);
        }
      }),
      { numRuns: 300 },
    );
  });
});
