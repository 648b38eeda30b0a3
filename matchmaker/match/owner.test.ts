import { match } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { Enlist, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test/support/manual-clock.ts";
import { createMemoryRatings } from "../rating/memory/memory.ts";
import { createReceipts } from "../ticket/receipt.ts";
import type { MatchPlacer, MatchToPlace } from "./commit.ts";
import { createOwner } from "./owner.ts";

const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };
const seat = { token: "t", mode: "duel", roomId: "fra_7_x2Kd9a", publicAddress: "", secure: false, expiresInMs: 1 };

function ownerWith({
  readyCheckMs,
  ...more
}: {
  readyCheckMs?: number;
  poolTicketsMax?: number;
  matchesInFlightMax?: number;
} = {}) {
  const limits = resolveLimits(more);
  const clock = createManualClock();
  const placed: MatchToPlace[] = [];
  const heard: { player: string; message: OwnerMessage }[] = [];
  let matches = 0;
  let answer: MatchPlacer["place"] = async ({ seats }) => ({
    seats: seats.map((_, place) => ({ ...seat, sessionId: `s${place}`, generation: 1 })),
  });
  /** Who sits in a match, says the index, and the last heartbeat that says so. */
  const playing = new Map<string, number>();
  const ratings = createMemoryRatings();
  const owner = createOwner({
    replica: "a",
    modes: {
      squad: match({ teams: [{ seats: 2 }, { seats: 2 }], holdMs: 0 }),
      duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, ...(readyCheckMs ? { readyCheckMs } : {}) }),
    },
    clock,
    wallMs: () => 1_000_000 + clock.nowMs(),
    limits,
    receipts: createReceipts("key"),
    ratings,
    rng: () => 0.5,
    newMatchId: () => `match-00${++matches}`,
    placer: {
      place(one) {
        placed.push(one);
        return answer(one);
      },
    },
    soon: (run) => void clock.after(0, run),
    playing: async (players) =>
      [...playing].flatMap(([player, seq]) => (players.includes(player) ? { player, seq } : [])),
    mayPlace: () => true,
    observe: () => {},
  });
  const holderOf = (player: string) => ({ tell: (message: OwnerMessage) => void heard.push({ player, message }) });
  const holders = new Map<string, ReturnType<typeof holderOf>>();
  const numbers = new Map<string, number>();
  const holder = (player: string) => {
    if (!holders.has(player)) holders.set(player, holderOf(player));
    return holders.get(player)!;
  };
  return {
    owner,
    clock,
    placed,
    limits,
    ratings,
    playing,
    /** Places nobody who plays, as the index would. */
    refusePlaying() {
      const placeAll = answer;
      answer = async (match) => {
        const seated = match.seats.flatMap(({ playerId }) => (playing.has(playerId) ? [playerId] : []));
        return seated.length > 0 ? { refused: new FrontrowError("ALREADY_SEATED"), seated } : placeAll(match);
      };
    },
    answerWith: (now: MatchPlacer["place"]) => {
      answer = now;
    },
    async enlist(player: string, n: number, overrides: Partial<Enlist> = {}) {
      numbers.set(player, n);
      const wish = { t: "enlist" as const, n, sid: player, ticket: "t", mode: "duel", compat: "any", options: {}, rtt };
      const more = { metros: [{ metro: "fra", rttMs: 1 }], ageMs: 0, avoid: [] };
      owner.hear(holder(player), { playerId: player, guest: false }, { ...wish, ...more, ...overrides });
      await clock.pass(1);
    },
    async say(player: string, t: "locked" | "gone", match = "match-001") {
      owner.hear(holder(player), undefined, { t, n: numbers.get(player)!, match });
      await clock.pass(1);
    },
    async withdraw(player: string) {
      owner.hear(holder(player), undefined, { t: "withdraw", n: numbers.get(player)! });
      await clock.pass(1);
    },
    renew: (player: string) => owner.hear(holder(player), undefined, { t: "renew", ns: [numbers.get(player)!] }),
    told: (player: string) => heard.filter((one) => one.player === player).map(({ message }) => message.t),
    last: (player: string) => heard.findLast((one) => one.player === player)?.message,
  };
}

