import { match } from "@frontrow/shared/config/modes.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { HolderMessage, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createFakeLink, seatIn } from "../../test/support/fake-link.ts";
import { createEdge } from "../edge.ts";
import type { MatchEar } from "../ports.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = resolveLimits();
type Settle = Extract<HolderMessage, { t: "settle" }>;

/** A player whose ticket `t` has a seat of match `m1-aaaaaaaa` in `fra`. */
async function seated() {
  const link = createFakeLink("fra");
  const said: HolderMessage[] = [];
  let ear: MatchEar | undefined;
  link.say = (_replica, message) => said.push(message as HolderMessage) > 0;
  link.replicas = () => ({ epoch: 1, members: ["r1"] });
  link.onMatch = (told) => {
    ear = told;
  };
  let seed = 0;
  const edge = createEdge({
    edge: "edge",
    links: [link],
    modes: { duel: match({ teams: [{ seats: 1 }, { seats: 1 }] }) },
    compat: undefined,
    limits,
    verifyPlayer: undefined,
    guests: true,
    clock: createSystemClock(() => Date.now()),
    random: (bytes) => Uint8Array.from({ length: bytes }, () => seed++ % 251),
    observe: () => {},
  });
  const heard: Down[] = [];
  const socket = { send: (text: unknown) => void heard.push(JSON.parse(text as string)), close: () => {} };
  const session = edge.open({ socket, address: "192.0.2.1", subprotocol: "frontrow.v1.json" });
  const say = async (message: object) => {
    session.message(JSON.stringify(message));
    await vi.advanceTimersByTimeAsync(0);
  };
  const tell = async (message: OwnerMessage) => {
    ear!.hear("r1", message);
    await vi.advanceTimersByTimeAsync(0);
  };
  await say({ t: "hello", v: 1 });
  await say({ t: "play", id: "t", mode: "duel", options: { map: "ice" } });
  const { n } = said.find((message) => message.t === "enlist")!;
  const about = { match: "m1-aaaaaaaa", metro: "fra" };
  await tell({ t: "propose", n, ...about, epoch: 1, lockMs: 1_000 });
  const seat = { t: "seated" as const, ...about, place: 1, team: 1, why: [] as string[], seat: seatIn("fra") };
  await tell({ ...seat, n });
  const asked = () => said.filter((message): message is Settle => message.t === "settle");
  const ends = () => heard.filter((message) => message.t === "seat" || message.t === "error");
  return { say, tell, seat, asked, ends, heard, link, session };
}
const refused = { t: "again", id: "t", refused: true };

it("[RP9] a seat that was refused is asked for with its room, and told when there is another", async () => {
  const { say, tell, seat, asked, ends, heard } = await seated();
  await say(refused);
  expect(asked()).toEqual([
    expect.objectContaining({ match: "m1-aaaaaaaa", refusedIn: "fra_1_abcdef", options: { map: "ice" } }),
  ]);
  await vi.advanceTimersByTimeAsync(100);
  expect(heard).toContainEqual(expect.objectContaining({ t: "state", id: "t", state: "placing", metro: "fra" }));
  await tell({ ...seat, n: asked()[0]!.n, seat: seatIn("fra", "fra_2_ghijkl") });
  expect(ends().at(-1)).toMatchObject({
    t: "seat",
    id: "t",
    match: "m1-aaaaaaaa",
    team: 1,
    seat: { roomId: "fra_2_ghijkl" },
  });
  // Refused there, too: the other room is named.
  await say(refused);
  expect(asked().at(-1)).toMatchObject({ refusedIn: "fra_2_ghijkl" });
});

it("[RP9] a stale token is asked for without saying anything of a room", async () => {
  const { say, asked } = await seated();
  await say({ ...refused, refused: false });
  expect(asked()).toHaveLength(1);
  expect(asked()[0]).not.toHaveProperty("refusedIn");
});

