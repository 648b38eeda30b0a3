/**
 * The HTTP API as a studio's server meets it: over real sockets, in `frontrow dev` and beside the links of matchmaker processes that share
 * a metro, up to players who sit in a room with the seats that it gave.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Client, type Room } from "@colyseus/sdk";
import { makeApiKey } from "@frontrow/matchmaker/api/keys.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createAsk } from "../support/api/ask.ts";
import { type FrontrowProcess, startFrontrow } from "../support/frontrow.ts";
import { production } from "../support/production.ts";
import { freePort, type RedisServer, redisMissing, startRedis } from "../support/redis-server.ts";

const FRONTROW_CONFIG = new URL("../support/api/frontrow.config.ts", import.meta.url).pathname;
const SOON = { timeout: 15_000, interval: 50 };
const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const key = devKeys.api.privateText;
const duel = (id: string, mode = "duel") => ({ body: { mode, players: [{ id }] } });

type Asked = ReturnType<typeof createAsk>;
const askOf = ({ url }: FrontrowProcess): Asked => createAsk(fetch, url, key);

/** Both are submitted, waited for, and given their seats. */
async function seatsOf(api: Asked, ...ids: string[]) {
  const tickets = await Promise.all(ids.map((id) => api.ask("POST", "/v1/tickets", duel(id))));
  const ends = await Promise.all(tickets.map(({ body }) => api.ask("GET", `/v1/tickets/${body.id}?waitMs=15000`)));
  return ends.map(({ body }) => body.match.players[0].seat);
}

// biome-ignore lint/suspicious/noExplicitAny: a seat as the document has it
async function sit(seat: any, host: string): Promise<Room> {
  const { mode: name, roomId, sessionId, token: processId } = seat;
  const publicAddress = seat.publicAddress || host;
  const room = await new Client(`http://${host}`).consumeSeatReservation({
    name,
    roomId,
    sessionId,
    processId,
    publicAddress,
  } as never);
  room.onMessage("*", () => {});
  return room as Room;
}