async function proposed(options?: Parameters<typeof ownerWith>[0]) {
  const made = ownerWith(options);
  await made.enlist("ada", 1);
  await made.enlist("bob", 2);
  expect(made.last("ada")).toMatchObject({ t: "propose", n: 1, match: "match-001", metro: "fra" });
  expect(made.last("bob")).toMatchObject({ t: "propose", n: 2, match: "match-001", metro: "fra" });
  return made;
}

describe("a match", () => {
  it("[OW4] takes seats only when every holder has locked, and then each gets its own", async () => {
    const made = await proposed();
    await made.say("ada", "locked");
    await made.say("ada", "locked");
    expect(made.placed).toEqual([]);
    await made.say("bob", "locked");
    expect(made.placed).toMatchObject([{ match: "match-001", metro: "fra", seats: [{ team: 0 }, { team: 1 }] }]);
    expect(made.last("ada")).toMatchObject({ t: "seated", n: 1 });
    expect(made.last("bob")).toMatchObject({ t: "seated", n: 2 });
    expect(made.owner.size).toBe(0);
  });

  it("[OW4] a reservation may not outlast the locks", async () => {
    const made = await proposed();
    await made.say("ada", "locked");
    await made.clock.pass(200);
    await made.say("bob", "locked");
    expect(made.placed[0]!.withinMs).toBeLessThanOrEqual(made.limits.ticketLockMs - 200);
  });

  it("[OW5] of which one is gone lets the other go, who is matched again with the next", async () => {
    const made = await proposed();
    await made.say("ada", "locked");
    await made.say("bob", "gone");
    expect(made.last("ada")).toEqual({ t: "released", n: 1, match: "match-001" });
    await made.enlist("cy", 3);
    expect(made.last("ada")).toMatchObject({ t: "propose", match: "match-002" });
    expect(made.owner.size).toBe(2);
  });

  it("[OW5] whose holder says nothing is given up before the locks run out, and the silent one leaves the pool", async () => {
    const made = await proposed();
    await made.say("ada", "locked");
    await made.clock.pass(made.limits.ticketLockMs - made.limits.redisCommandMs);
    expect(made.last("ada")).toMatchObject({ t: "released" });
    expect(made.owner.size).toBe(1);
    await made.say("bob", "locked");
    expect(made.placed).toEqual([]);
    made.renew("bob");
    expect(made.last("bob")).toEqual({ t: "unknown", ns: [2] });
  });

  it("[OW6] without a server lets both wait, and is tried again a little later", async () => {
    const made = await proposed();
    made.answerWith(async () => ({ refused: new FrontrowError("NO_CAPACITY") }));
    await made.say("ada", "locked");
    await made.say("bob", "locked");
    expect(made.last("bob")).toMatchObject({ t: "released" });
    await made.clock.pass(made.limits.placeRetryMs / 2);
    expect(made.told("ada").filter((t) => t === "propose")).toHaveLength(1);
    await made.clock.pass(made.limits.placeRetryMs);
    expect(made.told("ada").filter((t) => t === "propose")).toHaveLength(2);
  });

  it("[OW7] of which nobody knows how it ended is left to its holders: nothing is told, nothing is proposed", async () => {
    const made = await proposed();
    made.answerWith(async () => {
      throw new FrontrowError("INDEX_AWAY");
    });
    await made.say("ada", "locked");
    await made.say("bob", "locked");
    await made.clock.pass(1_000);
    expect(made.last("ada")).toMatchObject({ t: "propose" });
    expect(made.owner.size).toBe(0);
  });

  it("[OW8] with a ready check waits for the players, and asks them all", async () => {
    const made = await proposed({ readyCheckMs: 10_000 });
    expect(made.last("ada")).toMatchObject({ askMs: 10_000 });
    await made.say("ada", "locked");
    made.renew("bob");
    await made.clock.pass(3_000);
    await made.say("bob", "locked");
    expect(made.placed).toHaveLength(1);
  });
});

