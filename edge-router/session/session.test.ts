import { fill } from "@frontrow/shared/config/modes.ts";
import { errorCatalogue, FrontrowError } from "@frontrow/shared/errors.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { createSystemClock } from "@frontrow/shared/system-clock.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeLink, refuses, seatIn } from "../../test/support/fake-link.ts";
import { createEdge, type EdgeOptions } from "../edge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function edgeWith(links = [createFakeLink("fra")], overrides: Partial<EdgeOptions> & { limits?: Limits } = {}) {
  let seed = 0;
  return createEdge({
    edge: "edge",
    links,
    modes: { arena: fill({ seats: 4 }), "near-only": fill({ seats: 4, allowedMetros: ["fra"] }) },
    compat: undefined,
    limits: resolveLimits(),
    verifyPlayer: async (jwt) => {
      if (jwt !== "good") throw new FrontrowError("AUTH_INVALID");
      return { playerId: "alice" };
    },
    guests: true,
    clock: createSystemClock(() => Date.now()),
    random: (bytes) => Uint8Array.from({ length: bytes }, () => seed++ % 251),
    observe: () => {},
    ...overrides,
  });
}

/** A client whose messages and closing the test sees. */
function clientOf(edge: ReturnType<typeof edgeWith>, { pings = false, address = "192.0.2.1" } = {}) {
  const heard: Down[] = [];
  const pinged: Uint8Array[] = [];
  const closed: { code?: number } = {};
  /** How many messages each cork held. */
  const corked: number[] = [];
  const socket = {
    cork(sends: () => void) {
      const before = heard.length;
      sends();
      corked.push(heard.length - before);
    },
    send: (message: Uint8Array | string) => void heard.push(JSON.parse(message as string)),
    ping: pings ? (payload: Uint8Array) => void pinged.push(payload) : undefined,
    close: (code: number) => {
      closed.code = code;
    },
  };
  const session = edge.open({ socket, address, subprotocol: "frontrow.v1.json" });
  const say = async (message: unknown) => {
    session.message(typeof message === "string" ? message : JSON.stringify(message));
    await vi.advanceTimersByTimeAsync(0);
  };
  const last = () => heard.filter((message) => message.t !== "probe").at(-1);
  return { session, say, heard, last, pinged, closed, corked };
}

async function greeted(edge: ReturnType<typeof edgeWith>, options?: Parameters<typeof clientOf>[1]) {
  const client = clientOf(edge, options);
  await client.say({ t: "hello", v: 1 });
  return client;
}
const play = (id: string, mode = "arena") => ({ t: "play", id, mode });

describe("hello", () => {
  it("[ER4] the text of an exception that nobody foresaw reaches the operator, and no client", async () => {
    const observe = vi.fn();
    const verifyPlayer = async () => Promise.reject(new TypeError("the inner workings"));
    const client = clientOf(edgeWith(undefined, { verifyPlayer, observe }));
    await client.say({ t: "hello", v: 1, jwt: "any" });
    expect(client.last()).toMatchObject({ code: "INTERNAL", message: errorCatalogue.INTERNAL.message });
    expect(client.closed.code).toBe(errorCatalogue.INTERNAL.close);
    expect(observe).toHaveBeenCalledWith({ kind: "threw", error: new TypeError("the inner workings") });
  });

  it("[SE1] silence ends the connection after five seconds", async () => {
    const client = clientOf(edgeWith());
    await vi.advanceTimersByTimeAsync(4_999);
    expect(client.closed.code).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(client.closed.code).toBe(errorCatalogue.HELLO_EXPECTED.close);
  });

  it("[SE1] a ticket before hello ends the connection and reaches no metro", async () => {
    const link = createFakeLink("fra");
    const client = clientOf(edgeWith([link]));
    await client.say(play("a"));
    expect(client.last()).toMatchObject({ t: "error", code: "HELLO_EXPECTED" });
    expect(link.placed).toHaveLength(0);
  });

  it("[SE12] another protocol version, and a build that is not in the table, are refused", async () => {
    const old = clientOf(edgeWith());
    await old.say({ t: "hello", v: 99 });
    expect(old.last()).toMatchObject({ code: "UNSUPPORTED_VERSION" });
    const unknown = clientOf(edgeWith(undefined, { compat: [{ build: "2.*", compat: "two" }] }));
    await unknown.say({ t: "hello", v: 1, build: "1.0" });
    expect(unknown.closed.code).toBe(errorCatalogue.UNSUPPORTED_VERSION.close);
  });

  it("[SE12] the compat of the table travels with the ticket", async () => {
    const link = createFakeLink("fra");
    const client = clientOf(edgeWith([link], { compat: [{ build: "2.*", compat: "two" }] }));
    await client.say({ t: "hello", v: 1, build: "2.7" });
    await client.say(play("a"));
    expect(link.placed[0]).toMatchObject({ compat: "two" });
  });

  it("[SE1] a bad player token ends the connection and is not repeated in the error", async () => {
    const client = clientOf(edgeWith());
    await client.say({ t: "hello", v: 1, jwt: "stolen" });
    expect(client.last()).toMatchObject({ code: "AUTH_INVALID" });
    expect(JSON.stringify(client.heard)).not.toContain("stolen");
  });

  it("[SE2] bytes that are no message end the connection", async () => {
    const client = clientOf(edgeWith());
    await client.say("{ this is not JSON");
    expect(client.last()).toMatchObject({ code: "BAD_MESSAGE" });
    expect(client.closed.code).toBe(errorCatalogue.BAD_MESSAGE.close);
  });
});

