import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { MemberMessage, PartyState } from "@frontrow/shared/protocol/party-link.ts";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../test/support/manual-clock.ts";
import { createMemberships } from "./memberships.ts";
import type { PartCall } from "./words.ts";

const limits = resolveLimits();

/** An edge with one member, and its owners as far as the test plays them. */
function edgeWith(members = ["a"]) {
  const clock = createManualClock();
  const said: { to: string; message: MemberMessage }[] = [];
  let set = { epoch: 1, members };
  let isUp = true;
  let nonces = 0;
  const memberships = createMemberships({
    clock,
    limits,
    nonce: () => `nonce-${nonces++}`,
    links: {
      send: (_metro, to, message) => isUp && said.push({ to, message }) > 0,
      replicas: () => set,
    },
  });
  const refused: string[] = [];
  const notPlayed: string[] = [];
  const calls: PartCall[] = [];
  const overs: string[] = [];
  let told = 0;
  const held = memberships.open(
    { sid: "s", code: "FRA-7K2M9QXD", how: "join", resume: undefined, compat: "any", options: {} },
    {
      state: () => void told++,
      refused: ({ code }) => void refused.push(code),
      notPlayed: (id, { code }) => void notPlayed.push(`${id} ${code}`),
      call: (call) => void calls.push(call),
      over: (id) => void overs.push(id),
    },
  );
  const attends = () => said.flatMap(({ message }) => (message.t === "party-attend" ? [message] : []));
  return {
    ...{ clock, said, memberships, held, refused, notPlayed, calls, overs, attends },
    told: () => told,
    last: () => said.at(-1),
    state: (play?: Partial<NonNullable<PartyState["play"]>>, from = "a", n = 0) =>
      memberships.hear("fra", from, {
        ...{ t: "party-state", n, rev: 5, order: 1, receipt: "r" },
        members: [{ playerId: "x", ready: false, leader: true }],
        ...(play ? { play: { id: "p1", mode: "squads", part: 0, parts: 2, over: false, ...play } } : {}),
      }),
    replace(now: string[], up = true) {
      isUp = up;
      set = { epoch: set.epoch + 1, members: now };
      memberships.replicasChanged("fra");
    },
  };
}

describe("the memberships of an edge", () => {
  it("[PY9] one that waits to be let in asks again and again, and gives up at its deadline", async () => {
    const edge = edgeWith();
    await edge.clock.pass(limits.fillDeadlineMs - 200);
    expect(edge.attends().length).toBeGreaterThan(10);
    expect(edge.refused).toEqual([]);
    await edge.clock.pass(400);
    expect([edge.refused, edge.memberships.size]).toEqual([["DEADLINE"], 0]);
    expect(edge.last()?.message).toEqual({ t: "party-depart", n: 0 });
  });

  it("[PY8] one that is in is renewed, with what it last heard and said", async () => {
    const edge = edgeWith();
    edge.state();
    await edge.clock.pass(2 * limits.ticketRenewMs);
    expect(edge.last()).toEqual({ to: "a", message: { t: "party-renew", members: [{ n: 0, own: 0, seen: 5 }] } });
    edge.held.ready(true);
    expect(edge.last()?.message).toMatchObject({ t: "party-attend", how: "stay", order: 1, own: 1, ready: true });
  });

  it("[PY13] is said in full where it is unknown, by whoever is its owner", async () => {
    const edge = edgeWith();
    edge.state();
    const before = edge.attends().length;
    edge.memberships.hear("fra", "b", { t: "party-unknown", ns: [0] });
    await edge.clock.pass(100);
    expect(edge.attends()).toHaveLength(before);
    edge.memberships.hear("fra", "a", { t: "party-unknown", ns: [0] });
    await edge.clock.pass(100);
    expect(edge.attends()).toHaveLength(before + 1);
  });

  it("[PY9] goes to the next owner with its place, and hears nobody else from then on", async () => {
    const edge = edgeWith();
    edge.state();
    edge.held.ready(true);
    edge.replace(["b"]);
    await edge.clock.pass(100);
    expect(edge.last()).toMatchObject({ to: "b", message: { t: "party-attend", how: "stay", order: 1, ready: true } });
    const told = edge.told();
    edge.state({}, "a");
    expect([edge.told(), edge.calls]).toEqual([told, []]);
    edge.state({}, "b");
    expect(edge.calls).toEqual([{ id: "p1", mode: "squads", part: 0, parts: 2 }]);
  });

  it("[PY9] that reaches nobody is said as soon as it does", async () => {
    const edge = edgeWith();
    edge.state();
    edge.replace(["b"], false);
    await edge.clock.pass(2_000);
    const before = edge.attends().length;
    edge.replace(["b"]);
    await edge.clock.pass(100);
    expect(edge.attends().length).toBeGreaterThan(before);
  });

  it("[PY5] whose connection is lost has agreed to nothing, is not renewed, and is no part of anything that comes", async () => {
    const edge = edgeWith();
    edge.state();
    edge.held.ready(true);
    edge.held.lose();
    expect(edge.last()?.message).toMatchObject({ t: "party-attend", ready: false });
    const { length } = edge.said;
    const told = edge.told();
    edge.state({});
    await edge.clock.pass(limits.ticketLeaseMs + 200);
    expect([edge.said.length, edge.told(), edge.calls, edge.memberships.size]).toEqual([length, told, [], 0]);
  });

  it("[PY8] a state of one that left tells its owner so again", () => {
    const edge = edgeWith();
    edge.state();
    edge.held.leave();
    const { length } = edge.said;
    edge.state();
    expect(edge.said.slice(length)).toEqual([{ to: "a", message: { t: "party-depart", n: 0 } }]);
  });

  it("[PY4] a wish that nobody answers comes to nothing at its deadline; its play, late, opens no part", async () => {
    const edge = edgeWith();
    edge.state();
    const id = edge.held.want("squads");
    await edge.clock.pass(limits.fillDeadlineMs + 200);
    expect(edge.notPlayed).toEqual([`${id} DEADLINE`]);
    edge.state({ id });
    expect(edge.calls).toEqual([]);
    expect(edge.last()?.message).toMatchObject({ t: "party-attend", play: { id, is: "over" } });
  });

  it("[PY4] a refused wish comes to nothing, and the membership stays; a refused membership ends", () => {
    const edge = edgeWith();
    edge.state();
    const id = edge.held.want("squads");
    const why = { code: "PARTY_NOT_READY", message: "", retryable: true, retryAfterMs: 0 } as const;
    edge.memberships.hear("fra", "a", { t: "party-refused", n: 0, play: "another", ...why });
    expect(edge.notPlayed).toEqual([]);
    edge.memberships.hear("fra", "a", { t: "party-refused", n: 0, play: id, ...why });
    expect([edge.notPlayed, edge.memberships.size]).toEqual([[`${id} PARTY_NOT_READY`], 1]);
    edge.memberships.hear("fra", "a", { t: "party-refused", n: 0, ...why, code: "SUPERSEDED" });
    expect([edge.refused, edge.memberships.size]).toEqual([["SUPERSEDED"], 0]);
  });
});