describe("a ticket", () => {
  it("[OW9] of a pool that another replica owns is sent on", async () => {
    const made = ownerWith();
    made.owner.setReplicas({ epoch: 7, members: ["b"] });
    await made.enlist("ada", 1);
    expect(made.last("ada")).toEqual({ t: "moved", n: 1, epoch: 7 });
    expect(made.owner.size).toBe(0);
  });

  it("[OW9] leaves with its pool", async () => {
    const made = ownerWith();
    await made.enlist("ada", 1);
    made.owner.setReplicas({ epoch: 2, members: ["b"] });
    expect(made.owner.size).toBe(0);
    made.owner.setReplicas({ epoch: 3, members: ["a"] });
    await made.enlist("bob", 2);
    expect(made.told("bob")).toEqual(["enlisted"]);
  });

  it("[OW10] that nobody renews leaves its pool, and its holder is told should it live", async () => {
    const made = ownerWith();
    await made.enlist("ada", 1);
    await made.clock.pass(made.limits.ticketLeaseMs - 500);
    made.renew("ada");
    await made.clock.pass(made.limits.ticketLeaseMs - 500);
    expect(made.owner.size).toBe(1);
    await made.clock.pass(1_000);
    expect(made.owner.size).toBe(0);
    expect(made.last("ada")).toEqual({ t: "unknown", ns: [1] });
  });

  it("[OW11] a player has one: the newer wish counts, whoever holds it", async () => {
    const made = ownerWith();
    await made.enlist("ada", 1);
    await made.enlist("ada", 2, { ticket: "another" });
    expect(made.last("ada")).toMatchObject({ t: "enlisted", n: 2 });
    expect(made.told("ada")).toContain("unlisted");
    expect(made.owner.size).toBe(1);
  });

  it("[OW12] is refused when its pool is full, its mode unknown, or its party too large for the mode", async () => {
    const made = ownerWith({ poolTicketsMax: 1 });
    await made.enlist("ada", 1, { options: {}, metros: [] });
    await made.enlist("bob", 2);
    expect(made.last("bob")).toMatchObject({ t: "unlisted", code: "POOL_FULL", retryable: true });
    await made.enlist("cy", 3, { mode: "chess" });
    expect(made.last("cy")).toMatchObject({ t: "unlisted", code: "UNKNOWN_MODE" });
    await made.enlist("dee", 4, { party: { key: "p", part: 0, parts: 2 } });
    expect(made.last("dee")).toMatchObject({ t: "unlisted", code: "INVALID_ATTRIBUTES" });
    expect(made.owner.size).toBe(1);
  });

  it("[OW14] is refused while more matches than may wait for their seats, unless it waits already", async () => {
    const made = ownerWith({ matchesInFlightMax: 1 });
    await made.enlist("ada", 1);
    await made.enlist("bob", 2);
    await made.enlist("cy", 3);
    expect(made.last("cy")).toMatchObject({ t: "unlisted", code: "WAITING_CAPACITY", retryable: true });
    const receipt = createReceipts("key").sign({ player: "dee", mode: "duel", ageMs: 5_000, issuedAtMs: 1_000_000 });
    await made.enlist("dee", 4, { receipt, ageMs: 6_000 });
    expect(made.last("dee")).toMatchObject({ t: "enlisted" });
  });

  it("[OW13] of a party waits until every member has enlisted, and all of them must lock", async () => {
    const made = ownerWith();
    const of = (key: string, part: number) => ({ mode: "squad", party: { key, part, parts: 2 } });
    await made.enlist("ada", 1, of("p1", 0));
    await made.enlist("cy", 3, of("p2", 0));
    await made.enlist("dee", 4, of("p2", 1));
    expect(made.last("cy")).toMatchObject({ t: "enlisted", players: 2 });
    expect(made.told("ada")).toEqual([]);
    await made.enlist("bob", 2, of("p1", 1));
    for (const player of ["ada", "cy", "dee"]) await made.say(player, "locked");
    expect(made.placed).toEqual([]);
    await made.say("bob", "locked");
    const teams = new Map(made.placed[0]!.seats.map(({ playerId, team }) => [playerId, team]));
    expect(teams.get("ada")).toBe(teams.get("bob"));
    expect(teams.get("cy")).toBe(teams.get("dee"));
    expect(teams.get("ada")).not.toBe(teams.get("cy"));
  });

  it("[OW13] of a party ends for all when one goes", async () => {
    const made = ownerWith();
    const of = (part: number) => ({ mode: "squad", party: { key: "p1", part, parts: 2 } });
    await made.enlist("ada", 1, of(0));
    await made.enlist("bob", 2, of(1));
    await made.withdraw("bob");
    expect(made.last("ada")).toMatchObject({ t: "unlisted", code: "PARTY_CHANGED" });
    expect(made.owner.size).toBe(0);
  });
});