it("[RP9] it asks again when it is told to, and when nobody answers; an answer about another match is none", async () => {
  const { say, tell, seat, asked, ends } = await seated();
  await say(refused);
  const { n } = asked()[0]!;
  await tell({ t: "unsettled", n, match: "m1-aaaaaaaa", retryInMs: 100 });
  await vi.advanceTimersByTimeAsync(99);
  expect(asked()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toHaveLength(2);
  await tell({ t: "unknown", ns: [n] });
  await tell({ ...seat, n, match: "m2-aaaaaaaa" });
  await vi.advanceTimersByTimeAsync(limits.settleRetryMs);
  expect(asked()).toHaveLength(3);
  expect(ends()).toHaveLength(1);
});

it("[RP9] within fillDeadlineMs it is told that the match stays, and what comes later is nobody's", async () => {
  const { say, tell, seat, asked, ends } = await seated();
  await say(refused);
  await vi.advanceTimersByTimeAsync(limits.fillDeadlineMs);
  expect(ends().at(-1)).toMatchObject({ t: "error", id: "t", code: "MATCH_STAYS" });
  const { length } = asked();
  await tell({ ...seat, n: asked()[0]!.n });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toHaveLength(length);
  expect(ends()).toHaveLength(2);
});

it("[RP9] a match that is not to be any more, and one that stays, end it at once", async () => {
  const gone = await seated();
  await gone.say(refused);
  await gone.tell({ t: "released", n: gone.asked()[0]!.n, match: "m1-aaaaaaaa" });
  expect(gone.ends().at(-1)).toMatchObject({ t: "error", code: "MATCH_GONE" });
  await gone.say(refused);
  expect(gone.ends().at(-1)).toMatchObject({ t: "error", code: "TICKET_UNKNOWN" });

  const stays = await seated();
  await stays.say(refused);
  const why = { code: "MATCH_STAYS", message: "it stays", retryable: false, retryAfterMs: 0 } as const;
  await stays.tell({ t: "unlisted", n: stays.asked()[0]!.n, ...why });
  expect(stays.ends().at(-1)).toMatchObject({ t: "error", code: "MATCH_STAYS", message: "it stays" });
});

it("[RP9] a cancel gives the seat back, once, and asks no more", async () => {
  const { say, asked, ends, link } = await seated();
  await say(refused);
  await say({ t: "cancel", id: "t" });
  expect(link.givenBack).toEqual(["t"]);
  expect(ends().slice(1)).toEqual([expect.objectContaining({ t: "error", id: "t", code: "CANCELLED" })]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toHaveLength(1);
});

it("[RP9] another wish, and the end of the session, end it", async () => {
  const other = await seated();
  await other.say(refused);
  await other.say({ t: "play", id: "t2", mode: "duel" });
  expect(other.ends().at(-1)).toMatchObject({ t: "error", id: "t", code: "SUPERSEDED" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(other.asked()).toHaveLength(1);

  const closed = await seated();
  await closed.say(refused);
  closed.session.closed();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(closed.asked()).toHaveLength(1);
});

it("[RP9] it is as rare as any other wish", async () => {
  const { say, asked, ends } = await seated();
  for (let i = 0; i < 60; i++) await say(refused);
  expect(asked().length).toBeLessThanOrEqual(limits.playsPerPlayerPerSecond * 10);
  expect(ends().at(-1)).toMatchObject({ code: "RATE_LIMITED" });
});

it("[RP9] a match is asked for a seat that no ticket of the connection brought, by the name of the match and its last room", async () => {
  const { say, tell, seat, asked, ends } = await seated();
  const named = { match: "m2-bbbbbbbb", roomId: "fra_3_mnopqr", options: { map: "lava" } };
  await say({ t: "again", id: "back", refused: true, seat: named });
  expect(asked()).toEqual([
    expect.objectContaining({ match: "m2-bbbbbbbb", refusedIn: "fra_3_mnopqr", options: { map: "lava" } }),
  ]);
  await tell({ ...seat, n: asked()[0]!.n, match: "m2-bbbbbbbb" });
  expect(ends().at(-1)).toMatchObject({ t: "seat", id: "back", match: "m2-bbbbbbbb" });
  // From now on it is a ticket's like any other, whatever else is named.
  await say({ ...refused, id: "back", seat: named });
  expect(asked().at(-1)).toMatchObject({ match: "m2-bbbbbbbb", refusedIn: "fra_1_abcdef" });
});

it("[RP9] of a metro that the edge does not have, and with options that cannot travel, nobody is asked", async () => {
  const { say, asked, ends } = await seated();
  await say({ t: "again", id: "far", refused: true, seat: { match: "m2-bbbbbbbb", roomId: "ams_3_mnopqr" } });
  expect(ends().at(-1)).toMatchObject({ t: "error", id: "far", code: "TICKET_UNKNOWN" });
  const options = { name: "x".repeat(600) };
  await say({ t: "again", id: "big", refused: true, seat: { match: "m2-bbbbbbbb", roomId: "fra_3_mnopqr", options } });
  expect(ends().at(-1)).toMatchObject({ t: "error", id: "big", code: "INVALID_ATTRIBUTES" });
  expect(asked()).toEqual([]);
});
