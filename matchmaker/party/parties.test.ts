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

const { create, join, leave, play, ready } = words;
let world: PartyWorld;
inFakeTime(() => world.stop());

describe("a party", () => {
  it("[PY1] is made with a code, joined with it from another edge, and everybody sees who is in it and who is ready", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    expect(codeOf(ada)).toMatch(/^FRA-[0-9A-HJKMNP-TV-Z]{8}$/);
    expect([ada.members(), ben.members()]).toEqual(["ada* ben", "ada* ben"]);
    await ben.say(ready);
    expect([ada.members(), ben.members()]).toEqual(["ada* ben+", "ada* ben+"]);
    await ben.say({ ...ready, yes: false });
    expect([ada.members(), ben.members()]).toEqual(["ada* ben", "ada* ben"]);
  });

  it("[PY1] is joined with its code as a person types it", async () => {
    world = await createPartyWorld();
    const [ada] = await partyOf(world, "ada");
    const ben = await world.enter(0, "ben");
    await ben.say({ ...join(ada), code: codeOf(ada).toLowerCase().replace("-", " ") });
    expect(ben.members()).toBe("ada* ben");
  });

  it("[PY2] is led by who came first of those who are in it", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben, cem] = await partyOf(world, "ada", "ben", "cem");
    await ada.say(leave);
    expect(cem.members()).toBe("ben* cem");
    await ada.say(join(ben));
    expect([ben.members(), ada.members()]).toEqual(["ben* cem ada", "ben* cem ada"]);
  });

  it("[PY8] forgets a member whose edge is silent for a lease, and none before", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await world.pass(60_000);
    expect(ada.members()).toBe("ada* ben");
    world.edges[1]!.stop();
    await world.pass(3_400);
    expect(ada.members()).toBe("ada* ben");
    await world.pass(2_000);
    expect(ada.members()).toBe("ada*");
    expect(ben.errors()).toEqual([]);
  });

  it("[PY8] is forgotten with its last member: its code is unknown from then on", async () => {
    world = await createPartyWorld();
    const [ada] = await partyOf(world, "ada");
    const ben = await world.enter(0, "ben");
    await world.pass(5_000);
    await ada.say(leave);
    await ben.say(join(ada));
    expect(ben.errors("p")).toEqual(["CODE_UNKNOWN"]);
  });
});

describe("playing", () => {
  it("[PY4] gives everybody a ticket of his own, and seats of one team in one match", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("pairs"));
    await world.pass(500);
    const seats = [ada.last("seat", "t1"), ben.last("seat", called(ben))];
    expect(world.placed).toHaveLength(1);
    expect(world.placed[0]!.seats.map(({ playerId, team }) => [playerId, team])).toEqual([
      ["ada", seats[0]!.team],
      ["ben", seats[0]!.team],
    ]);
    expect(seats.map((seat) => [seat?.match, seat?.seat.sessionId])).toEqual([
      [world.placed[0]!.match, "ada"],
      [world.placed[0]!.match, "ben"],
    ]);
    expect(ada.last("party-call")).toBeUndefined();
    expect(ben.last("party-call")).toMatchObject({ id: "p", mode: "pairs" });
  });

  it("[PY4] asks every member in a ready check, and takes his own options to the room", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say({ ...ready, options: { hat: "red" } });
    await ada.say({ ...play("checked"), options: { hat: "blue" } });
    await world.pass(300);
    const tickets: [PartyPlayer, string][] = [
      [ada, "t1"],
      [ben, called(ben)],
    ];
    for (const [player, id] of tickets) {
      expect(player.last("state", id)).toMatchObject({ state: "asked" });
      await player.say({ t: "ready", id, yes: true });
    }
    await world.pass(300);
    expect(ben.last("seat", called(ben))).toBeDefined();
    expect(world.placed[0]!.seats.map(({ options }) => options)).toEqual([{ hat: "blue" }, { hat: "red" }]);
  });

  it("[PY3] is refused while somebody is not ready, and nobody is enlisted", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ada.say(play("pairs"));
    expect(ada.errors("t1")).toEqual(["PARTY_NOT_READY"]);
    await ben.say(ready);
    await ben.say({ ...ready, yes: false });
    await ada.say(play("pairs", "t2"));
    await world.pass(6_000);
    expect(ada.errors("t2")).toEqual(["PARTY_NOT_READY"]);
    expect(ben.last("party-call")).toBeUndefined();
    expect([world.placed, world.edges.map(({ world }) => world.holders.size)]).toEqual([[], [0, 0]]);
  });

  it("[PY3] who takes his word back while the call is on its way is in no ticket, and the others are told", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    // In one turn: neither has the owner's word of the other.
    await Promise.all([ada.say(play("pairs")), ben.say({ ...ready, yes: false })]);
    await world.pass(6_000);
    expect(ben.last("party-call")).toBeUndefined();
    expect(ada.errors("t1").join()).toMatch(/^(PARTY_NOT_READY|PARTY_CHANGED)$/);
    expect([world.placed, world.edges.map(({ world }) => world.holders.size)]).toEqual([[], [0, 0]]);
  });

  it("[PY6] an agreement is good for one seat", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ben.say(ready);
    await ada.say(play("pairs"));
    await world.pass(500);
    expect(ada.last("seat", "t1")).toBeDefined();
    expect(ada.members()).toBe("ada* ben");
    await ada.say(play("pairs", "t2"));
    expect(ada.errors("t2")).toEqual(["PARTY_NOT_READY"]);
    await ben.say(ready);
    await ada.say(play("pairs", "t3"));
    await world.pass(500);
    expect(ben.last("seat", called(ben))?.match).toBe(ada.last("seat", "t3")?.match);
    expect(world.placed).toHaveLength(2);
  });

  it("[PY11] is the leader's alone", async () => {
    world = await createPartyWorld();
    const [, ben] = await partyOf(world, "ada", "ben");
    await ben.say(play("pairs"));
    expect(ben.errors("t1")).toEqual(["NOT_LEADER"]);
    expect(world.placed).toEqual([]);
  });

  it("[PY12] is refused in a mode that takes fewer, that is none, where nobody waits, or whose options somebody's are not", async () => {
    world = await createPartyWorld();
    const players = await partyOf(world, "ada", "ben", "cem");
    const [ada] = players;
    for (const player of players) await player.say(ready);
    for (const [mode, ticket] of [
      ["pairs", "t1"],
      ["pears", "t2"],
      ["arena", "t3"],
    ] as const) {
      await ada.say(play(mode, ticket));
    }
    expect(["t1", "t2", "t3"].map((id) => ada.last("error", id)?.code)).toEqual([
      "PARTY_TOO_LARGE",
      "UNKNOWN_MODE",
      "UNKNOWN_MODE",
    ]);
    expect(ada.last("error", "t2")?.message).toContain('"pairs"');
    await players[2]!.say(leave);
    await ada.say({ ...play("roles", "t4"), options: { role: "tank" } });
    expect(ada.last("error", "t4")).toMatchObject({
      code: "INVALID_ATTRIBUTES",
      message: expect.stringContaining("ben"),
      issues: [expect.stringMatching(/^role: /)],
    });
  });

  it("[PY10] options that are too large are refused, and change nothing", async () => {
    world = await createPartyWorld();
    const [ada, ben] = await partyOf(world, "ada", "ben");
    const options = { text: "x".repeat(600) };
    await ben.say({ ...ready, options });
    expect(ben.errors("p")).toEqual(["INVALID_ATTRIBUTES"]);
    expect(ada.members()).toBe("ada* ben");
    await ada.say({ ...play("pairs"), options });
    expect(ada.errors("t1")).toEqual(["INVALID_ATTRIBUTES"]);
    const cem = await world.enter(0, "cem");
    await cem.say({ ...create, options });
    expect(cem.errors("p")).toEqual(["INVALID_ATTRIBUTES"]);
    await cem.say(join(ada));
    expect(cem.members()).toBe("ada* ben cem");
  });
});

