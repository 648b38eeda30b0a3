import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test/support/manual-clock.ts";
import { resolveLimits } from "../limits.ts";
import type { HolderMessage, ReplicaSet } from "../protocol/match-link.ts";
import { rendezvous } from "../rendezvous.ts";
import { createHolders, type HeldOutcome, type TicketWish } from "./holders.ts";

const limits = resolveLimits();
const rtt = { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true };
const seat = { token: "t", mode: "duel", roomId: "fra_7_x2Kd9a", sessionId: "s", publicAddress: "" };
const seated = { t: "seated" as const, match: "match-001", metro: "fra", place: 0, team: 0, why: [] as string[] };

function edgeWith(members = ["a"], timeoutMs = 120_000) {
  const clock = createManualClock();
  const said: { to: string | undefined; message: HolderMessage }[] = [];
  let set: ReplicaSet = { epoch: 1, members };
  let down = new Set<string>();
  const holders = createHolders({
    clock,
    limits,
    links: {
      send(_metro, to, message) {
        if (to !== undefined && down.has(to)) return false;
        said.push({ to, message });
        return true;
      },
      replicas: () => set,
    },
  });
  const open = (overrides: Partial<TicketWish> = {}) => {
    const outcomes: HeldOutcome[] = [];
    const states: string[] = [];
    const wish = { sid: "s1", ticket: "t1", mode: "duel", compat: "any", options: {}, avoid: [], receipt: undefined };
    const held = holders.open(
      { ...wish, timeoutMs, rtt: () => rtt, metros: () => [{ metro: "fra", rttMs: 1 }], ...overrides },
      {
        waiting: () => void states.push("waiting"),
        asked: () => void states.push("asked"),
        locked: () => void states.push("locked"),
        ended: (outcome) => void outcomes.push(outcome),
      },
    );
    return { held, outcomes, states };
  };
  const propose = (n: number, match = "match-001", epoch = set.epoch, from = "a") =>
    holders.hear("fra", from, { t: "propose", n, match, epoch, metro: "fra", lockMs: limits.ticketLockMs });
  return {
    clock,
    holders,
    open,
    propose,
    seat: { ...seated, seat: { ...seat, secure: false, expiresInMs: 1, generation: 1 } },
    kinds: () => said.map(({ message }) => message.t),
    last: () => said.at(-1),
    said,
    replace(now: ReplicaSet, gone: readonly string[] = []) {
      set = now;
      down = new Set(gone);
      holders.replicasChanged("fra");
    },
  };
}

