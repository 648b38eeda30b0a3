import { match } from "@frontrow/shared/config/modes.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import {
  type PartyAttend,
  type PartyMessage,
  type PartyState,
  partyKey,
} from "@frontrow/shared/protocol/party-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test/support/manual-clock.ts";
import { createMembershipProofs } from "./membership-proof.ts";
import { createPartyOwner } from "./owner.ts";

const limits = resolveLimits();
const CODE = "FRA-7K2M9QXD";
const SETTLE_MS = 2 * limits.ticketRenewMs;

function ownerWith(replica = "mm-1") {
  const clock = createManualClock();
  const owner = createPartyOwner({
    ...{ replica, clock, limits, rng: () => 0.5, wallMs: () => clock.nowMs() },
    modes: { squads: match({ teams: [{ seats: 3 }, { seats: 3 }] }) },
    proofs: createMembershipProofs("key", limits.receiptMs),
  });
  /** An edge with one member: what it says, and what it heard. */
  function edge(playerId: string, first: Partial<PartyAttend> = {}) {
    const heard: PartyMessage[] = [];
    const ear = { tell: (message: PartyMessage) => void heard.push(message) };
    let last: PartyAttend = {
      ...{
        t: "party-attend",
        n: 1,
        sid: "s",
        code: CODE,
        member: `member-of-${playerId}`,
        how: "join",
        order: 0,
        own: 0,
      },
      ...{ seen: 0, peers: 0, compat: "any", options: {}, ready: false },
      ...first,
    };
    const states = () => heard.filter((message): message is PartyState => message.t === "party-state");
    return {
      heard,
      states,
      said: () => last,
      attend: (now: Partial<PartyAttend> = {}) => {
        last = { ...last, ...now };
        owner.hear(ear, playerId, last);
      },
      say: (message: Parameters<typeof owner.hear>[2]) => owner.hear(ear, undefined, message),
      again: (message: PartyAttend) => owner.hear(ear, playerId, message),
      renew: (own = last.own, seen = states().at(-1)?.rev ?? 0) =>
        owner.hear(ear, undefined, { t: "party-renew", members: [{ n: 1, own, seen }] }),
      members: () =>
        (states().at(-1)?.members ?? []).map(({ playerId, ready }) => `${playerId}${ready ? "+" : ""}`).join(" "),
    };
  }
  return { clock, owner, edge };
}

async function adaAndBen(world = ownerWith()) {
  const ada = world.edge("ada", { how: "create" });
  const ben = world.edge("ben");
  ada.attend();
  ben.attend();
  await world.clock.pass(50);
  expect(ada.members()).toBe("ada ben");
  return { ...world, ada, ben };
}

describe("an owner of parties", () => {
  it("[PY9] takes no party that is another replica's, and lets go of what becomes another's", async () => {
    const other = rendezvous(partyKey(CODE), ["mm-1", "mm-2"]) === "mm-1" ? "mm-2" : "mm-1";
    const { owner, edge, clock } = ownerWith(other);
    owner.setReplicas({ members: ["mm-1", "mm-2"] });
    const ada = edge("ada", { how: "create" });
    ada.attend();
    await clock.pass(100);
    expect([owner.size, ada.heard]).toEqual([0, []]);
    owner.setReplicas({ members: [other] });
    ada.attend();
    await clock.pass(100);
    expect([owner.size, ada.members()]).toEqual([1, "ada"]);
    owner.setReplicas({ members: ["mm-1", "mm-2"] });
    ada.renew();
    expect([owner.size, ada.heard.at(-1)]).toEqual([0, { t: "party-unknown", ns: [1] }]);
  });

  it("[PY13] a word that was said before another counts for nothing once that was heard", async () => {
    const { ada, ben, clock } = await adaAndBen();
    const before = ben.said();
    ben.attend({ own: 1, ready: true });
    ben.again(before);
    await clock.pass(50);
    expect(ada.members()).toBe("ada ben+");
  });

  it("[PY13] a word that was lost is asked for with the next renewal", async () => {
    const { ben } = await adaAndBen();
    ben.renew(1);
    expect(ben.heard.at(-1)).toEqual({ t: "party-unknown", ns: [1] });
  });

  it("[PY13] a state that was lost is told again with the next renewal, and one that was heard is not", async () => {
    const { ada, ben, clock } = await adaAndBen();
    const known = ada.states().length;
    ben.renew();
    ada.renew();
    await clock.pass(50);
    expect(ada.states()).toHaveLength(known);
    ada.renew(0, 7);
    await clock.pass(50);
    expect(ada.states()).toHaveLength(known + 1);
    expect(ada.states().at(-1)).toMatchObject({ rev: ada.states().at(-2)!.rev, members: [{}, {}] });
  });

  it("[PY9] tells nobody of a party before it is whole, and starts nothing", async () => {
    const { edge, clock } = ownerWith();
    const want = { id: "p".repeat(22), mode: "squads" };
    const ada = edge("ada", { how: "stay", order: 0, peers: 2, ready: true, want });
    ada.attend();
    await clock.pass(SETTLE_MS - 100);
    expect(ada.heard).toEqual([]);
    const ben = edge("ben", { how: "stay", order: 1, peers: 2, ready: true });
    ben.attend();
    await clock.pass(50);
    expect(ada.states().at(-1)).toMatchObject({ members: [{}, {}], play: { parts: 2, part: 0 } });
  });

  it("[PY9] tells what there is of a party once its members had the time to be said again", async () => {
    const { edge, clock } = ownerWith();
    const ada = edge("ada", { how: "stay", order: 4, peers: 3 });
    ada.attend();
    await clock.pass(SETTLE_MS + 500);
    expect([ada.members(), ada.states()[0]?.order]).toEqual(["ada", 4]);
  });

  it("[PY8] a member that is renewed stays, one that is not is out after a lease", async () => {
    const { ada, ben, clock } = await adaAndBen();
    for (let at = 0; at < 8; at++) {
      await clock.pass(limits.ticketRenewMs);
      ada.renew();
    }
    expect(ada.members()).toBe("ada");
    ben.renew();
    expect(ben.heard.at(-1)).toEqual({ t: "party-unknown", ns: [1] });
    ben.attend({ how: "stay", order: 1, peers: 2 });
    await clock.pass(50);
    expect(ada.members()).toBe("ada ben");
  });

  it("[PY11] a departure is that of the edge which says it", async () => {
    const { ada, ben, edge, clock } = await adaAndBen();
    edge("eve").say({ t: "party-depart", n: 1 });
    await clock.pass(50);
    expect(ada.members()).toBe("ada ben");
    ben.say({ t: "party-depart", n: 1 });
    await clock.pass(50);
    expect(ada.members()).toBe("ada");
  });
});
