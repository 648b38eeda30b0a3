import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Arrival,
  type Attended,
  attend,
  depart,
  lapse,
  membersSeen,
  type Party,
  type PartyRules,
  renew,
} from "./party.ts";

const rules: PartyRules = { membersMax: 4, leaseMs: 5_000, settleMs: 3_000, ownerSinceMs: 0 };
const CODE = "FRA-7K2M9QXD";
/** When an owner knows that a code that it does not know is none. */
const LATER = 10_000;

const arrival = (name: string, over: Partial<Arrival> = {}): Arrival => ({
  ...{ code: CODE, id: `id-of-${name}`, playerId: name, compat: "any", how: "join", order: 0, peers: 0 },
  ...{ ready: false, options: {}, want: undefined, play: undefined, formerly: undefined },
  ...over,
});
const create = (name: string) => arrival(name, { how: "create" });
const stay = (name: string, order: number, peers = 1, over: Partial<Arrival> = {}) =>
  arrival(name, { how: "stay", order, peers, ...over });

function partyOf(attended: Attended): Party {
  if (attended === "later" || "refused" in attended) throw new Error(JSON.stringify(attended));
  return attended.party;
}
const enter = (party: Party | undefined, who: Arrival, nowMs = LATER) => partyOf(attend(party, who, nowMs, rules));
const names = (party: Party) => party.members.map(({ playerId }) => playerId);

describe("who is in a party", () => {
  it("[PY2] the first one leads, and after him who came next", () => {
    const party = ["ben", "cem"].reduce((now, name) => enter(now, arrival(name)), enter(undefined, create("ada")));
    expect(membersSeen(party).map(({ leader }) => leader)).toEqual([true, false, false]);
    expect(names(party)).toEqual(["ada", "ben", "cem"]);
    expect(names(enter(depart(party, "id-of-ada"), arrival("ada")))).toEqual(["ben", "cem", "ada"]);
  });

  it("[PY1] a code that nobody is in is unknown; one that an owner may only not know yet is asked for again", () => {
    expect(attend(undefined, arrival("ben"), LATER, rules)).toEqual({ refused: "CODE_UNKNOWN" });
    expect(attend(undefined, arrival("ben"), 2_999, rules)).toBe("later");
    expect(attend(undefined, arrival("ben"), 3_000, rules)).toEqual({ refused: "CODE_UNKNOWN" });
  });

  it("[PY12] players of another compat stay outside", () => {
    const party = enter(undefined, create("ada"));
    expect(attend(party, arrival("ben", { compat: "old" }), LATER, rules)).toEqual({ refused: "UNSUPPORTED_VERSION" });
  });

  it("[PY10] no way in leads past its bound", () => {
    const full = ["b", "c", "d"].reduce((now, name) => enter(now, arrival(name)), enter(undefined, create("a")));
    const formerly = { id: "id-of-e", order: 0 };
    for (const who of [arrival("e"), stay("e", 9), arrival("e", { formerly })]) {
      expect(attend(full, who, LATER, rules)).toEqual({ refused: "PARTY_FULL" });
    }
    expect(names(enter(full, arrival("d", { ready: true })))).toEqual(["a", "b", "c", "d"]);
  });

  it("[PY1] a code that was made twice belongs to the first", () => {
    const party = enter(undefined, create("ada"));
    expect(attend(party, create("ben"), LATER, rules)).toEqual({ refused: "INTERNAL" });
    expect(names(enter(party, create("ada")))).toEqual(["ada"]);
  });
});

