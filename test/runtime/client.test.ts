/**
 * Our client in Node against `frontrow dev`. The way to the edge and the way to the game are two proxies, so that a test can hold
 * back either; what the server thinks of it is read from `/v1/rooms`, past both.
 */
import { createClient, type FrontrowClient, type Played, type PlayResult, type TicketState } from "@frontrow/client";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type config from "../../cli/arena/frontrow.config.ts";
import type { ArenaState } from "../../cli/arena/room/state.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { freePort } from "../support/redis-server.ts";

const SOON = { timeout: 5_000, interval: 20 };
/** For what is asked over HTTP, of which an address may do 20 a second. */
const ASKED = { timeout: 5_000, interval: 100 };
type Arena = FrontrowClient<typeof config>;
let dev: FrontrowProcess;
let network: DelayProxy;
let game: DelayProxy;
const clients: Arena[] = [];
const joined: Played<ArenaState>[] = [];

beforeAll(async () => {
  const target = { host: "127.0.0.1", port: await freePort() };
  network = await startDelayProxy({ port: 0, target, roundTripMs: 0 });
  game = await startDelayProxy({ port: 0, target, roundTripMs: 0 });
  const env = { PORT: `${target.port}`, FRONTROW_PUBLIC_URL: `ws://127.0.0.1:${game.port}` };
  dev = await startFrontrow("dev", { env });
  for (const chatter of ["info", "warn"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterEach(async () => {
  network.setRoundTripMs(0);
  for (const way of [network, game]) way.stall(false);
  await Promise.all(joined.splice(0).map(({ room }) => room.connection.isOpen && room.leave()));
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await Promise.all([network?.close(), game?.close()]);
  await dev?.end();
});

function newClient(options: Partial<Parameters<typeof createClient>[0]> = {}): Arena {
  const client = createClient<typeof config>({ url: `http://127.0.0.1:${network.port}`, ...options });
  clients.push(client);
  return client;
}

/** The joined room of an answer that must be one. */
async function seated(playing: Promise<PlayResult<ArenaState>>): Promise<Played<ArenaState>> {
  const played = await playing;
  if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
  joined.push(played);
  return played;
}
const shipsIn = ({ room }: Played<ArenaState>) =>
  [...(room.state.ships?.values() ?? [])].map(({ name }) => name).sort();

async function freeSeats(roomId: string): Promise<number | undefined> {
  const { rooms } = await (await fetch(`${dev.url}/v1/rooms?mode=arena&limit=100`)).json();
  return rooms.find((room: { roomId: string }) => room.roomId === roomId)?.free;
}

describe("a place", () => {
  it.each(["msgpack", "json"] as const)("[CL1] play ends in a joined room, over %s", async (wire) => {
    const states: TicketState[] = [];
    const options = { name: "Ada" };
    const ada = await seated(newClient({ wire }).play("arena", { options, onState: (state) => states.push(state) }));
    expect(ada).toMatchObject({ mode: "arena", metro: "local", roomId: ada.room.roomId, code: undefined });
    expect(ada.why.join(" ")).toMatch(/^local: .*, chosen\.$/);
    expect(states.map(({ state }) => state)).toEqual(["searching", "placing", "joining"]);
    expect(states.at(-1)).toEqual({ state: "joining", metro: "local", why: ada.why });
    const ben = await seated(newClient({ wire }).play("arena", { options: { name: "Ben" } }));
    expect(ben.roomId).toBe(ada.roomId);
    await vi.waitFor(() => expect(shipsIn(ada)).toEqual(["Ada", "Ben"]), SOON);
    await vi.waitFor(() => expect(shipsIn(ben)).toEqual(["Ada", "Ben"]), SOON);
  });

  it("[CL1] create makes a room of one's own; a private one is entered by its code or its id, and by nobody else", async () => {
    const own = await seated(newClient().create("arena", { private: true, options: { name: "Host" } }));
    expect(own.code).toMatch(/^LOCAL-[0-9A-Z]{8}$/);
    const typed = own.code!.toLowerCase().replace("-", " ");
    const friend = await seated(newClient().join({ code: typed }, { options: { name: "Friend" } }));
    const second = await seated(newClient().join({ roomId: own.roomId }, { options: { name: "Second" } }));
    expect([friend.roomId, second.roomId]).toEqual([own.roomId, own.roomId]);
    await vi.waitFor(() => expect(shipsIn(own)).toEqual(["Friend", "Host", "Second"]), SOON);
    const stranger = await seated(newClient().play("arena"));
    expect(stranger.roomId).not.toBe(own.roomId);
    expect(await freeSeats(own.roomId)).toBeUndefined();
  });

  it("[CL4] two clients are two players, and one client is the same player each time", async () => {
    const [one, two] = [newClient(), newClient()];
    const first = await seated(one.play("arena"));
    const other = await seated(two.play("arena"));
    expect(other.playerId).not.toBe(first.playerId);
    expect((await seated(one.create("arena"))).playerId).toBe(first.playerId);
  });

  it("[CL9] distances are measured and verified, and told", async () => {
    network.setRoundTripMs(40);
    const client = newClient();
    await seated(client.play("arena"));
    await vi.waitFor(() => expect(client.distances()?.edge.verified).toBe(true), SOON);
    const { edge, metros } = client.distances()!;
    expect(edge.samples).toBeGreaterThanOrEqual(5);
    expect(edge.minMs).toBeGreaterThanOrEqual(38);
    expect(metros).toEqual([{ metro: "local", rttMs: 0 }]);
    const told = vi.fn();
    client.onDistances(told);
    network.setRoundTripMs(0);
    await vi.waitFor(() => expect(told).toHaveBeenCalled(), { timeout: 10_000, interval: 50 });
  });

  it("[CL8] rooms lists public rooms a page at a time, and each once", async () => {
    const host = newClient();
    const made: string[] = [];
    for (let i = 0; i < 3; i++) made.push((await seated(host.create("arena"))).roomId);
    // Rooms of the tests before may still be listed; these are from the next heartbeat on.
    const listed = async () => (await host.rooms("arena")).rooms.map(({ roomId }) => roomId);
    await vi.waitFor(async () => expect(await listed()).toEqual(expect.arrayContaining(made)), ASKED);
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await host.rooms("arena", { limit: 2, ...(after ? { after } : {}) });
      expect(page.rooms.length).toBeLessThanOrEqual(2);
      seen.push(...page.rooms.map(({ roomId }) => roomId));
      after = page.next;
      if (!after) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made));
    const { rooms } = await host.rooms("arena");
    expect(rooms.find(({ roomId }) => roomId === made[0])).toMatchObject({ mode: "arena", seats: 16, free: 15 });
  });
});

describe("no place", () => {
  it("[CL1] every failure says what, whether and when to ask again, and where it stands in the edge's log", async () => {
    const client = newClient();
    const unknown = await client.play("arean" as "arena");
    expect(unknown).toEqual({
      ok: false,
      code: "UNKNOWN_MODE",
      message: 'There is no such mode. Did you mean "arena"?',
      retryable: false,
      retryAfterMs: 0,
      requestId: expect.stringMatching(/^\w{10}$/),
    });
    const named = { code: "UNKNOWN_MODE", message: "There is no such mode. mode is one of arena, duel, squads." };
    expect(await client.play("golf" as "arena")).toMatchObject(named);
    await expect(client.rooms("golf" as "arena")).rejects.toMatchObject({ refusal: named });
    const name = "a name far too long for a ship";
    expect(await client.play("arena", { options: { name } })).toMatchObject({
      code: "INVALID_ATTRIBUTES",
      issues: [expect.stringMatching(/^name: /)],
    });
    expect(await client.join({ code: "LOCAL-00000000" })).toMatchObject({ code: "CODE_UNKNOWN" });
    expect(await client.join({ roomId: "local_1_abcdef" })).toMatchObject({ code: "ROOM_NOT_FOUND" });
    expect(await client.join({ roomId: "nonsense" })).toMatchObject({ code: "BAD_MESSAGE" });
    await expect(client.rooms("arean" as "arena")).rejects.toMatchObject({
      refusal: {
        code: "UNKNOWN_MODE",
        message: 'There is no such mode. Did you mean "arena"?',
        retryable: false,
        requestId: expect.stringMatching(/^\w{10}$/),
      },
    });
  });

  it("[CL1] a token that is not signed, and a jwt function that fails, are failures like any other", async () => {
    expect(await newClient({ jwt: "a.b.c" }).play("arena")).toMatchObject({ ok: false, code: "AUTH_INVALID" });
    const jwt = () => Promise.reject(new Error("not signed in"));
    expect(await newClient({ jwt }).play("arena")).toMatchObject({
      code: "AUTH_REQUIRED",
      message: "A signed player token is required. The client's jwt function failed: not signed in",
    });
  });

  it("[CL10] a game server that cannot be reached is named", async () => {
    game.stall(true);
    const cutting = setInterval(() => game.cut(), 20);
    const unreachable = await newClient().play("arena");
    clearInterval(cutting);
    expect(unreachable).toMatchObject({
      ok: false,
      code: "SERVER_UNREACHABLE",
      message: `The game server cannot be reached. (127.0.0.1:${game.port})`,
      retryable: true,
    });
  });
});

describe("cancelling", () => {
  it("[CL3] before anything was asked, nothing is asked", async () => {
    const cancelled = { ok: false, code: "CANCELLED", retryable: true };
    const client = newClient();
    expect(await client.play("arena", { signal: AbortSignal.abort() })).toMatchObject(cancelled);
    const abort = new AbortController();
    const playing = client.play("arena", { signal: abort.signal });
    abort.abort();
    expect(await playing).toMatchObject(cancelled);
  });

  it("[CL3] while the seat is on its way, it is free again", async () => {
    const { roomId } = await seated(newClient().create("arena"));
    const client = newClient();
    await client.join({ roomId: "local_1_abcdef" });
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(15), ASKED);
    network.setRoundTripMs(1_000);
    const abort = new AbortController();
    const joining = client.join({ roomId }, { signal: abort.signal });
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(14), ASKED);
    abort.abort();
    expect(await joining).toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(15), ASKED);
  });

  it("[CL3] with the seat in hand but nobody in it, it is free again", async () => {
    const { roomId } = await seated(newClient().create("arena"));
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(15), ASKED);
    game.stall(true);
    const abort = new AbortController();
    const states: string[] = [];
    const joining = newClient().join({ roomId }, { signal: abort.signal, onState: ({ state }) => states.push(state) });
    await vi.waitFor(() => expect(states).toContain("joining"), SOON);
    expect(await freeSeats(roomId)).toBe(14);
    abort.abort();
    expect(await joining).toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(15), ASKED);
    // The dial goes through after all, and whoever comes by it leaves again.
    game.stall(false);
    await vi.waitFor(async () => expect(await freeSeats(roomId)).toBe(15), ASKED);
  });

  it("[CL3] a player who sits is not unseated by a late abort", async () => {
    const abort = new AbortController();
    const played = await seated(newClient().play("arena", { signal: abort.signal }));
    abort.abort();
    const answered = new Promise<number>((resolve) => played.room.ping(resolve));
    expect(await answered).toBeGreaterThanOrEqual(0);
  });
});

// Last: it ends the process that all others use.
describe("an edge that goes away", () => {
  it("[CL7] is told as EDGE_UNREACHABLE, also to who waits, and the next play after its return is seated", async () => {
    const client = newClient({ url: dev.url });
    const before = await seated(client.play("arena"));
    expect(await dev.end()).toBe(0);
    const away = { ok: false, code: "EDGE_UNREACHABLE", retryable: true, retryAfterMs: 1_000, requestId: "" };
    const { host } = new URL(dev.url);
    expect(await client.play("arena")).toMatchObject({
      ...away,
      message: expect.stringContaining(`(ws://${host}/v1/ws)`),
    });
    await expect(client.rooms("arena")).rejects.toMatchObject({
      refusal: { code: "EDGE_UNREACHABLE", message: expect.stringContaining(`(${dev.url}/v1/rooms`) },
    });
    dev = await dev.again();
    const after = await seated(client.play("arena"));
    expect(after.roomId).not.toBe(before.roomId);
  });
});
