/**
 * The Colyseus SDK as a studio has it, unmodified, against `frontrow dev` as a studio starts it. Everything goes through a proxy
 * that can cut the network; the edge derives the address of the game from the Host that the SDK came by, so that it does, too.
 */
import { Client, type Room } from "@colyseus/sdk";
import { peekSeat } from "@frontrow/shared/seat-token.ts";
import { type DelayProxy, startDelayProxy } from "frontrow/dev/delay-proxy.ts";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";

const SOON = { timeout: 5_000, interval: 20 };
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
let dev: FrontrowProcess;
let network: DelayProxy;
let url: string;
const rooms: Room[] = [];

beforeAll(async () => {
  dev = await startFrontrow("dev", { env: { FRONTROW_JWT_KEY: await exportSPKI(publicKey) } });
  network = await startDelayProxy({ port: 0, target: { host: "127.0.0.1", port: dev.port }, roundTripMs: 0 });
  url = `http://127.0.0.1:${network.port}`;
  for (const chatter of ["info", "warn", "log"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
});
afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.connection.isOpen && room.leave()));
});
afterAll(async () => {
  await network?.close();
  await dev?.end();
});

interface Arena {
  readonly ships: Map<string, { name: string; bot: boolean }>;
}
type Method = "joinOrCreate" | "create" | "join" | "joinById";

async function enter(
  method: Method,
  name = "arena",
  options = {},
  client = new Client(url),
): Promise<Room<unknown, Arena>> {
  const room = (await client[method](name, options)) as Room<unknown, Arena>;
  rooms.push(room);
  return room;
}
const names = (room: Room<unknown, Arena>) => [...(room.state?.ships?.values() ?? [])].map(({ name }) => name);
const bots = (room: Room<unknown, Arena>) => [...room.state.ships.values()].filter(({ bot }) => bot).length;

/** What a stock join is refused with. */
async function refusal(joining: Promise<unknown>): Promise<{ code: number; message: string }> {
  const error = await joining.then(
    () => undefined,
    (thrown: { code: number; message: string }) => thrown,
  );
  if (!error) throw new Error("it was not refused");
  return { code: error.code, message: error.message };
}

const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  fetch(`${url}/matchmake/${path}`, { method: "POST", headers, body: JSON.stringify(body) });