describe("a held ticket", () => {
  it("[HT7] is enlisted with its pool's owner, renewed, and enlisted again when that has forgotten it", async () => {
    const members = ["a", "b", "c"];
    const edge = edgeWith(members);
    edge.open();
    const owner = rendezvous("duel|any", members)!;
    expect(edge.last()).toMatchObject({ to: owner, message: { t: "enlist", n: 0, ageMs: 0 } });
    await edge.clock.pass(limits.ticketRenewMs + 100);
    expect(edge.last()).toEqual({ to: owner, message: { t: "renew", ns: [0] } });
    edge.holders.hear("fra", owner, { t: "unknown", ns: [0] });
    await edge.clock.pass(limits.resendEveryMs);
    expect(edge.last()).toMatchObject({ to: owner, message: { t: "enlist", n: 0 } });
    expect((edge.last()!.message as { ageMs: number }).ageMs).toBeGreaterThan(limits.ticketRenewMs);
  });

  it("[HT7] moves with its pool, with the age and the receipt that the last owner gave", async () => {
    const edge = edgeWith(["a"]);
    edge.open();
    edge.holders.hear("fra", "a", { t: "enlisted", n: 0, receipt: "proof", ageMs: 30_000, players: 1 });
    await edge.clock.pass(500);
    edge.replace({ epoch: 2, members: ["b"] }, ["a"]);
    await edge.clock.pass(limits.resendEveryMs);
    expect(edge.last()).toMatchObject({ to: "b", message: { t: "enlist", receipt: "proof", ageMs: 30_520 } });
  });

  it("[HT8] ten thousand move paced, the oldest first", async () => {
    const edge = edgeWith(["a"]);
    for (let number = 0; number < 10_000; number++) edge.open({ sid: `s${number}` });
    edge.replace({ epoch: 2, members: ["b"] }, ["a"]);
    const before = edge.said.length;
    await edge.clock.pass(limits.resendEveryMs);
    expect(edge.said.length - before).toBe(limits.ticketsPerResend);
    await edge.clock.pass((10_000 / limits.ticketsPerResend) * limits.resendEveryMs);
    const moved = edge.said.slice(before).filter(({ message }) => message.t === "enlist");
    expect(moved.map(({ message }) => (message as { n: number }).n)).toEqual([...Array(10_000).keys()]);
  });

  it("[HT9] ends with the seats of the match that it is promised to, once", () => {
    const edge = edgeWith();
    const { outcomes, states } = edge.open();
    edge.propose(0);
    expect(edge.last()?.message).toEqual({ t: "locked", n: 0, match: "match-001" });
    edge.propose(0, "match-002");
    expect(edge.last()?.message).toEqual({ t: "gone", n: 0, match: "match-002" });
    edge.holders.hear("fra", "a", { ...edge.seat, n: 0, match: "match-002" });
    expect(outcomes).toEqual([]);
    edge.holders.hear("fra", "a", { ...edge.seat, n: 0 });
    edge.holders.hear("fra", "a", { ...edge.seat, n: 0 });
    expect(outcomes).toMatchObject([{ ok: true, match: "match-001", place: 0 }]);
    expect(states).toEqual(["locked"]);
    expect(edge.holders.size).toBe(0);
  });

  it("[HT9] cancelled before its lock it declines every proposal; cancelled after, its owner hears of it and no seat is told", () => {
    const edge = edgeWith();
    const early = edge.open();
    early.held.cancel();
    expect(edge.kinds()).toEqual(["enlist", "withdraw"]);
    edge.propose(0);
    expect(edge.last()?.message.t).toBe("gone");
    const late = edge.open();
    edge.propose(1);
    late.held.cancel();
    expect(edge.last()?.message).toEqual({ t: "gone", n: 1, match: "match-001" });
    edge.holders.hear("fra", "a", { ...edge.seat, n: 1 });
    expect([early.outcomes, late.outcomes]).toEqual([[], []]);
  });

  it("[HT10] whose owner falls silent asks any replica how its match ended, and waits again if it never was", async () => {
    const edge = edgeWith();
    const { states } = edge.open();
    edge.propose(0);
    await edge.clock.pass(limits.ticketLockMs + 100);
    expect(edge.last()).toMatchObject({ to: undefined, message: { t: "settle", n: 0, match: "match-001" } });
    edge.holders.hear("fra", "b", { t: "released", n: 0, match: "match-001" });
    expect(states.at(-1)).toBe("waiting");
    edge.propose(0, "match-002");
    expect(edge.last()?.message.t).toBe("locked");
  });

  it("[HT11] ends with MATCH_TIMEOUT, but not while it is promised to a match", async () => {
    const edge = edgeWith(["a"], 2_000);
    const { outcomes } = edge.open();
    await edge.clock.pass(1_900);
    edge.propose(0);
    await edge.clock.pass(300);
    expect(outcomes).toEqual([]);
    edge.holders.hear("fra", "a", { t: "released", n: 0, match: "match-001" });
    await edge.clock.pass(100);
    expect(outcomes).toMatchObject([{ ok: false, refusal: { code: "MATCH_TIMEOUT" } }]);
    expect(edge.kinds()).toContain("withdraw");
  });

  it("[HT12] an owner of an old epoch is declined as soon as the new set is known", () => {
    const edge = edgeWith(["a"]);
    edge.open();
    edge.replace({ epoch: 2, members: ["b"] });
    edge.propose(0, "match-001", 1, "a");
    expect(edge.last()?.message.t).toBe("gone");
    edge.propose(0, "match-002", 2, "b");
    expect(edge.last()?.message.t).toBe("locked");
  });

  it("[HT13] without a metro in reach it waits, and goes to the first that is there", async () => {
    const edge = edgeWith();
    let metros: { metro: string; rttMs: number }[] = [];
    edge.open({ metros: () => metros });
    await edge.clock.pass(1_000);
    expect(edge.said).toEqual([]);
    metros = [{ metro: "ams", rttMs: 3 }];
    await edge.clock.pass(limits.fillRetryMs + 100);
    expect(edge.last()?.message.t).toBe("enlist");
  });
});
