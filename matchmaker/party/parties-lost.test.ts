import { partyKey } from "@frontrow/shared/protocol/party-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { describe, expect, it } from "vitest";
import {
  called,
  codeOf,
  createPartyWorld,
  inFakeTime,
  type PartyPlayer,
  type PartyWorld,
  partyOf,
  words,
} from "../../test/support/party-world.ts";

const { create, join, play, ready } = words;
let world: PartyWorld;
inFakeTime(() => world.stop());

describe("a member whose connection is lost", () => {
  const resumed = (player: PartyPlayer, lost: PartyPlayer) =>
    player.say({ ...join(lost), resume: lost.last("party")!.resume });

  it("[PY7] is the same member on its next connection: the leader leads, and nobody saw him go", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    const before = ben.heard.filter(({ t }) => t === "party").length;
    await ada.drop();
    const again = await world.enter(1, "ada");
    await resumed(again, ada);
    expect([again.members(), ben.members()]).toEqual(["ada* ben", "ada* ben"]);
    await world.pass(10_000);
    const seen = ben.heard.filter((one) => one.t === "party").slice(before);
    expect(seen.every(({ members }) => members.length === 2 && members[0]!.playerId === "ada")).toBe(true);
  });

  it("[PY7] keeps its place after its lease, too, and as a guest, who has another name on every connection", async () => {
    world = await createPartyWorld({ edges: 2 });
    const guest = await world.enter(0);
    await guest.say(create);
    const ben = await world.enter(1, "ben");
    await ben.say(join(guest));
    await world.pass(70_000);
    await guest.drop();
    await world.pass(8_000);
    expect(ben.members()).toBe("ben*");
    const again = await world.enter(1);
    await resumed(again, guest);
    expect(ben.members()).toMatch(/^guest_\w+\* ben$/);
  });

  it("[PY7] who shows another's proof, or one of another party, joins as anybody does", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    const [other] = await partyOf(world, "other");
    const cem = await world.enter(0, "cem");
    const { member } = ada.last("party")!.resume;
    await cem.say({ ...join(ada), resume: { member, receipt: other.last("party")!.resume.receipt } });
    expect(ben.members()).toBe("ada* ben cem");
    const dan = await world.enter(0, "dan");
    await dan.say({ ...join(ada), resume: { member, receipt: "x".repeat(500) } });
    expect(ben.members()).toBe("ada* ben cem dan");
  });

  it("[PY7] a new connection of the player that joins without a proof takes the place of the old one", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    const again = await world.enter(1, "ada");
    await again.say(join(ada));
    expect(ben.members()).toBe("ada* ben");
  });
});

describe("an owner that is lost", () => {
  /** Loses the replica that owns this party, which is the one that knows any; its lease takes 3 s. */
  async function loseOwner(code: string) {
    const owner = rendezvous(partyKey(code), ["mm-1", "mm-2"])!;
    world.lose(owner);
    await world.pass(6_000);
  }

  it("[PY9] is followed by one that learns the party from its members: same members, same leader, same words", async () => {
    world = await createPartyWorld({ edges: 2, replicas: 2 });
    await world.pass(2_000);
    const [ada, ben, cem] = await partyOf(world, "ada", "ben", "cem");
    await cem.say(ready);
    const states = ada.heard.filter(({ t }) => t === "party").length;
    await loseOwner(codeOf(ada));
    await ben.say(ready);
    expect([ada, ben, cem].map((player) => player.members())).toEqual(Array(3).fill("ada* ben+ cem+"));
    const since = ada.heard.filter((one) => one.t === "party").slice(states);
    expect(since.map(({ members }) => members.length)).not.toContain(1);
    await ada.say(play("squads"));
    await world.pass(500);
    expect(cem.last("state", called(cem))).toMatchObject({ state: "waiting", players: 3 });
  });

  it("[PY9] ends no ticket that waits, and the next owner ends it when the party changes", async () => {
    world = await createPartyWorld({ edges: 2, replicas: 2 });
    await world.pass(2_000);
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("squads"));
    await world.pass(500);
    await loseOwner(codeOf(ada));
    await world.pass(10_000);
    expect([ada.errors("t1"), ben.errors()]).toEqual([[], []]);
    expect(ada.last("state", "t1")).toMatchObject({ state: "waiting", players: 2 });
    await ben.say({ t: "cancel", id: called(ben) });
    await world.pass(500);
    expect(ada.errors("t1")).toEqual(["PARTY_CHANGED"]);
  });

  it("[PY9] lets a newcomer in with the code as soon as it knows the party, and says of no code too early that it is unknown", async () => {
    world = await createPartyWorld({ edges: 2, replicas: 2 });
    await world.pass(2_000);
    const [ada] = await partyOf(world, "ada");
    const owner = rendezvous(partyKey(codeOf(ada)), ["mm-1", "mm-2"])!;
    world.lose(owner);
    const ben = await world.enter(1, "ben");
    await world.pass(2_500);
    await ben.say(join(ada));
    await world.pass(4_000);
    expect([ben.errors(), ada.members(), ben.members()]).toEqual([[], "ada* ben", "ada* ben"]);
  });

  it("[PY9] a member comes back by its proof where nobody remembers the party", async () => {
    world = await createPartyWorld({ edges: 2, replicas: 2 });
    await world.pass(2_000);
    const [ada] = await partyOf(world, "ada");
    const { resume, code } = ada.last("party")!;
    await ada.drop();
    await loseOwner(code);
    const again = await world.enter(1, "ada");
    await again.say({ t: "party-join", id: "p", code, resume });
    await world.pass(4_000);
    expect([again.errors("p"), again.members()]).toEqual([[], "ada*"]);
  });
});
