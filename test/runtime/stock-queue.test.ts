/**
 * The unmodified Colyseus SDK in match modes, over real sockets against `frontrow dev`, on both transports: what it does with a
 * QueueRoom of Colyseus it does here, and nothing of ours is in its way.
 */
import { Client, type Room } from "@colyseus/sdk";
import { createClient } from "@frontrow/client";
import { peekSeat } from "@frontrow/shared/seat-token.ts";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import type config from "../support/queue/frontrow.config.ts";
import type { Seen } from "../support/queue/rooms.ts";

const SOON = { timeout: 5_000, interval: 20 };
/** News of a pool come every few seconds. */
const NEWS = { timeout: 9_000, interval: 20 };
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const tokenOf = (subject: string) =>
  new SignJWT().setProtectedHeader({ alg: "ES256" }).setSubject(subject).setExpirationTime("5m").sign(privateKey);

type Reservation = Parameters<Client["consumeSeatReservation"]>[0];

describe.each(["uws", "ws"])("queues for stock SDKs, on %s", (transport) => {
  let dev: FrontrowProcess;
  const rooms: Room[] = [];

  beforeAll(async () => {
    const env = { FRONTROW_TRANSPORT: transport, FRONTROW_JWT_KEY: await exportSPKI(publicKey) };
    dev = await startFrontrow("dev", { cwd: `${import.meta.dirname}/../support/queue`, env });
    for (const chatter of ["info", "warn", "log"] as const) vi.spyOn(console, chatter).mockImplementation(() => {});
  });
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map((room) => room.connection.isOpen && room.leave()));
  });
  afterAll(() => dev?.end());

  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(`${dev.url}/matchmake/${path}`, { method: "POST", headers, body: JSON.stringify(body) });

  /** What a studio's client does, and what it saw. */
  async function waitIn(queue: string, options = {}, client = new Client(dev.url)) {
    const room = (await client.joinOrCreate(queue, options)) as Room;
    return watched(room, client);
  }
  function watched(room: Room, client: Client) {
    rooms.push(room);
    const clients: number[] = [];
    const errors: { code: number; message: string }[] = [];
    let seat: Reservation | undefined;
    let left: number | undefined;
    room.onMessage("clients", (count: number) => clients.push(count));
    room.onMessage("seat", (given: Reservation) => {
      seat = given;
    });
    room.onError((code: number, message?: string) => errors.push({ code, message: message ?? "" }));
    room.onLeave((code: number) => {
      left = code;
    });
    return {
      room,
      clients,
      errors,
      left: () => left,
      hasSeat: () => seat !== undefined,
      seat: () => vi.waitFor(() => seat ?? Promise.reject(new Error("no seat yet")), SOON),
      /** As Colyseus' guide has it: confirm, then sit down. */
      async sit(): Promise<{ game: Room; seen: Seen }> {
        const given = await this.seat();
        room.send("confirm");
        const game = (await client.consumeSeatReservation(given)) as Room;
        rooms.push(game);
        const seen = await new Promise<Seen>((resolve) => game.onMessage("seen", resolve));
        return { game, seen };
      },
    };
  }
  /** What a stock join is refused with. */
  const refusal = (joining: Promise<unknown>) =>
    joining.then(
      () => Promise.reject(new Error("it was not refused")),
      ({ code, message }: { code: number; message: string }) => ({ code, message }),
    );

  it("[SQ1] two players wait, and sit down in one room in opposite teams, each with the own options", async () => {
    const ada = await waitIn("duel:queue", { name: "Ada" });
    expect(ada.room.name).toBe("duel:queue");
    await vi.waitFor(() => expect(ada.clients).toEqual([1]), SOON);
    expect(ada.hasSeat()).toBe(false);
    const ben = await waitIn("duel:queue", { name: "Ben" });
    const [first, second] = await Promise.all([ada.sit(), ben.sit()]);
    expect(first.game.roomId).toBe(second.game.roomId);
    expect(first.game.name).toBe("duel");
    expect(first.game.sessionId).not.toBe(second.game.sessionId);
    expect([first.seen.team, second.seen.team].sort()).toEqual([0, 1]);
    expect(first.seen).toMatchObject({ match: expect.any(String), bots: [], options: { name: "Ada" } });
    expect(second.seen).toMatchObject({ match: first.seen.match, options: { name: "Ben" } });
  });

  it("[SQ1] players of the stock SDK and of @frontrow/client wait in one pool", async () => {
    const ours = createClient<typeof config>({ url: dev.url });
    const playing = ours.play("duel", { options: { name: "Ours" } });
    const { game, seen } = await (await waitIn("duel:queue", { name: "Stock" })).sit();
    const played = await playing;
    if (!played.ok) throw new Error(`${played.code}: ${played.message}`);
    rooms.push(played.room as Room);
    ours.close();
    expect(played.roomId).toBe(game.roomId);
    expect(seen.bots).toEqual([]);
  });

  it("[SQ2] the client's confirm ends the queue with 1000, and nothing before the seat does", async () => {
    const ada = await waitIn("duel:queue");
    ada.room.send("confirm");
    ada.room.send("hurry", { up: true });
    ada.room.send(7);
    const ben = await waitIn("duel:queue");
    await ada.seat();
    expect(ada.left()).toBeUndefined();
    ada.room.send("confirm");
    await vi.waitFor(() => expect(ada.left()).toBe(1_000), SOON);
    expect(ada.errors).toEqual([]);
    await ben.seat();
  });

  it("[SQ3] clients is how many players wait in the pool, as it changes", async () => {
    const ada = await waitIn("crowd:queue");
    const ben = await waitIn("crowd:queue");
    await vi.waitFor(() => expect([ada.clients.at(-1), ben.clients.at(-1)]).toEqual([2, 2]), NEWS);
    await ben.room.leave();
    await vi.waitFor(() => expect(ada.clients.at(-1)).toBe(1), NEWS);
    expect(ada.clients).toEqual([1, 2, 1]);
  }, 25_000);

  it("[SQ4] whoever leaves the queue is in no match, and is closed with 4000; so does a socket that is cut", async () => {
    const gone = await waitIn("duel:queue", { name: "Gone" });
    expect(await gone.room.leave()).toBe(4_000);
    const cut = await waitIn("duel:queue", { name: "Cut" });
    await cut.room.leave(false);
    const ada = await waitIn("duel:queue", { name: "Ada" });
    const ben = await waitIn("duel:queue", { name: "Ben" });
    const [first, second] = await Promise.all([ada.sit(), ben.sit()]);
    expect(first.game.roomId).toBe(second.game.roomId);
    expect([gone.hasSeat(), cut.hasSeat()]).toEqual([false, false]);
  });

  it("[SQ1] a lone player is given bots as the mode says", async () => {
    const { seen } = await (await waitIn("alone:queue")).sit();
    expect([seen.bots[seen.team!], seen.bots[1 - seen.team!]]).toEqual([0, 1]);
  });

  it("[SQ5] where a mode asks its players first, being in the queue is consent", async () => {
    const ada = await waitIn("agreed:queue");
    const ben = await waitIn("agreed:queue");
    const [first, second] = await Promise.all([ada.sit(), ben.sit()]);
    expect(first.game.roomId).toBe(second.game.roomId);
  });

  it("[SQ6] a ticket that ends without a seat is told as Colyseus tells errors, and closed with our code", async () => {
    const late = await waitIn("impatient:queue");
    await vi.waitFor(() => expect(late.left()).toBe(4_331), SOON);
    expect(late.errors).toEqual([{ code: 4_331, message: "MATCH_TIMEOUT: No match was found in time." }]);
    const wrong = await waitIn("duel:queue", { name: "a name far too long for it" });
    await vi.waitFor(() => expect(wrong.left()).toBe(4_305), SOON);
    expect(wrong.errors).toEqual([
      { code: 4_305, message: expect.stringMatching(/^INVALID_ATTRIBUTES: The options do not fit the mode\. name: /) },
    ]);
  });

  it("[SQ7] without the queue's name a match mode is MODE_QUEUED, and the message has the name", async () => {
    const client = new Client(dev.url);
    for (const method of ["joinOrCreate", "join", "create"] as const) {
      expect(await refusal(client[method]("duel")), method).toEqual({
        code: 409,
        message: expect.stringMatching(/^MODE_QUEUED: .* Ask for it with joinOrCreate\("duel:queue"\)\.$/),
      });
    }
    expect((await refusal(client.create("duel:queue"))).message).toMatch(/^MODE_QUEUED: /);
    expect((await refusal(client.joinOrCreate("dual:queue"))).message).toMatch(/^UNKNOWN_MODE: .*"duel:queue"\?$/);
    expect((await refusal(client.joinOrCreate("golf:queue"))).message).toMatch(/mode is one of .*duel:queue.*\.$/);
    expect((await refusal(client.joinOrCreate("open:queue"))).message).toMatch(
      /^UNKNOWN_MODE: .*joinOrCreate\("open"\)/,
    );
    const spelled = await post("joinOrCreate/crowd%3Aqueue");
    expect([spelled.status, (await spelled.json()).name]).toEqual([200, "crowd:queue"]);
  });

  it("[SQ8] a place is good for one socket: a token that nobody gave out, or twice, is QUEUE_EXPIRED", async () => {
    const place = (await (await post("joinOrCreate/crowd:queue")).json()) as Reservation;
    const client = new Client(dev.url);
    const first = watched(await client.consumeSeatReservation(place), client);
    const again = await refusal(client.consumeSeatReservation(place));
    expect(again).toEqual({ code: 4_339, message: expect.stringMatching(/^QUEUE_EXPIRED: /) });
    const roomId = `${place.roomId.slice(0, -1)}${place.roomId.endsWith("x") ? "y" : "x"}`;
    expect((await refusal(client.consumeSeatReservation({ ...place, roomId }))).code).toBe(4_339);
    expect(first.room.connection.isOpen).toBe(true);
  });

  it("[SQ8] of many sockets that dial one place at once, one gets it", async () => {
    const place = (await (await post("joinOrCreate/crowd:queue")).json()) as Reservation;
    const client = new Client(dev.url);
    const dials = Array.from({ length: 8 }, () => client.consumeSeatReservation(place));
    const results = await Promise.allSettled(dials);
    const inside = results.filter((result) => result.status === "fulfilled");
    for (const { value } of inside) rooms.push(value);
    expect(inside).toHaveLength(1);
  });

  it("[SQ9] a place is its player's: another player's token beside it is refused, and the seat names the player", async () => {
    const [ada, eve] = await Promise.all([tokenOf("ada"), tokenOf("eve")]);
    const place = (await (
      await post("joinOrCreate/alone:queue", {}, { authorization: `Bearer ${ada}` })
    ).json()) as Reservation;
    const client = new Client(dev.url);
    client.auth.token = eve;
    expect((await refusal(client.consumeSeatReservation(place))).message).toMatch(/^SEAT_FOREIGN: /);
    client.auth.token = ada;
    const { seen, game } = await (await waitIn("alone:queue", {}, client)).sit();
    expect(seen.playerId).toBe("ada");
    expect(peekSeat(new URL(game.connection.url!).pathname.split("/")[1]!)).toMatchObject({
      player: "ada",
      guest: false,
    });
    expect((await refusal(new Client(dev.url).joinOrCreate("nothing:queue"))).code).toBe(404);
    client.auth.token = `${ada}x`;
    expect(await refusal(client.joinOrCreate("alone:queue"))).toMatchObject({ code: 401 });
  });

  it("[SQ9] the newest wish of a player counts: the older socket is told SUPERSEDED", async () => {
    const client = new Client(dev.url);
    client.auth.token = await tokenOf("twice");
    const older = await waitIn("crowd:queue", {}, client);
    const newer = await waitIn("crowd:queue", {}, client);
    await vi.waitFor(() => expect(older.left()).toBe(4_315), SOON);
    expect(newer.left()).toBeUndefined();
  });

  it("[SQ10] a socket that was lost is not taken up again: the SDK is told so and stops trying", async () => {
    const dropped = await waitIn("crowd:queue");
    dropped.room.reconnection.minUptime = 0;
    const url = new URL(dropped.room.connection.url!);
    url.searchParams.set("reconnectionToken", "any");
    const returning = new WebSocket(url);
    const code = await new Promise<number>((resolve) =>
      returning.addEventListener("close", (close) => resolve(close.code)),
    );
    expect(code).toBe(4_003);
    // A close that the SDK takes for a lost network.
    dropped.room.connection.close(4_010);
    await vi.waitFor(() => expect(dropped.left()).toBe(4_003), SOON);
  });

  it("[SQ11] bytes that no client of a queue sends end in BAD_MESSAGE, too many of them in RATE_LIMITED", async () => {
    const frames = [[], [99], [20, 0, 0xff], [13], [13, 0xbf, 0x61], [13, 0xd9, 9], [13, 0xda, 0xff, 0xff]];
    for (const bytes of frames) {
      const bad = await waitIn("crowd:queue");
      bad.room.connection.send(Uint8Array.from(bytes));
      await vi.waitFor(() => expect(bad.left(), `${bytes}`).toBe(4_300), SOON);
    }
    const loud = await waitIn("crowd:queue");
    for (let i = 0; i < 400; i++) loud.room.send("hurry");
    await vi.waitFor(() => expect(loud.left()).toBe(4_316), SOON);
    const text = await waitIn("crowd:queue");
    (text.room.connection.transport as unknown as { ws: WebSocket }).ws.send("hello");
    await vi.waitFor(() => expect(text.left()).toBe(4_300), SOON);
  });

  it("[SQ12] the seat carries the round trip to the edge, by pings that the SDK knows nothing of; its own are answered", async () => {
    const ada = await waitIn("alone:queue");
    const answered = new Promise<number>((resolve) => ada.room.ping(resolve));
    expect(await answered).toBeGreaterThanOrEqual(0);
    expect((await ada.sit()).seen.rttMs).toBeGreaterThan(0);
  });
});