describe("bounds", () => {
  it("[PY10] a party has at most so many members, a replica at most so many parties", async () => {
    world = await createPartyWorld({ limits: { partyMembersMax: 2, partiesMax: 1 } });
    const [ada] = await partyOf(world, "ada", "ben");
    const cem = await world.enter(0, "cem");
    await cem.say(join(ada));
    await cem.say({ ...create, id: "q" });
    expect([cem.errors("p"), cem.errors("q")]).toEqual([["PARTY_FULL"], ["PARTIES_FULL"]]);
  });

  it("[PY10] wrong codes are counted by address, right ones are not", async () => {
    world = await createPartyWorld({ limits: { wrongCodesPerMinute: 3 } });
    await world.pass(5_000);
    const [ada] = await partyOf(world, "ada");
    const ben = await world.enter(0, "ben");
    for (let at = 0; at < 5; at++) {
      await ben.say(join(ada));
      await ben.say(leave);
    }
    expect(ben.errors()).toEqual([]);
    const guesses = ["FRA-00000000", "NYC-00000000", "not a code", "FRA-00000001", codeOf(ada)];
    for (const [at, code] of guesses.entries()) await ben.say({ t: "party-join", id: `g${at}`, code });
    expect(guesses.map((_, at) => ben.errors(`g${at}`)[0])).toEqual([
      ...["CODE_UNKNOWN", "CODE_UNKNOWN", "CODE_UNKNOWN"],
      ...["RATE_LIMITED", "RATE_LIMITED"],
    ]);
  });

  it("[PY11] a session is in one party at a time, and speaks for no other", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await partyOf(world, "ada", "ben");
    await ada.say({ ...create, id: "second" });
    expect(ada.errors("second")).toEqual(["IN_PARTY"]);
    const eve = await world.enter(1, "eve");
    await eve.say({ ...ready, id: "p" });
    await eve.say(play("pairs"));
    await eve.say(leave);
    expect([eve.errors("p"), eve.errors("t1")]).toEqual([["NOT_IN_PARTY"], ["NOT_IN_PARTY"]]);
    expect(ben.members()).toBe("ada* ben");
  });

  it("[PY11] a player whom the metro does not believe in is in no party", async () => {
    world = await createPartyWorld();
    const eve = await world.enter(0, "stranger");
    await eve.say(create);
    expect(eve.last("party")).toBeUndefined();
    expect(eve.errors()).toContain("AUTH_INVALID");
  });

  it("[PY10] many changes at once are told together", async () => {
    world = await createPartyWorld();
    const [ada, ben] = await partyOf(world, "ada", "ben");
    const before = ada.heard.length;
    await Promise.all(Array.from({ length: 20 }, (_, at) => ben.say({ ...ready, yes: at % 2 === 0 })));
    expect(ada.heard.slice(before).filter(({ t }) => t === "party").length).toBeLessThanOrEqual(2);
    expect(ada.members()).toBe("ada* ben");
  });
});