describe("the stock Colyseus SDK", () => {
  // First, while there is no room yet.
  it("[SD3] join enters a room that is there, and never makes one", async () => {
    expect(await refusal(enter("join"))).toEqual({
      code: 404,
      message: 'ROOM_NOT_FOUND: There is no such room. None of the mode "arena" is open.',
    });
    const own = await enter("create");
    expect((await enter("join")).roomId).toBe(own.roomId);
  });

  it("[SD1] joinOrCreate: two players meet in one room, and each sees what the other does", async () => {
    const ada = await enter("joinOrCreate", "arena", { name: "Ada" });
    const ben = await enter("joinOrCreate", "arena", { name: "Ben" });
    expect(ben.roomId).toBe(ada.roomId);
    expect(ben.sessionId).not.toBe(ada.sessionId);
    expect(ada.name).toBe("arena");
    for (const room of [ada, ben]) {
      await vi.waitFor(() => expect(names(room)).toEqual(expect.arrayContaining(["Ada", "Ben"])), SOON);
    }
    ada.send("bots", { count: 2 });
    await vi.waitFor(() => expect(bots(ben)).toBe(2), SOON);
    ben.send("bots", { count: 0 });
    await vi.waitFor(() => expect(bots(ada)).toBe(0), SOON);
  });

  it("[SD1] create makes another room, joinById enters it", async () => {
    const first = await enter("joinOrCreate");
    const own = await enter("create");
    expect(own.roomId).not.toBe(first.roomId);
    const guest = await enter("joinById", own.roomId, { name: "Guest" });
    expect(guest.roomId).toBe(own.roomId);
    await vi.waitFor(() => expect(names(own)).toContain("Guest"), SOON);
  });

  it("[SD4] reconnect takes up a place that was left without consent", async () => {
    const room = await enter("joinOrCreate", "arena", { name: "Back" });
    const witness = await enter("joinById", room.roomId, { name: "Witness" });
    const { reconnectionToken, sessionId } = room;
    await room.leave(false);
    const again = (await new Client(url).reconnect(reconnectionToken)) as Room<unknown, Arena>;
    rooms.push(again);
    expect(again).toMatchObject({ sessionId, roomId: room.roomId, name: "arena" });
    await vi.waitFor(() => expect(names(again).sort()).toEqual(["Back", "Witness"]), SOON);
    expect(names(witness).sort()).toEqual(["Back", "Witness"]);
  });

  it("[SD4] reconnect to a place that was given up, or to a room that is no more, says so", async () => {
    const room = await enter("create", "arena");
    const { reconnectionToken } = room;
    await room.leave();
    // Refused by the room as long as it is there, then by the edge.
    expect((await refusal(new Client(url).reconnect(reconnectionToken))).message).toMatch(
      /^(RECONNECTION_EXPIRED: The place was not kept; join again\.|ROOM_NOT_FOUND: There is no such room\.)$/,
    );
    const unknown = await refusal(new Client(url).reconnect("local_1_abcdef:Zk3vQ0a1b2c3.secret"));
    expect(unknown).toEqual({ code: 404, message: "ROOM_NOT_FOUND: There is no such room." });
  });

  it("[SD4] a dropped socket is taken up again by the SDK itself, and what was said meanwhile arrives", async () => {
    const room = await enter("joinOrCreate", "arena", { name: "Dropped" });
    const witness = await enter("joinById", room.roomId);
    // Off the shelf it does so only for rooms that were up for 5 s.
    room.reconnection.minUptime = 0;
    const dropped = new Promise<number>((resolve) => room.onDrop((code) => resolve(code)));
    const reconnected = new Promise<void>((resolve) => room.onReconnect(() => resolve()));
    network.cut();
    expect(await dropped).toBe(1006);
    room.send("bots", { count: 1 });
    await reconnected;
    await vi.waitFor(() => expect(bots(room)).toBe(1), SOON);
    expect(names(room)).toContain("Dropped");
    expect(witness.connection.isOpen).toBe(false);
    rooms.splice(rooms.indexOf(witness), 1);
  });

  it("[SD5] a refusal has the catalogue's status, code, sentence, and when to ask again", async () => {
    const unknown = await post("joinOrCreate/arean");
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({
      code: "UNKNOWN_MODE",
      message: 'UNKNOWN_MODE: There is no such mode. Did you mean "arena"?',
      error: 'There is no such mode. Did you mean "arena"?',
      retryable: false,
      retryAfterMs: 0,
      requestId: expect.stringMatching(/^\w{10}$/),
    });
    expect(await refusal(enter("joinOrCreate", "arean"))).toEqual({
      code: 404,
      message: 'UNKNOWN_MODE: There is no such mode. Did you mean "arena"?',
    });
    expect((await refusal(enter("joinOrCreate", "golf"))).message).toMatch(/^UNKNOWN_MODE: .* mode is one of .*arena/);
    const named = await post("joinOrCreate/arena", { name: "a name far too long for a ship" });
    expect([named.status, (await named.json()).issues]).toEqual([422, [expect.stringMatching(/^name: /)]]);
    expect((await post("explode/arena")).status).toBe(404);
    expect((await fetch(`${url}/matchmake/create/arena`, { method: "POST", body: "{" })).status).toBe(400);
  });

  it("[SD5] an address where nothing is, or a WebSocket is, says so", async () => {
    const nothing = await fetch(`${url}/nothing`);
    expect([nothing.status, (await nothing.json()).code]).toEqual([404, "NOT_FOUND"]);
    const socket = await fetch(`${url}/v1/ws`);
    expect([socket.status, (await socket.json()).message]).toEqual([426, expect.stringContaining("subprotocols")]);
  });

  it("[SD5] a refusal that passes says after how long, in the body and as Retry-After", async () => {
    const own = await enter("create");
    const seats = await Promise.all(Array.from({ length: 15 }, () => post(`joinById/${own.roomId}`)));
    expect(seats.map(({ status }) => status)).toEqual(Array(15).fill(200));
    const full = await post(`joinById/${own.roomId}`);
    expect(full.status).toBe(409);
    expect(full.headers.get("retry-after")).toBe("2");
    expect(await full.json()).toMatchObject({ code: "ROOM_FULL", retryable: true, retryAfterMs: 2_000 });
  });

  it("[SD6] getLatency measures the way to the edge and back", async () => {
    network.setRoundTripMs(60);
    const latencyMs = await new Client(url).getLatency({ pingCount: 3 });
    network.setRoundTripMs(0);
    expect(latencyMs).toBeGreaterThanOrEqual(58);
    expect(latencyMs).toBeLessThan(1_000);
  });
});

describe("a player's token over the stock SDK", () => {
  const tokenOf = (subject: string, expires = "5m") =>
    new SignJWT().setProtectedHeader({ alg: "ES256" }).setSubject(subject).setExpirationTime(expires).sign(privateKey);
  const clientOf = (token: string) => {
    const client = new Client(url);
    client.auth.token = token;
    return client;
  };

  it("[SD2] names the player: the seat is theirs, and so is a reconnection", async () => {
    const token = await tokenOf("ada");
    const room = await enter("joinOrCreate", "arena", {}, clientOf(token));
    const { reconnectionToken, sessionId } = room;
    const seat = peekSeat(new URL(room.connection.url!).pathname.split("/")[1]!);
    expect(seat).toMatchObject({ player: "ada", guest: false, sid: sessionId });
    await room.leave(false);
    const again = await clientOf(token).reconnect(reconnectionToken);
    rooms.push(again);
    expect(again.sessionId).toBe(sessionId);
  });

  it("[SD2] a token that is forged or has expired is refused, with the reason", async () => {
    const { privateKey: another } = await generateKeyPair("ES256");
    const forged = await new SignJWT({})
      .setProtectedHeader({ alg: "ES256" })
      .setSubject("ada")
      .setExpirationTime("5m")
      .sign(another);
    expect(await refusal(enter("joinOrCreate", "arena", {}, clientOf(forged)))).toEqual({
      code: 401,
      message: "AUTH_INVALID: The player token is not valid.",
    });
    const old = await tokenOf("ada", "-1m");
    expect((await refusal(enter("joinOrCreate", "arena", {}, clientOf(old)))).message).toMatch(/^AUTH_EXPIRED: /);
  });

  it("[SD2] a seat is refused to whoever presents another player's token beside it", async () => {
    const reply = await post("joinOrCreate/arena", {}, { authorization: `Bearer ${await tokenOf("ada")}` });
    const { code, message } = await refusal(clientOf(await tokenOf("eve")).consumeSeatReservation(await reply.json()));
    expect({ code, message }).toEqual({ code: 4343, message: "SEAT_FOREIGN: The seat belongs to another player." });
  });
});
