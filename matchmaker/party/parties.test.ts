import { FrontrowError } from "@frontrow/shared/errors.ts";
import { partyKey } from "@frontrow/shared/protocol/party-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPartyWorld, type PartyPlayer, type PartyWorld } from "../../test/support/party-world.ts";

let world: PartyWorld;
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await world.stop();
  vi.useRealTimers();
});

const create = { t: "party-create", id: "p" };
const ready = { t: "party-ready", id: "p", yes: true };
const play = (mode: string, ticket = "t1") => ({ t: "party-play", id: "p", ticket, mode });
const codeOf = (player: PartyPlayer) => player.last("party")!.code;
const join = (player: PartyPlayer) => ({ t: "party-join", id: "p", code: codeOf(player) });
/** The ticket that a member was called to. */
const called = (player: PartyPlayer) => player.last("party-call")!.ticket;

/** Players of these names, each on another edge, in the party of the first. */
async function party<N extends string[]>(...names: N): Promise<{ [at in keyof N]: PartyPlayer }> {
  const players: PartyPlayer[] = [];
  for (const name of names) {
    const player = await world.enter(players.length % world.edges.length, name);
    await player.say(players[0] ? join(players[0]) : create);
    players.push(player);
  }
  return players as { [at in keyof N]: PartyPlayer };
}

describe("a party", () => {
  it("[PY1] is made with a code, joined with it from another edge, and everybody sees who is in it and who is ready", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await party("ada", "ben");
    expect(codeOf(ada)).toMatch(/^FRA-[0-9A-HJKMNP-TV-Z]{8}$/);
    expect([ada.members(), ben.members()]).toEqual(["ada* ben", "ada* ben"]);
    await ben.say(ready);
    expect([ada.members(), ben.members()]).toEqual(["ada* ben+", "ada* ben+"]);
    await ben.say({ ...ready, yes: false });
    expect([ada.members(), ben.members()]).toEqual(["ada* ben", "ada* ben"]);
  });

  it("[PY1] is joined with its code as a person types it", async () => {
    world = await createPartyWorld();
    const [ada] = await party("ada");
    const ben = await world.enter(0, "ben");
    await ben.say({ ...join(ada), code: codeOf(ada).toLowerCase().replace("-", " ") });
    expect(ben.members()).toBe("ada* ben");
  });

  it("[PY2] is led by who came first of those who are in it", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben, cem] = await party("ada", "ben", "cem");
    await ada.say({ t: "party-leave", id: "p" });
    expect(cem.members()).toBe("ben* cem");
    await ada.say(join(ben));
    expect([ben.members(), ada.members()]).toEqual(["ben* cem ada", "ben* cem ada"]);
  });

  it("[PY8] forgets a member whose edge is silent for a lease, and none before", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await party("ada", "ben");
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
    const [ada] = await party("ada");
    const ben = await world.enter(0, "ben");
    await world.pass(5_000);
    await ada.say({ t: "party-leave", id: "p" });
    await ben.say(join(ada));
    expect(ben.errors("p")).toEqual(["CODE_UNKNOWN"]);
  });
});

describe("playing", () => {
  it("[PY4] gives everybody a ticket of his own, and seats of one team in one match", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [, ben] = await party("ada", "ben");
    await ben.say(play("pairs"));
    expect(ben.errors("t1")).toEqual(["NOT_LEADER"]);
    expect(world.placed).toEqual([]);
  });

  it("[PY12] is refused in a mode that takes fewer, that is none, where nobody waits, or whose options somebody's are not", async () => {
    world = await createPartyWorld();
    const players = await party("ada", "ben", "cem");
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
    await players[2]!.say({ t: "party-leave", id: "p" });
    await ada.say({ ...play("roles", "t4"), options: { role: "tank" } });
    expect(ada.last("error", "t4")).toMatchObject({
      code: "INVALID_ATTRIBUTES",
      message: expect.stringContaining("ben"),
      issues: [expect.stringMatching(/^role: /)],
    });
  });

  it("[PY10] options that are too large are refused, and change nothing", async () => {
    world = await createPartyWorld();
    const [ada, ben] = await party("ada", "ben");
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

describe("a ticket of a party that is not whole any more", () => {
  /** Ada and Ben wait in a pool in which nobody else is. */
  async function waiting() {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await party("ada", "ben");
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
    await ada.say({ t: "party-leave", id: "p" });
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
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

describe("a member whose connection is lost", () => {
  const resumed = (player: PartyPlayer, lost: PartyPlayer) =>
    player.say({ ...join(lost), resume: lost.last("party")!.resume });

  it("[PY7] is the same member on its next connection: the leader leads, and nobody saw him go", async () => {
    world = await createPartyWorld({ edges: 2 });
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben] = await party("ada", "ben");
    const [other] = await party("other");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada, ben, cem] = await party("ada", "ben", "cem");
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
    const [ada, ben] = await party("ada", "ben");
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
    const [ada] = await party("ada");
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
    const [ada] = await party("ada");
    const { resume, code } = ada.last("party")!;
    await ada.drop();
    await loseOwner(code);
    const again = await world.enter(1, "ada");
    await again.say({ t: "party-join", id: "p", code, resume });
    await world.pass(4_000);
    expect([again.errors("p"), again.members()]).toEqual([[], "ada*"]);
  });
});

describe("bounds", () => {
  it("[PY10] a party has at most so many members, a replica at most so many parties", async () => {
    world = await createPartyWorld({ limits: { partyMembersMax: 2, partiesMax: 1 } });
    const [ada] = await party("ada", "ben");
    const cem = await world.enter(0, "cem");
    await cem.say(join(ada));
    await cem.say({ ...create, id: "q" });
    expect([cem.errors("p"), cem.errors("q")]).toEqual([["PARTY_FULL"], ["PARTIES_FULL"]]);
  });

  it("[PY10] wrong codes are counted by address, right ones are not", async () => {
    world = await createPartyWorld({ limits: { wrongCodesPerMinute: 3 } });
    await world.pass(5_000);
    const [ada] = await party("ada");
    const ben = await world.enter(0, "ben");
    for (let at = 0; at < 5; at++) {
      await ben.say(join(ada));
      await ben.say({ t: "party-leave", id: "p" });
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
    const [ada, ben] = await party("ada", "ben");
    await ada.say({ ...create, id: "second" });
    expect(ada.errors("second")).toEqual(["IN_PARTY"]);
    const eve = await world.enter(1, "eve");
    await eve.say({ ...ready, id: "p" });
    await eve.say(play("pairs"));
    await eve.say({ t: "party-leave", id: "p" });
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
    const [ada, ben] = await party("ada", "ben");
    const before = ada.heard.length;
    await Promise.all(Array.from({ length: 20 }, (_, at) => ben.say({ ...ready, yes: at % 2 === 0 })));
    expect(ada.heard.slice(before).filter(({ t }) => t === "party").length).toBeLessThanOrEqual(2);
    expect(ada.members()).toBe("ada* ben");
  });
});