describe("a match one of whose players sits in another", () => {
  async function refused() {
    const made = await proposed();
    made.refusePlaying();
    made.playing.set("bob", 5);
    await made.say("ada", "locked");
    await made.say("bob", "locked");
    return made;
  }

  it("[OW15] lets the others meet the next one at once, and ends his ticket when his server has said so again", async () => {
    const made = await refused();
    expect(made.last("ada")).toEqual({ t: "released", n: 1, match: "match-001" });
    await made.enlist("cy", 3);
    await made.say("ada", "locked", "match-002");
    await made.say("cy", "locked", "match-002");
    expect([made.last("ada")?.t, made.last("cy")?.t, made.last("bob")?.t]).toEqual(["seated", "seated", "released"]);
    await made.clock.pass(100);
    made.playing.set("bob", 7);
    await made.clock.pass(2 * made.limits.heartbeatMs);
    expect(made.last("bob")).toMatchObject({ t: "unlisted", n: 2, code: "ALREADY_SEATED", retryable: false });
    expect(made.owner.size).toBe(0);
  });

  it("[OW15] takes him back, as old as he is, when he turns out to have left; enlisting again meanwhile changes nothing", async () => {
    const made = await refused();
    await made.enlist("bob", 2);
    expect(made.told("bob").filter((t) => t === "propose")).toHaveLength(1);
    made.playing.clear();
    await made.clock.pass(100);
    await made.say("ada", "locked", "match-002");
    await made.say("bob", "locked", "match-002");
    expect([made.last("ada")?.t, made.last("bob")?.t]).toEqual(["seated", "seated"]);
  });

  it("[OW15] ends for a whole party, and only for that", async () => {
    const made = ownerWith();
    made.refusePlaying();
    made.playing.set("bob", 5);
    const of = (key: string, part: number) => ({ mode: "squad", party: { key, part, parts: 2 } });
    for (const [n, player] of ["ada", "bob", "cy", "dan"].entries()) {
      await made.enlist(player, n + 1, of(n < 2 ? "p1" : "p2", n % 2));
    }
    for (const player of ["ada", "bob", "cy", "dan"]) await made.say(player, "locked");
    await made.clock.pass(100);
    made.playing.set("bob", 9);
    await made.clock.pass(2 * made.limits.heartbeatMs);
    for (const player of ["ada", "bob"]) {
      expect(made.last(player)).toMatchObject({ t: "unlisted", code: "ALREADY_SEATED" });
    }
    expect(made.owner.pools()).toMatchObject([{ players: 2 }]);
  });
});

describe("what a simulation found (test/sim)", () => {
  // A match failed after its pool had become another's: its tickets went back into a pool that was nobody's, and were proposed from it.
  it("[SM5] tickets of a match that fails are let go when their pool is another's by then", async () => {
    const made = await proposed();
    made.owner.setReplicas({ epoch: 2, members: ["b"] });
    await made.say("ada", "gone");
    expect(made.last("bob")).toMatchObject({ t: "released" });
    expect(made.owner.size).toBe(0);
    expect(made.owner.pools()).toEqual([]);
  });

  // A receipt proves the time since it was signed for receiptMs. It was given once, so who waited longer than that lost its age with its owner.
  it("[SM10] whoever waits is given a fresh receipt before the last one proves nothing any more", async () => {
    const made = ownerWith();
    await made.enlist("ada", 1);
    for (let ms = 0; ms < made.limits.receiptMs; ms += 1_000) {
      made.renew("ada");
      await made.clock.pass(1_000);
    }
    expect(made.told("ada").filter((t) => t === "enlisted")).toHaveLength(2);
  });

  it("[SM10] whose first match failed at once has a receipt with its next renewal", async () => {
    const made = await proposed();
    expect(made.told("bob")).not.toContain("enlisted");
    await made.say("ada", "gone");
    made.renew("bob");
    expect(made.last("bob")).toMatchObject({ t: "enlisted", n: 2 });
  });
});
