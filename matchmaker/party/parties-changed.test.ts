import { FrontrowError } from "@frontrow/shared/errors.ts";
import { describe, expect, it } from "vitest";
import {
  called,
  createPartyWorld,
  inFakeTime,
  type PartyPlayer,
  type PartyWorld,
  partyOf,
  words,
} from "../../test/support/party-world.ts";

const { join, leave, play, ready } = words;
let world: PartyWorld;
inFakeTime(() => world.stop());

describe("a ticket of a party that is not whole any more", () => {
  /** Ada and Ben wait in a pool in which nobody else is. */
  async function waiting() {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("squads"));
    await world.pass(500);
    expect(ada.last("state", "t1")).toMatchObject({ state: "waiting", players: 2 });
    return { ada, ben };
  }
  const held = () => world.edges.map(({ world }) => world.holders.size);

  it.each([
    ["cancels his ticket", (ben: PartyPlayer) => ben.say({ t: "cancel", id: called(ben) })],
    ["takes his word back", (ben: PartyPlayer) => ben.say({ ...ready, yes: false })],
    ["plays something else", (ben: PartyPlayer) => ben.say({ t: "play", id: "own", mode: "pairs" })],
  ])("[PY5] ends with PARTY_CHANGED for the others when one %s, and the party stays", async (_, act) => {
    const { ada, ben } = await waiting();
    await act(ben);
    await world.pass(300);
    expect(ada.errors("t1")).toEqual(["PARTY_CHANGED"]);
    expect(ada.members()).toBe("ada*+ ben");
    await ben.say({ t: "cancel", id: "own" });
    await world.pass(300);
    expect(held()).toEqual([0, 0]);
    await ben.say(ready);
    await ada.say(play("pairs", "t2"));
    await world.pass(500);
    expect(ben.last("seat", called(ben))?.match).toBe(ada.last("seat", "t2")?.match);
  });

  it("[PY5] ends with PARTY_CHANGED for the others when one leaves or is lost, whoever leads", async () => {
    const { ada, ben } = await waiting();
    await ada.say(leave);
    expect(ada.errors("t1")).toEqual(["CANCELLED"]);
    await world.pass(300);
    expect(ben.errors(called(ben))).toEqual(["PARTY_CHANGED"]);
    expect(ben.members()).toBe("ben*+");
    await ada.say(join(ben));
    await ada.say(ready);
    await ben.say(play("squads", "t2"));
    await world.pass(500);
    await ada.drop();
    await world.pass(300);
    expect(ben.errors("t2")).toEqual(["PARTY_CHANGED"]);
    expect(held()).toEqual([0, 0]);
  });

  it("[PY5] ends within a lease for the others when an edge dies", async () => {
    const { ada } = await waiting();
    world.edges[1]!.stop();
    await world.pass(6_000);
    expect(ada.errors("t1")).toEqual(["PARTY_CHANGED"]);
    expect(ada.members()).toBe("ada*+");
  });

  it("[PY5] who declines a match takes his word back; the others end with PARTY_CHANGED", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("checked"));
    await world.pass(300);
    await ada.say({ t: "ready", id: "t1", yes: true });
    await ben.say({ t: "ready", id: called(ben), yes: false });
    await world.pass(500);
    expect([ada.errors("t1"), ben.errors(called(ben))]).toEqual([["PARTY_CHANGED"], ["DECLINED"]]);
    expect(ada.members()).toBe("ada*+ ben");
    expect(held()).toEqual([0, 0]);
  });

  /** Both are promised to a match that takes its seats, as long as the answer's function is not called. */
  async function reserving() {
    world = await createPartyWorld({ edges: 2 });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    world.reserving = promise;
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("pairs"));
    await world.pass(100);
    expect(world.placed).toHaveLength(1);
    return { ada, ben, resolve, reject };
  }

  it("[PY5] has its seats all the same for the others when one cancels while they are taken", async () => {
    const { ada, ben, resolve } = await reserving();
    await ben.say({ t: "cancel", id: called(ben) });
    await world.pass(200);
    expect(ada.errors()).toEqual([]);
    resolve();
    await world.pass(200);
    expect([ada.last("seat", "t1")?.match, ben.last("seat")]).toEqual([world.placed[0]!.match, undefined]);
  });

  it("[PY5] ends with PARTY_CHANGED once it turns out that there are no seats", async () => {
    const { ada, ben, reject } = await reserving();
    await ben.say({ t: "cancel", id: called(ben) });
    reject(new FrontrowError("NO_CAPACITY"));
    await world.pass(200);
    expect(ada.errors("t1")).toEqual(["PARTY_CHANGED"]);
    expect(held()).toEqual([0, 0]);
  });

  it("[PY5] a newer play of the leader ends the one before for everybody, and begins once it has", async () => {
    const { ada, ben } = await waiting();
    const before = called(ben);
    await ada.say(play("pairs", "t2"));
    await world.pass(1_000);
    expect([ada.errors("t1"), ben.errors(before)]).toEqual([["SUPERSEDED"], ["PARTY_CHANGED"]]);
    expect(ben.last("seat", called(ben))?.match).toBe(ada.last("seat", "t2")?.match);
    expect(world.placed.map(({ mode }) => mode)).toEqual(["pairs"]);
  });
});