describe("an owner that learns a party from its members", () => {
  it("[PY9] tells nobody and lets nobody in before it has heard of as many as were seen, or had the time to", () => {
    const first = enter(undefined, stay("ben", 1, 2));
    expect(first.settledMs).toBe(LATER + rules.settleMs);
    expect(attend(first, arrival("eve"), LATER + 10, rules)).toBe("later");
    const whole = enter(first, stay("ada", 0, 2), LATER + 20);
    expect(whole.settledMs).toBe(LATER + 20);
    expect(names(whole)).toEqual(["ada", "ben"]);
    expect(names(enter(first, arrival("eve"), LATER + rules.settleMs))).toEqual(["ben", "eve"]);
  });

  it("[PY9] waits for the last of them that anybody has seen", () => {
    const two = [stay("ben", 1, 3), stay("ada", 0, 2)].reduce<Party | undefined>(
      (now, who) => enter(now, who),
      undefined,
    );
    expect(two?.settledMs).toBe(LATER + rules.settleMs);
    expect(enter(two, stay("cem", 2, 2)).settledMs).toBe(LATER);
  });

  it("[PY9] waits for the others when the first that it hears of comes back on a new connection", () => {
    const back = arrival("ada", { formerly: { id: "old", order: 0 } });
    expect(enter(undefined, back).settledMs).toBe(LATER + rules.settleMs);
  });

  it("[PY7] a membership goes on under a new name with its proof, or as the same player, and keeps its place", () => {
    const party = enter(enter(undefined, create("guest_1")), arrival("ben"));
    const formerly = { id: "id-of-guest_1", order: 0 };
    expect(names(enter(party, arrival("guest_2", { formerly })))).toEqual(["guest_2", "ben"]);
    const again = enter(party, arrival("guest_1", { id: "another" }));
    expect(again.members.map(({ id, order }) => [id, order])).toEqual([
      ["another", 0],
      ["id-of-ben", 1],
    ]);
  });

  it("[PY7] what a connection that died unnoticed still says counts for nothing, and a proof is good once", () => {
    const party = enter(enter(undefined, create("guest_1")), arrival("ben"));
    const formerly = { id: "id-of-guest_1", order: 0 };
    const back = enter(party, arrival("guest_2", { formerly }));
    expect(attend(back, stay("guest_1", 0), LATER, rules)).toEqual({ refused: "SUPERSEDED" });
    expect(names(enter(back, arrival("guest_3", { formerly })))).toEqual(["guest_2", "ben", "guest_3"]);
    const late = enter(depart(party, "id-of-guest_1"), arrival("guest_2", { formerly }));
    expect(names(late)).toEqual(["guest_2", "ben"]);
    expect(attend(late, stay("guest_1", 0), LATER, rules)).toEqual({ refused: "SUPERSEDED" });
  });

  it("[PY13] knows the same party whatever the order and the repeats in which it hears of them", () => {
    const told = fc
      .uniqueArray(fc.nat(50), { minLength: 1, maxLength: 4 })
      .map((orders) => orders.map((order) => stay(`m${order}`, order, orders.length, { ready: order % 2 === 0 })));
    const heard = told.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.array(fc.constantFrom(...all), { maxLength: 12 }),
        fc.shuffledSubarray(all, { minLength: all.length }),
      ),
    );
    fc.assert(
      fc.property(heard, ([all, noise, once]) => {
        const party = [...noise, ...once].reduce<Party | undefined>((now, who) => enter(now, who), undefined)!;
        const inOrder = [...all].sort((a, b) => a.order - b.order);
        expect(party.members.map(({ id, ready }) => [id, ready])).toEqual(inOrder.map(({ id, ready }) => [id, ready]));
        expect(party.settledMs).toBe(LATER);
        expect(party.nextOrder).toBe(inOrder.at(-1)!.order + 1);
      }),
    );
  });
});

describe("any life of a party", () => {
  type Step = { readonly who: string; readonly does: "join" | "stay" | "leave" | "renew" | "wait" };
  const steps = fc.array(
    fc.record<Step>({
      who: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      does: fc.constantFrom("join", "join", "stay", "leave", "renew", "renew", "wait"),
    }),
    { maxLength: 60 },
  );

  it("[PY13] has in it who said so within a lease and has not left, once each, led by who joined first", () => {
    fc.assert(
      fc.property(steps, (life) => {
        let nowMs = LATER;
        let party: Party | undefined;
        /** By name: since when, as the how manieth, and the lease. */
        const model = new Map<string, { joined: number; untilMs: number }>();
        let joins = 0;
        for (const { who, does } of life) {
          nowMs += does === "wait" ? 2_000 : 1;
          const inIt = model.get(who);
          if (does === "join" || (does === "stay" && inIt)) {
            const way = party ? does : "create";
            const order = party?.members.find(({ playerId }) => playerId === who)?.order ?? 0;
            const attended = attend(party, arrival(who, { how: way as Arrival["how"], order, peers: 1 }), nowMs, rules);
            const isFull = !inIt && model.size >= rules.membersMax;
            if (isFull) expect(attended).toEqual({ refused: "PARTY_FULL" });
            else {
              party = partyOf(attended);
              model.set(who, { joined: inIt?.joined ?? joins++, untilMs: nowMs + rules.leaseMs });
            }
          } else if (does === "renew" && party && inIt) {
            party = renew(party, `id-of-${who}`, nowMs, rules);
            inIt.untilMs = nowMs + rules.leaseMs;
          } else if (does === "leave" && party) {
            party = depart(party, `id-of-${who}`);
            model.delete(who);
          }
          for (const [name, { untilMs }] of model) if (nowMs >= untilMs) model.delete(name);
          party = party && lapse(party, nowMs);
          if (party?.members.length === 0) party = undefined;
          const expected = [...model].sort(([, a], [, b]) => a.joined - b.joined).map(([name]) => name);
          expect(party ? names(party) : []).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
