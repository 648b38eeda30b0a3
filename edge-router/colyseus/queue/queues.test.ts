import { fill, match } from "@frontrow/shared/config/modes.ts";
import { errorCatalogue, FrontrowError } from "@frontrow/shared/errors.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import { isPartyMessage } from "@frontrow/shared/protocol/party-link.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeLink, seatIn } from "../../../test/support/fake-link.ts";
import { createEdge } from "../../edge.ts";
import type { MatchEar } from "../../ports.ts";
import { matchmake } from "../matchmake.ts";
import { readFrame } from "./frames.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A metro whose pools the test owns: it hears what the edge's holders say, and says what it likes. */
function ownedMetro() {
  const link = createFakeLink("fra");
  const said: HolderMessage[] = [];
  let ear: MatchEar | undefined;
  link.say = (_replica, message) => !isPartyMessage(message) && said.push(message) > 0;
  link.replicas = () => ({ epoch: 1, members: ["r1"] });
  link.onMatch = (told) => {
    ear = told;
  };
  return { link, said, tell: (message: OwnerMessage) => ear!.hear("r1", message) };
}

function edgeOf(limits: Partial<Limits> = {}) {
  const metro = ownedMetro();
  let seed = 0;
  const refused: string[] = [];
  const edge = createEdge({
    edge: "edge",
    links: [metro.link],
    modes: { duel: match({ teams: [{ seats: 1 }, { seats: 1 }] }), arena: fill({ seats: 4 }) },
    compat: undefined,
    limits: resolveLimits(limits),
    verifyPlayer: async (jwt) => {
      if (jwt === "broken") throw new TypeError("the inner workings");
      if (!jwt.startsWith("player:")) throw new FrontrowError("AUTH_INVALID");
      return { playerId: jwt.slice(7) };
    },
    guests: true,
    clock: createSystemClock(() => Date.now()),
    random: (bytes) => Uint8Array.from({ length: bytes }, () => (seed = (seed * 31 + 7) % 251)),
    observe: (event) => void (event.kind === "refused" && refused.push(event.code)),
  });
  const ask = (method = "joinOrCreate", name = "duel:queue", jwt?: string, body: unknown = {}) =>
    matchmake(edge, { method, name, body, jwt, host: "play.example.com" });
  function dial(token: string, { jwt, isReturn = false }: { jwt?: string; isReturn?: boolean } = {}) {
    const sent: Uint8Array[] = [];
    const closed: { code?: number; reason?: string } = {};
    const socket = {
      send: (frame: Uint8Array) => void sent.push(frame),
      ping: () => {},
      close: (code: number, reason: string) => void Object.assign(closed, { code, reason }),
    };
    const session = edge.queues.enter({ token, jwt, isReturn, socket });
    const say = async (...bytes: number[]) => {
      session?.message(Uint8Array.from(bytes), false);
      await vi.advanceTimersByTimeAsync(0);
    };
    return { session, sent, closed, say };
  }
  /** Waiting, with its ticket enlisted. */
  async function waiting() {
    const { roomId } = await ask();
    const client = dial(roomId);
    await vi.advanceTimersByTimeAsync(0);
    await client.say(JOINED);
    const enlisted = metro.said.findLast((message) => message.t === "enlist");
    if (!enlisted) throw new Error("no ticket was enlisted");
    return { ...client, n: enlisted.n, enlisted };
  }
  return { edge, ...metro, ask, dial, waiting, refused };
}

const JOINED = 10;
const CONFIRM = [13, 0xa7, ..."confirm"].map((byte) => (typeof byte === "string" ? byte.charCodeAt(0) : byte));
const refusedWith = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });
const MATCH = "match-000001";

/** A match was found for the ticket, and its seat. */
function seatTicket(tell: (message: OwnerMessage) => void, n: number): void {
  tell({ t: "propose", n, match: MATCH, epoch: 1, metro: "fra", lockMs: 1_000 });
  tell({ t: "seated", n, match: MATCH, metro: "fra", place: 0, team: 1, why: [], seat: seatIn("fra") });
}