describe("in dev", () => {
  let dev: FrontrowProcess;
  let api: Asked;
  let receiver: Server;
  // biome-ignore lint/suspicious/noExplicitAny: what the receiver verified
  const told: any[] = [];

  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      told.push(new Webhook(secret).verify(await text(request), request.headers as Record<string, string>));
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const FRONTROW_WEBHOOK_URL = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    dev = await startFrontrow("dev", {
      env: { FRONTROW_CONFIG, FRONTROW_WEBHOOK_URL, FRONTROW_WEBHOOK_SECRET: secret },
    });
    api = askOf(dev);
  }, 60_000);
  afterAll(async () => {
    await dev.end("SIGKILL");
    receiver.close();
    receiver.closeAllConnections();
  });

  it("[HA22] two players of a studio's server sit in one room with the seats that the API gave", async () => {
    const host = new URL(dev.url).host;
    const [a, b] = await seatsOf(api, "ada", "bob");
    expect(a.roomId).toBe(b.roomId);
    const rooms = await Promise.all([a, b].map((seat) => sit(seat, host)));
    const who = new Promise((resolve) => rooms[0]!.onMessage("who", resolve));
    rooms[0]!.send("who");
    expect(await who).toMatchObject({ playerId: "ada", guest: false });

    const seated = await vi.waitFor(
      () => told.find(({ type }) => type === "match.seated") ?? expect.fail("none"),
      SOON,
    );
    expect(seated.data).toMatchObject({ mode: "duel", metro: "local", roomId: a.roomId, bots: [0, 0] });
    const ids = seated.data.teams.map(({ players }: { players: { id: string }[] }) => players.map(({ id }) => id));
    expect(ids.sort()).toEqual([["ada"], ["bob"]]);
    expect(JSON.stringify(told)).not.toContain(a.token);

    rooms[0]!.send("win");
    const finished = await vi.waitFor(
      () => told.find(({ type }) => type === "match.finished") ?? expect.fail("none"),
      SOON,
    );
    expect(finished.data).toMatchObject({ match: seated.data.match, ranks: { ada: 1, bob: 2 }, left: [] });
    expect(JSON.stringify(finished)).toMatch(/"players"/);
  });

  it("[HA7] a fixed roster is asked for again while its seats are free, and sits with the newest tokens", async () => {
    const body = { mode: "duel", teams: [{ players: [{ id: "cy" }] }, { players: [{ id: "dee" }] }] };
    const make = () => api.ask("POST", "/v1/matches", { body, headers: { "idempotency-key": "final" } });
    const [first, again] = [await make(), await make()];
    expect(again.body.id).toBe(first.body.id);
    const seatIn = ({ body: made }: typeof first, team: number) => made.teams[team].players[0].seat;
    expect(seatIn(again, 0)).toMatchObject({ roomId: seatIn(first, 0).roomId, generation: 2 });
    const rooms = await Promise.all([0, 1].map((team) => sit(seatIn(again, team), new URL(dev.url).host)));
    expect(rooms[0]!.roomId).toBe(rooms[1]!.roomId);
    await Promise.all(rooms.map((room) => room.leave()));
  });

  it("[HA3] an event stream over a socket is a lease until it is cut", async () => {
    const { body } = await api.ask("POST", "/v1/tickets", duel("eve"));
    const stream = await api.raw("GET", `/v1/tickets/${body.id}/events`);
    const first = await stream.body!.getReader().read();
    expect(Buffer.from(first.value!).toString()).toMatch(/^event: ticket\ndata: \{/);
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    const explain = () => api.ask("GET", `/v1/pools/duel/tickets/${body.id}`);
    expect((await explain()).status).toBe(200);
    const cut = new AbortController();
    const other = await api.ask("POST", "/v1/tickets", duel("fay", "brawl"));
    const following = await api.raw("GET", `/v1/tickets/${other.body.id}/events`, { signal: cut.signal });
    await following.body!.getReader().read();
    cut.abort();
    await vi.waitFor(async () => {
      expect((await api.ask("GET", `/v1/pools/brawl/tickets/${other.body.id}`)).status).toBe(404);
    }, SOON);
    expect((await explain()).status).toBe(200);
    await api.ask("DELETE", `/v1/tickets/${body.id}`);
  }, 40_000);

  it("[HA12] a body beyond all bounds, and a method that is none, are problems on the socket, too", async () => {
    const large = await api.ask("POST", "/v1/tickets", { text: "x".repeat(100_000) });
    expect(large).toMatchObject({ status: 413, body: { code: "MESSAGE_TOO_LARGE" } });
    expect((await api.ask("PUT", "/v1/tickets", { body: {} })).status).toBe(405);
    expect((await api.ask("GET", "/v1/pools", { key: undefined })).status).toBe(401);
  });

  it("[HA22] a long poll does not hold up the end of the process, and is answered", async () => {
    const { body } = await api.ask("POST", "/v1/tickets", duel("zoe"));
    const polling = api.ask("GET", `/v1/tickets/${body.id}?waitMs=20000`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startedMs = performance.now();
    const ended = dev.end("SIGTERM");
    expect((await polling).status).toBe(200);
    expect(await ended).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

const missing = redisMissing();
describe.skipIf(missing)(missing ?? "two replicas of a metro", () => {
  let redis: RedisServer;
  const up: FrontrowProcess[] = [];
  const apis = new Map<string, Asked>();
  const names = ["mm-1", "mm-2"];
  let gameHost: string;

  beforeAll(async () => {
    redis = await startRedis();
    const [one, two, game] = await Promise.all([freePort(), freePort(), freePort()]);
    const env = {
      FRONTROW_CONFIG,
      REDIS_URL: redis.url,
      FRONTROW_REPLICAS: `mm-1=http://127.0.0.1:${one},mm-2=http://127.0.0.1:${two}`,
    };
    gameHost = `127.0.0.1:${game}`;
    up.push(
      ...(await Promise.all([
        startFrontrow("matchmaker", { env: { ...env, FRONTROW_REPLICA: "mm-1", PORT: `${one}` } }),
        startFrontrow("matchmaker", { env: { ...env, FRONTROW_REPLICA: "mm-2", PORT: `${two}` } }),
        startFrontrow("game-server", {
          env: { FRONTROW_CONFIG, REDIS_URL: redis.url, PORT: `${game}`, FRONTROW_PUBLIC_URL: `ws://${gameHost}` },
        }),
      ])),
    );
    for (const [at, name] of names.entries()) apis.set(name, askOf(up[at]!));
  }, 90_000);
  afterAll(async () => {
    await Promise.all(up.map((each) => each.end("SIGKILL")));
    await redis?.close();
  });

  const owner = rendezvous("duel|any", names)!;
  const other = names.find((name) => name !== owner)!;
  const of = (name: string) => apis.get(name)!;

  it("[HA23] players whose servers ask different replicas meet, and sit", async () => {
    const submit = (name: string, id: string) => of(name).ask("POST", "/v1/tickets", duel(id));
    const [a, b] = await vi.waitFor(async () => {
      const both = await Promise.all([submit(owner, "ada"), submit(other, "bob")]);
      expect(both.map(({ status }) => status)).toEqual([201, 201]);
      return both;
    }, SOON);
    const poll = (name: string, id: string) => of(name).ask("GET", `/v1/tickets/${id}?waitMs=15000`);
    const [ada, bob] = await Promise.all([poll(owner, a!.body.id), poll(other, b!.body.id)]);
    expect(ada.body.match.id).toBe(bob.body.match.id);
    const rooms = await Promise.all([ada, bob].map(({ body }) => sit(body.match.players[0].seat, gameHost)));
    expect(rooms[0]!.roomId).toBe(rooms[1]!.roomId);
    await Promise.all(rooms.map((room) => room.leave()));
  });

  it("[HA22] in production the API is there for the keys that are listed, and without a list not at all", async () => {
    const { key: ours, entry } = makeApiKey("studio", ["read"]);
    const made = await production(["fra"], { FRONTROW_CONFIG, REDIS_URL: redis.url });
    const started = await Promise.all([
      startFrontrow("matchmaker", { env: made.matchmaker("fra") }),
      startFrontrow("matchmaker", { env: { ...made.matchmaker("fra"), FRONTROW_API_KEYS: entry } }),
    ]);
    up.push(...started);
    const [without, withKey] = started.map(({ url }) => `${url}/v1/pools`);
    const status = async (url: string, bearer: string) =>
      (await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect(await status(without!, ours)).toBe(404);
    expect([await status(withKey!, ours), await status(withKey!, key)]).toEqual([200, 401]);
    await Promise.all(started.map((each) => each.end()));
  });

  it("[HA8] a mode that one replica pauses is paused on the other", async () => {
    const pause = (name: string, method: string, body?: object) =>
      of(name).ask(method, "/v1/modes/duel/pause", { body });
    await pause(owner, "PUT", { paused: true });
    expect((await pause(other, "GET")).body).toEqual({ paused: true });
    await pause(other, "PUT", { paused: false });
    expect((await pause(owner, "GET")).body).toEqual({ paused: false });
  });

  it("[HA24] the tickets of a replica that is gone are submitted again to the next, as old as they were", async () => {
    const { body } = await of(other).ask("POST", "/v1/tickets", duel("cy"));
    const receipt = await vi.waitFor(async () => {
      const now = (await of(other).ask("GET", `/v1/tickets/${body.id}?waitMs=50`)).body;
      expect(now.receipt).toEqual(expect.any(String));
      return now.receipt;
    }, SOON);
    await up[names.indexOf(owner)]!.end("SIGKILL");
    const lost = await of(other).ask("GET", `/v1/tickets/${body.id}`);
    expect(lost).toMatchObject({ status: 503, body: { code: "MATCHMAKER_AWAY", retryable: true } });
    const again = await vi.waitFor(async () => {
      const made = await of(other).ask("POST", "/v1/tickets", { body: { ...duel("cy").body, receipt } });
      expect(made.status).toBe(201);
      return made.body;
    }, SOON);
    const second = await of(other).ask("POST", "/v1/tickets", duel("dee"));
    const end = await of(other).ask("GET", `/v1/tickets/${again.id}?waitMs=15000`);
    expect(end.body.state).toBe("matched");
    expect((await of(other).ask("GET", `/v1/tickets/${second.body.id}?waitMs=15000`)).body.state).toBe("matched");
  }, 60_000);
});
