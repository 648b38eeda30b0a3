import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createClient, type Party } from "./client.ts";
import { fakeEdge } from "./fake-edge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const resume = { member: "m".repeat(22), receipt: "proof" };
const news = (id: string, ready = false): Down => ({
  ...{ t: "party", id, code: "FRA-7K2M9QXD", resume },
  members: [{ playerId: "p", ready, leader: true }],
});
const refusal = (id: string, code: "CODE_UNKNOWN" | "PARTY_FULL"): Down => ({
  ...{ t: "error", id, requestId: "r", code, message: "", retryAfterMs: 0 },
  retryable: code === "PARTY_FULL",
});

/** A client in a party, at an edge that answers as the test says. */
async function inParty(answer: (up: Extract<Up, { t: "party-join" }>) => Down = ({ id }) => news(id)) {
  const edge = fakeEdge((up, say) => {
    if (up.t === "party-create") say(news(up.id));
    if (up.t === "party-join") say(answer(up));
  });
  const client = createClient({ url: "http://edge.test", wire: "json", WebSocket: edge.WebSocket });
  const party = (await client.createParty({ options: { role: "tank" } })) as Party;
  expect(party.ok).toBe(true);
  type Ends = { onclose?: () => void; onmessage?: (event: { data: string }) => void };
  const socket = () => edge.sockets.at(-1) as unknown as Ends;
  return {
    client,
    party,
    edge,
    say: (down: Down) => socket().onmessage?.({ data: JSON.stringify(down) }),
    async lose(why?: Down) {
      if (why) socket().onmessage?.({ data: JSON.stringify(why) });
      socket().onclose?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    joins: () => edge.heard.filter((up) => up.t === "party-join"),
  };
}

it("[PY7] [PY14] on its next connection a client shows its proof and its options, and the party goes on", async () => {
  const { party, lose, joins } = await inParty();
  await lose();
  expect(joins()).toMatchObject([{ code: "FRA-7K2M9QXD", resume, options: { role: "tank" } }]);
  expect([party.over, party.members.length]).toEqual([undefined, 1]);
});

it("[PY14] while it comes back, a play waits for it", async () => {
  let isBack = false;
  const { party, lose, edge } = await inParty(({ id }) => (isBack ? news(id) : refusal(id, "PARTY_FULL")));
  await lose();
  void party.play("squads");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(edge.heard.some(({ t }) => t === "party-play")).toBe(false);
  isBack = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(edge.heard.at(-1)).toMatchObject({ t: "party-play", mode: "squads", options: { role: "tank" } });
});

it("[PY14] what cannot get better ends it at once, what can after a minute of trying", async () => {
  const gone = await inParty(({ id }) => refusal(id, "CODE_UNKNOWN"));
  const told = vi.fn();
  gone.party.onChange(told);
  await gone.lose();
  expect(gone.party.over).toMatchObject({ ok: false, code: "CODE_UNKNOWN" });
  expect(told).toHaveBeenCalledTimes(1);
  expect(await gone.party.play("squads")).toMatchObject({ ok: false, code: "NOT_IN_PARTY" });

  const full = await inParty(({ id }) => refusal(id, "PARTY_FULL"));
  await full.lose();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(full.party.over).toBeUndefined();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(full.party.over?.code).toBe("PARTY_FULL");
  expect(full.joins().length).toBeLessThan(40);
});

it("[PY14] a player who came in elsewhere is not brought back here", async () => {
  const { party, lose, joins } = await inParty();
  await lose({ t: "error", requestId: "r", code: "SUPERSEDED", message: "", retryable: false, retryAfterMs: 0 });
  expect([party.over?.code, joins()]).toEqual(["SUPERSEDED", []]);
});

it("[PY14] a call that nobody listens to is declined, and one that somebody does is his to see", async () => {
  const { party, edge, say } = await inParty();
  const id = (edge.heard.find((up) => up.t === "party-create") as { id: string }).id;
  say({ t: "party-call", id, ticket: "c1", mode: "squads" });
  expect(edge.heard.at(-1)).toEqual({ t: "cancel", id: "c1" });
  const states: string[] = [];
  const codes: string[] = [];
  party.onPlay(({ mode, played, onState }) => {
    expect(mode).toBe("squads");
    onState(({ state }) => void states.push(state));
    void played.then((result) => void codes.push(result.ok ? "seat" : result.code));
  });
  say({ t: "party-call", id, ticket: "c2", mode: "squads" });
  say({ t: "state", id: "c2", state: "waiting", why: [] });
  say({ t: "error", id: "c2", requestId: "r", code: "PARTY_CHANGED", message: "", retryable: true, retryAfterMs: 0 });
  await vi.advanceTimersByTimeAsync(0);
  expect([states, codes]).toEqual([["searching", "waiting"], ["PARTY_CHANGED"]]);
});

it("[PY14] a proof that is told anew is no change to see", async () => {
  const { party, edge, say } = await inParty();
  const id = (edge.heard.find((up) => up.t === "party-create") as { id: string }).id;
  const told = vi.fn();
  party.onChange(told);
  say(news(id));
  expect(told).not.toHaveBeenCalled();
  say(news(id, true));
  expect(told).toHaveBeenCalledTimes(1);
});