describe("tickets", () => {
  it("[SE3] a ticket gets its seat from the nearest metro, with the reasons", async () => {
    const client = await greeted(edgeWith([createFakeLink("ams", 20), createFakeLink("fra", 8)]));
    await client.say(play("a"));
    expect(client.last()).toMatchObject({ t: "seat", id: "a", metro: "fra", seat: { roomId: "fra_1_abcdef" } });
    expect(
      client.heard.filter((message) => "id" in message && message.id === "a" && message.t !== "state"),
    ).toHaveLength(1);
  });

  it("[SE15] a ticket's state leaves with its seat in one go, and alone where the seat takes longer", async () => {
    const link = createFakeLink("fra");
    let deliver: () => void = () => {};
    link.answer = () => new Promise((resolve) => (deliver = () => resolve(seatIn("fra"))));
    const client = await greeted(edgeWith([link]));
    const said = () => client.heard.filter(({ t }) => t === "state" || t === "seat").map(({ t }) => t);
    await client.say(play("a"));
    await vi.advanceTimersByTimeAsync(99);
    expect(said()).toEqual([]);
    deliver();
    await vi.advanceTimersByTimeAsync(0);
    expect(said()).toEqual(["state", "seat"]);
    expect(client.corked).toEqual([2]);
    await client.say(play("b"));
    await vi.advanceTimersByTimeAsync(100);
    expect(said()).toEqual(["state", "seat", "state"]);
    deliver();
    await vi.advanceTimersByTimeAsync(0);
    expect(said()).toEqual(["state", "seat", "state", "seat"]);
  });

  it("[SE4] a cancelled ticket yields no seat, and the seat that still arrives is given back", async () => {
    const link = createFakeLink("fra");
    let deliver: () => void = () => {};
    link.answer = () => new Promise((resolve) => (deliver = () => resolve(seatIn("fra"))));
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    await client.say({ t: "cancel", id: "a" });
    expect(client.last()).toMatchObject({ t: "error", id: "a", code: "CANCELLED" });
    deliver();
    await vi.advanceTimersByTimeAsync(0);
    expect(link.givenBack).toEqual(["a"]);
    expect(client.heard.some((message) => message.t === "seat")).toBe(false);
  });

  it("[SE4] a cancel in the same tick as its ticket yields no seat, and the answer comes once", async () => {
    const link = createFakeLink("fra");
    const client = await greeted(edgeWith([link]));
    void client.say(play("a"));
    await client.say({ t: "cancel", id: "a" });
    await vi.advanceTimersByTimeAsync(20);
    expect(client.heard.filter((message) => message.t === "error" || message.t === "seat")).toEqual([
      expect.objectContaining({ t: "error", id: "a", code: "CANCELLED" }),
    ]);
    expect(link.placed).toHaveLength(0);
  });

  it("[SE5] cancelling after the seat gives it back", async () => {
    const link = createFakeLink("fra");
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    await client.say({ t: "cancel", id: "a" });
    expect(link.givenBack).toEqual(["a"]);
    expect(client.last()).toMatchObject({ id: "a", code: "CANCELLED" });
  });

  it("[SE6] the newer ticket wins and the older is told", async () => {
    const link = createFakeLink("fra");
    link.answer = () => new Promise(() => {});
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    await client.say(play("b"));
    expect(client.heard).toContainEqual(expect.objectContaining({ t: "error", id: "a", code: "SUPERSEDED" }));
    expect(link.placed.map(({ ticket }) => ticket)).toEqual(["a", "b"]);
  });

  it("[SE6] of tickets in the same tick only the newest asks for a seat", async () => {
    const link = createFakeLink("fra");
    const client = await greeted(edgeWith([link]));
    void client.say(play("a"));
    await client.say(play("b"));
    expect(client.heard.filter((message) => message.t === "error" || message.t === "seat")).toEqual([
      expect.objectContaining({ t: "error", id: "a", code: "SUPERSEDED" }),
      expect.objectContaining({ t: "seat", id: "b" }),
    ]);
    expect(link.placed.map(({ ticket }) => ticket)).toEqual(["b"]);
  });

  it("[SE7] a full metro is stepped over to the next", async () => {
    const near = createFakeLink("fra", 8);
    near.answer = refuses("NO_CAPACITY");
    const client = await greeted(edgeWith([near, createFakeLink("ams", 20)]));
    await client.say(play("a"));
    expect(client.last()).toMatchObject({ t: "seat", metro: "ams" });
  });

  it("[SE7] while nobody has capacity the ticket waits, and sits as soon as there is some", async () => {
    const link = createFakeLink("fra");
    link.answer = refuses("NO_CAPACITY");
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.last()).toMatchObject({ t: "state", state: expect.stringMatching(/searching|placing/) });
    link.answer = async () => seatIn("fra");
    await vi.advanceTimersByTimeAsync(300);
    expect(client.last()).toMatchObject({ t: "seat" });
  });

  it("[SE7] a metro that never answers costs the ticket its deadline, not more, and its late seat goes back", async () => {
    const link = createFakeLink("fra");
    let deliver: () => void = () => {};
    link.answer = () => new Promise((resolve) => (deliver = () => resolve(seatIn("fra"))));
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.last()).toMatchObject({ t: "error", id: "a", code: "DEADLINE", retryable: true });
    deliver();
    await vi.advanceTimersByTimeAsync(0);
    expect(link.givenBack).toEqual(["a"]);
  });

  it("[SE3] what waiting cannot cure is answered at once", async () => {
    const link = createFakeLink("fra");
    link.answer = refuses("INVALID_ATTRIBUTES");
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    expect(client.last()).toMatchObject({ t: "error", id: "a", code: "INVALID_ATTRIBUTES", retryable: false });
    expect(link.placed).toHaveLength(1);
  });

  it("[SE3] a session whose token has expired ends with its ticket, so that the client comes with a fresh token", async () => {
    const link = createFakeLink("fra");
    link.answer = refuses("AUTH_EXPIRED");
    const client = await greeted(edgeWith([link]));
    await client.say(play("a"));
    expect(client.heard).toContainEqual(expect.objectContaining({ t: "error", id: "a", code: "AUTH_EXPIRED" }));
    expect(client.closed.code).toBe(errorCatalogue.AUTH_EXPIRED.close);
  });

  it("[SE10] a misspelt mode is answered with the nearest name, and one that is near to none with all of them", async () => {
    const client = await greeted(edgeWith());
    await client.say(play("a", "arean"));
    expect(client.last()).toMatchObject({
      code: "UNKNOWN_MODE",
      message: expect.stringContaining('Did you mean "arena"?'),
    });
    await client.say(play("c", "golf"));
    expect(client.last()).toMatchObject({ message: expect.stringMatching(/mode is one of .*arena.*\.$/) });
    await client.say(play("b", "__proto__"));
    expect(client.last()).toMatchObject({ code: "BAD_MESSAGE" });
  });

  it("[SE14] a room is joined in its own metro, however far", async () => {
    const far = createFakeLink("ams", 300);
    const near = createFakeLink("fra", 1);
    const client = await greeted(edgeWith([near, far]));
    await client.say({ t: "join", id: "a", room: { roomId: "ams_1_abcdef" } });
    await client.say({ t: "join", id: "b", room: { code: "ams 0000000o" } });
    await client.say({ t: "join", id: "c", room: { roomId: "xyz_1_abcdef" } });
    expect(far.placed.map(({ target }) => target.kind)).toEqual(["room", "code"]);
    expect(near.placed).toHaveLength(0);
    expect(client.last()).toMatchObject({ id: "c", code: "ROOM_NOT_FOUND" });
  });
});