describe("a place in a queue", () => {
  it("[SQ8] dials back to where the SDK asked, with a token of its own each time", async () => {
    const { ask } = edgeOf();
    const [one, two] = [await ask(), await ask("join")];
    expect(one).toEqual({
      name: "duel:queue",
      processId: "matchmake",
      roomId: expect.stringMatching(/^[A-Za-z0-9]{22}$/),
      sessionId: expect.stringMatching(/^[A-Za-z0-9]{10}$/),
    });
    expect(two.roomId).not.toBe(one.roomId);
  });

  it("[SQ8] is given up after queueDialMs, and its player's session with it", async () => {
    const { edge, ask, dial, link } = edgeOf();
    const { roomId } = await ask();
    expect([edge.sessionCount, link.closed]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(edge.sessionCount).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([edge.sessionCount, link.closed]).toEqual([0, link.opened]);
    expect(dial(roomId).closed.code).toBe(errorCatalogue.QUEUE_EXPIRED.close);
  });

  it("[SQ14] counts as a session of the edge from the request on, and a full edge gives none", async () => {
    const { edge, ask, dial } = edgeOf({ edgeSessionsMax: 2 });
    const [first] = [await ask(), await ask()];
    await expect(ask()).rejects.toEqual(refusedWith("EDGE_FULL"));
    expect(edge.isFull()).toBe(true);
    const client = dial(first.roomId);
    expect(edge.sessionCount).toBe(2);
    client.session?.closed();
    expect(edge.sessionCount).toBe(1);
    await ask();
  });

  it("[SQ14] a request that is refused leaves nothing behind", async () => {
    const { edge, ask, link } = edgeOf();
    await expect(ask("joinOrCreate", "duel:queue", "nonsense")).rejects.toEqual(refusedWith("AUTH_INVALID"));
    await expect(ask("joinOrCreate", "duel:queue", undefined, { big: "x".repeat(600) })).rejects.toEqual(
      refusedWith("INVALID_ATTRIBUTES"),
    );
    const asks = Array.from({ length: 30 }, () => ask("joinOrCreate", "duel:queue", "player:ada"));
    const results = await Promise.allSettled(asks);
    const places = results.filter(({ status }) => status === "fulfilled").length;
    expect(results.filter(({ status }) => status === "rejected")).not.toEqual([]);
    expect(edge.sessionCount).toBe(places);
    expect(link.opened.filter((sid) => !link.closed.includes(sid))).toHaveLength(places);
  });

  it("[SQ9] falls to its player's newer session", async () => {
    const { ask, dial, link } = edgeOf();
    const { roomId } = await ask("joinOrCreate", "duel:queue", "player:ada");
    link.supersede(link.opened[0]!);
    expect(dial(roomId).closed.code).toBe(errorCatalogue.QUEUE_EXPIRED.close);
  });

  it("[SQ9] is refused to another player's token, and a token that cannot be checked is no exception's text", async () => {
    const { ask, dial } = edgeOf();
    const closes: unknown[] = [];
    for (const jwt of ["player:ada", "player:eve", "nonsense", "broken"]) {
      const { roomId } = await ask("joinOrCreate", "duel:queue", "player:ada");
      const { closed, sent } = dial(roomId, { jwt });
      await vi.advanceTimersByTimeAsync(6_000);
      closes.push(closed.reason?.split(":")[0]);
      expect(Buffer.from(sent[0]!).toString()).not.toContain("inner workings");
    }
    expect(closes).toEqual(["TOO_SLOW", "SEAT_FOREIGN", "AUTH_INVALID", "INTERNAL"]);
  });
});

describe("a socket in a queue", () => {
  it("[SQ4] opens its ticket only when the client has answered the handshake", async () => {
    const { edge, ask, dial, said } = edgeOf();
    const { roomId } = await ask("joinOrCreate", "duel:queue", undefined, { name: "Ada" });
    const client = dial(roomId);
    await client.say(JOINED);
    await vi.advanceTimersByTimeAsync(0);
    // The answer to a handshake that was not there yet was none.
    expect(said).toEqual([]);
    await client.say(JOINED);
    expect(said).toMatchObject([{ t: "enlist", mode: "duel", options: { name: "Ada" } }]);
    await client.say(JOINED);
    expect([said.length, edge.world.holders.size]).toEqual([1, 1]);
  });

  it("[SQ11] is closed as TOO_SLOW when it does not answer the handshake", async () => {
    const { ask, dial, edge, refused } = edgeOf();
    const client = dial((await ask()).roomId);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.closed.code).toBe(errorCatalogue.TOO_SLOW.close);
    expect([edge.sessionCount, refused]).toEqual([0, ["TOO_SLOW"]]);
  });

  it("[SQ4] withdraws its ticket when it goes, and gives up the player's session", async () => {
    const { edge, waiting, said, link } = edgeOf();
    const { session, n } = await waiting();
    session!.closed();
    expect(said.at(-1)).toEqual({ t: "withdraw", n });
    expect([edge.sessionCount, edge.world.holders.size, link.closed]).toEqual([0, 0, link.opened]);
  });

  it("[SQ4] a match that is proposed to a ticket whose socket has gone hears GONE", async () => {
    const { waiting, said, tell } = edgeOf();
    const { session, n, sent } = await waiting();
    session!.closed();
    const before = sent.length;
    seatTicket(tell, n);
    expect(said.at(-1)).toEqual({ t: "gone", n, match: MATCH });
    expect(sent).toHaveLength(before);
  });

  it("[SQ2] tells the seat once, and closes with 1000 on confirm, or by itself when the seat's token has run out", async () => {
    for (const confirms of [true, false]) {
      const { waiting, tell, edge } = edgeOf();
      const client = await waiting();
      await client.say(...CONFIRM);
      seatTicket(tell, client.n);
      seatTicket(tell, client.n);
      const seats = client.sent.filter((frame) => Buffer.from(frame).includes("seat"));
      expect(seats).toHaveLength(1);
      expect(readFrame(seats[0]!)).toBe("other");
      expect(client.closed.code).toBeUndefined();
      if (confirms) await client.say(...CONFIRM);
      else await vi.advanceTimersByTimeAsync(10_000);
      expect([client.closed.code, edge.sessionCount]).toEqual([1_000, 0]);
    }
  });

  it("[SQ2] a player who leaves after the seat keeps it", async () => {
    const { waiting, tell, link } = edgeOf();
    const client = await waiting();
    seatTicket(tell, client.n);
    await client.say(12);
    expect([client.closed.code, link.givenBack]).toEqual([4_000, []]);
  });

  it("[SQ6] what the owner refuses is told with its issues and its code", async () => {
    const { waiting, tell } = edgeOf();
    const { sent, closed, n } = await waiting();
    const { http: _, close, ...why } = errorCatalogue.INVALID_ATTRIBUTES;
    tell({ t: "unlisted", n, code: "INVALID_ATTRIBUTES", ...why, issues: ["name: too long"] });
    expect(closed.code).toBe(close);
    expect(Buffer.from(sent.at(-1)!).toString()).toContain("The options do not fit the mode. name: too long");
  });

  it("[SQ5] a ready check is answered for it with yes", async () => {
    const { waiting, tell, said } = edgeOf();
    const { n } = await waiting();
    tell({ t: "propose", n, match: MATCH, epoch: 1, metro: "fra", lockMs: 1_000, askMs: 15_000 });
    expect(said.at(-1)).toEqual({ t: "locked", n, match: MATCH });
  });

  it("[SQ3] a count is told when it changed, and is never below one", async () => {
    const { waiting, tell } = edgeOf();
    const { n, sent } = await waiting();
    for (const players of [1, 0, 5, 5, 2]) tell({ t: "standing", n, players, why: [] });
    const counts = sent.filter((frame) => frame[0] === 13).map((frame) => frame.at(-1));
    expect(counts).toEqual([1, 5, 2]);
  });

  it("[SQ10] one that returns is told 4003 whatever it says", async () => {
    const { ask, dial } = edgeOf();
    const { roomId } = await ask();
    for (const token of [roomId, "nothing"]) expect(dial(token, { isReturn: true }).closed.code).toBe(4_003);
    // The place is still there for the socket that it was made for.
    expect(dial(roomId).closed.code).toBeUndefined();
  });
});