describe("limits", () => {
  it("[SE11] eleven wrong codes in a minute from one address are too many", async () => {
    const link = createFakeLink("fra");
    link.answer = refuses("CODE_UNKNOWN");
    const edge = edgeWith([link], { limits: resolveLimits({ playsPerPlayerPerSecond: 100 }) });
    const client = await greeted(edge);
    for (let i = 0; i < 10; i++) await client.say({ t: "join", id: `t${i}`, room: { code: "FRA-00000000" } });
    expect(client.last()).toMatchObject({ code: "CODE_UNKNOWN" });
    const other = await greeted(edge);
    await other.say({ t: "join", id: "x", room: { code: "FRA-00000000" } });
    expect(other.last()).toMatchObject({ code: "RATE_LIMITED", retryable: true });
    expect(link.placed).toHaveLength(10);
    const elsewhere = await greeted(edge, { address: "192.0.2.2" });
    await elsewhere.say({ t: "join", id: "y", room: { code: "FRA-00000000" } });
    expect(elsewhere.last()).toMatchObject({ code: "CODE_UNKNOWN" });
  });

  it("[SE11] a player's flood of tickets is refused with when to come back", async () => {
    const client = await greeted(edgeWith());
    for (let i = 0; i <= 20; i++) await client.say(play(`t${i}`));
    expect(client.last()).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) });
    expect((client.last() as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0);
  });

  it("[SE11] a flood of messages ends the connection", async () => {
    const client = await greeted(edgeWith());
    for (let i = 0; i < 300 && client.closed.code === undefined; i++) await client.say({ t: "cancel", id: "none" });
    expect(client.closed.code).toBe(errorCatalogue.RATE_LIMITED.close);
  });
});

describe("the end of a session", () => {
  it("[SE8] a newer session elsewhere ends this one", async () => {
    const link = createFakeLink("fra");
    const client = await greeted(edgeWith([link]));
    link.supersede(client.session.sid);
    expect(client.last()).toMatchObject({ code: "SUPERSEDED" });
    expect(client.closed.code).toBe(errorCatalogue.SUPERSEDED.close);
  });

  it("[SE9] a socket that goes takes its open ticket along", async () => {
    const link = createFakeLink("fra");
    let deliver: () => void = () => {};
    link.answer = () => new Promise((resolve) => (deliver = () => resolve(seatIn("fra"))));
    const edge = edgeWith([link]);
    const client = await greeted(edge);
    await client.say(play("a"));
    client.session.closed();
    deliver();
    await vi.advanceTimersByTimeAsync(0);
    expect(link.givenBack).toEqual(["a"]);
    expect(link.closed).toEqual([client.session.sid]);
    expect(edge.sessionCount).toBe(0);
  });
});

describe("distances", () => {
  it("[SE13] a runtime with pings measures by them, and tells the client after five", async () => {
    const client = await greeted(edgeWith([createFakeLink("fra", 8)]), { pings: true });
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(20);
      client.session.pong(client.pinged.at(-1)!);
      client.session.pong(client.pinged.at(-1)!);
      expect(client.heard.some((message) => message.t === "distances")).toBe(i === 4);
      await vi.advanceTimersByTimeAsync(80);
    }
    expect(client.last()).toMatchObject({
      t: "distances",
      edge: { minMs: 20, samples: 5, verified: true },
      metros: [{ metro: "fra", rttMs: 8 }],
    });
  });

  it("[SE13] a runtime without pings sends probes", async () => {
    const client = await greeted(edgeWith());
    const probe = client.heard.find((message) => message.t === "probe");
    expect(probe).toBeDefined();
    await vi.advanceTimersByTimeAsync(10);
    await client.say({ t: "echo", nonce: (probe as { nonce: string }).nonce });
    expect(client.closed.code).toBeUndefined();
  });
});
