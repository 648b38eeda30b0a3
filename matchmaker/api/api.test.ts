import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { type Answer, createAsk } from "../../test/support/api/ask.ts";
import { createMatchmaker, match } from "../index.ts";
import { makeApiKey } from "./keys.ts";

const modes = {
  duel: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0 }),
  squads: match({
    teams: [{ seats: 2 }, { seats: 2 }],
    holdMs: 0,
    options: z.object({ map: z.enum(["hill", "ford"]).default("hill") }),
  }),
  checked: match({ teams: [{ seats: 1 }, { seats: 1 }], holdMs: 0, readyCheckMs: 5_000 }),
};
const all = makeApiKey("studio", ["tickets", "matches", "modes", "read"]);
const readOnly = makeApiKey("reader", ["read"]);
const expired = makeApiKey("old", ["read"], "2020-01-01");
/** Short, so that a test sees a lease run out. */
const limits = { ticketLeaseMs: 800, ticketRenewMs: 200, ticketLockMs: 400, redisCommandMs: 50 };

function setUp(more: { limits?: object } = {}) {
  const placed = new Map<string, number>();
  const mm = createMatchmaker({
    modes,
    limits: { ...limits, ...more.limits },
    apiKeys: [all.entry, readOnly.entry, expired.entry],
    place({ id, teams }) {
      placed.set(id, (placed.get(id) ?? 0) + 1);
      return Object.fromEntries(teams.flat().map((player) => [player.id, { address: "10.0.0.1", player: player.id }]));
    },
  });
  return { mm, placed, ...createAsk(mm.fetch, "http://api.test", all.key) };
}
let api: ReturnType<typeof setUp>;
beforeEach(() => {
  api = setUp();
});
afterEach(() => api.mm.close());

const alone = (id: string, mode = "duel") => ({ mode, players: [{ id }] });
const submit = (body: unknown, headers = {}) => api.ask("POST", "/v1/tickets", { body, headers });
const poll = ({ body }: Answer, waitMs = 5_000) => api.ask("GET", `/v1/tickets/${body.id}?waitMs=${waitMs}`);
const problem = (code: string) => ({ code, requestId: expect.stringMatching(/^\w{10}$/), type: `/v1/errors/${code}` });

describe("tickets", () => {
  it("[HA1] submitted over HTTP, waited for by long poll, matched with a connection for each player", async () => {
    const ada = await submit(alone("ada"));
    expect(ada).toMatchObject({ status: 201, body: { state: "waiting", players: ["ada"], leaseMs: 800 } });
    expect(ada.headers.get("location")).toBe(`/v1/tickets/${ada.body.id}`);
    const waiting = poll(ada);
    const bob = await submit(alone("bob"));
    const [a, b] = [await waiting, await poll(bob)];
    expect(a.body).toMatchObject({ state: "matched", match: { metro: "local", players: [{ id: "ada" }] } });
    expect(a.body.match.id).toBe(b.body.match.id);
    expect(new Set([a.body.match.team, b.body.match.team])).toEqual(new Set([0, 1]));
    expect(b.body.match.players).toEqual([{ id: "bob", connection: { address: "10.0.0.1", player: "bob" } }]);
  });

  it("[HA1] a party is one ticket with a connection for each of its players, in one team", async () => {
    const party = await submit({ mode: "squads", players: [{ id: "ada" }, { id: "bob" }] });
    await submit({ mode: "squads", players: [{ id: "cy" }, { id: "dee" }] });
    const { body } = await poll(party);
    expect(body.match.players.map(({ id }: { id: string }) => id)).toEqual(["ada", "bob"]);
  });

  it("[HA1] a poll that is not answered by a match answers how the ticket stands", async () => {
    const ada = await submit(alone("ada"));
    await vi.waitFor(async () => {
      const now = await poll(ada, 50);
      expect(now.body).toMatchObject({ state: "waiting", estimate: { players: 1 }, receipt: expect.any(String) });
    });
  });

  it("[HA2] while somebody polls the ticket lives; without anybody for its lease it ends, and matches nobody", async () => {
    const ada = await submit(alone("ada"));
    const startedMs = performance.now();
    for (let polls = 0; polls < 3; polls++) expect((await poll(ada, 500)).body.state).toBe("waiting");
    expect(performance.now() - startedMs).toBeGreaterThan(limits.ticketLeaseMs);
    await vi.waitFor(() => expect(api.mm.stats().tickets).toBe(0), 5_000);
    expect((await poll(ada)).body).toMatchObject({ state: "ended", error: { code: "CANCELLED" } });
    const bob = await submit(alone("bob"));
    expect((await poll(bob, 300)).body.state).toBe("waiting");
  });

  it("[HA2] a long poll whose caller hangs up is no lease any more", async () => {
    const ada = await submit(alone("ada"));
    const hangUp = new AbortController();
    const polling = api.ask("GET", `/v1/tickets/${ada.body.id}?waitMs=20000`, { signal: hangUp.signal });
    polling.catch(() => {});
    await sleep(1_200);
    expect(api.mm.stats().tickets).toBe(1);
    hangUp.abort();
    await vi.waitFor(() => expect(api.mm.stats().tickets).toBe(0), 5_000);
  });

  it("[HA3] an event stream is a lease, and tells every state until the end", async () => {
    const ada = await submit(alone("ada"));
    const stream = await api.raw("GET", `/v1/tickets/${ada.body.id}/events`);
    expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
    await sleep(1_200);
    await submit(alone("bob"));
    const text = await stream.text();
    const states = [...text.matchAll(/^event: ticket\ndata: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data).state);
    expect(states[0]).toBe("waiting");
    expect(states.at(-1)).toBe("matched");
  });

  it("[HA3] an event stream that is cut is no lease any more", async () => {
    const ada = await submit(alone("ada"));
    const stream = await api.raw("GET", `/v1/tickets/${ada.body.id}/events`);
    await sleep(1_200);
    expect(api.mm.stats().tickets).toBe(1);
    await stream.body!.cancel();
    await vi.waitFor(() => expect(api.mm.stats().tickets).toBe(0), 5_000);
  });

  it("[HA4] DELETE ends a ticket, and the next poll says so", async () => {
    const ada = await submit(alone("ada"));
    const polling = poll(ada);
    const ended = await api.ask("DELETE", `/v1/tickets/${ada.body.id}`);
    expect(ended).toMatchObject({ status: 200, body: { state: "ended", error: { code: "CANCELLED" } } });
    expect((await polling).body.state).toBe("ended");
    expect(api.mm.stats().tickets).toBe(0);
  });

  it("[HA5] the same Idempotency-Key gives the same ticket, another body under it is refused", async () => {
    const headers = { "idempotency-key": "k1" };
    const [first, again] = await Promise.all([submit(alone("ada"), headers), submit(alone("ada"), headers)]);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await submit(alone("bob"), headers)).toMatchObject({ status: 422, body: problem("IDEMPOTENCY_CONFLICT") });
    expect(api.mm.stats().tickets).toBe(1);
    const bad = { "idempotency-key": "a b" };
    expect(await submit(alone("ada"), bad)).toMatchObject({ status: 400, body: problem("BAD_REQUEST") });
  });

  it("[HA5] a refused submission may be said again under its key", async () => {
    const headers = { "idempotency-key": "k1" };
    const first = await submit({ ...alone("ada"), metros: { ams: 5 } }, headers);
    expect(first.status).toBe(201);
    const wrong = { mode: "squads", players: [{ id: "x" }], attributes: { map: "no" } };
    for (let tries = 0; tries < 2; tries++) {
      expect(await submit(wrong, { "idempotency-key": "k2" })).toMatchObject({
        status: 422,
        body: problem("INVALID_ATTRIBUTES"),
      });
    }
  });

  it("[HA6] a ready check ends a poll, and PUT ready answers it", async () => {
    const [ada, bob] = [await submit(alone("ada", "checked")), await submit(alone("bob", "checked"))];
    const ready = ({ body }: Answer, accept: boolean) =>
      api.ask("PUT", `/v1/tickets/${body.id}/ready`, { body: { accept } });
    expect((await poll(ada)).body).toMatchObject({ state: "asked", askMs: 5_000 });
    await ready(ada, true);
    expect(await ready(ada, true)).toMatchObject({ status: 409, body: problem("NOT_ASKED") });
    expect((await poll(bob)).body.state).toBe("asked");
    await ready(bob, true);
    await vi.waitFor(async () => expect((await poll(ada)).body.state).toBe("matched"));
  });
});

describe("fixed rosters", () => {
  const roster = { mode: "duel", teams: [{ players: [{ id: "ada" }] }, { players: [{ id: "bob" }] }] };
  const make = (body: unknown, key = "final-1") =>
    api.ask("POST", "/v1/matches", { body, headers: { "idempotency-key": key } });

  it("[HA7] a roster has its seats at once, and the same again under its key", async () => {
    const made = await make(roster);
    expect(made).toMatchObject({ status: 201, body: { mode: "duel", metro: "local" } });
    expect(made.body.teams).toEqual([
      { players: [{ id: "ada", connection: { address: "10.0.0.1", player: "ada" } }] },
      { players: [{ id: "bob", connection: { address: "10.0.0.1", player: "bob" } }] },
    ]);
    expect((await make(roster)).body).toEqual(made.body);
    expect(api.placed.get(made.body.id)).toBe(1);
    expect((await make(roster, "final-2")).body.id).not.toBe(made.body.id);
  });

  it("[HA7] its result counts like any match's", async () => {
    const { body } = await make(roster);
    const result = { matchId: body.id, ranks: { ada: 1, bob: 2 }, left: [] };
    await vi.waitFor(async () => expect(await api.mm.report(result)).toBe("APPLIED"));
  });

  it("[HA7] a roster without a key, under another's key, or that does not fit the mode is refused", async () => {
    await make(roster);
    const other = { ...roster, teams: [...roster.teams].reverse() };
    expect(await make(other)).toMatchObject({ status: 422, body: problem("IDEMPOTENCY_CONFLICT") });
    expect(await api.ask("POST", "/v1/matches", { body: roster })).toMatchObject({ status: 400 });
    const crowded = { mode: "duel", teams: [{ players: [{ id: "a" }, { id: "a" }] }], bots: [1, 0, 0] };
    expect((await make(crowded, "k3")).body).toMatchObject({
      ...problem("BAD_REQUEST"),
      issues: [
        'players.1.id: "a" is named twice',
        "teams: the mode has 2, not 1",
        "bots: the mode has 2 teams, not 3",
        "teams.0: 3 players and bots for 1 seats",
      ],
    });
  });
});

describe("operations", () => {
  it("[HA8] a paused mode says so, its tickets wait, and they meet when it goes on", async () => {
    const pause = (method: string, body?: unknown) => api.ask(method, "/v1/modes/duel/pause", { body });
    expect((await pause("GET")).body).toEqual({ paused: false });
    expect((await pause("PUT", { paused: true })).body).toEqual({ paused: true });
    expect((await pause("GET")).body).toEqual({ paused: true });
    const ada = await submit(alone("ada"));
    await submit(alone("bob"));
    expect((await poll(ada, 400)).body.state).not.toBe("matched");
    const explained = await api.ask("GET", `/v1/pools/duel/tickets/${ada.body.id}`);
    expect(explained.body.why[0]).toBe("the mode is paused");
    await pause("PUT", { paused: false });
    expect((await poll(ada)).body.state).toBe("matched");
  });

  it("[HA9] pools are listed, and a ticket's waiting is explained", async () => {
    const ada = await submit(alone("ada"));
    const path = `/v1/pools/duel/tickets/${ada.body.id}`;
    await vi.waitFor(async () => expect((await api.ask("GET", path)).status).toBe(200));
    const { body } = await api.ask("GET", path);
    expect(body).toMatchObject({ id: ada.body.id, mode: "duel" });
    expect(body.why.length).toBeGreaterThan(0);
    expect((await api.ask("GET", "/v1/pools/duel/players/ada")).body).toEqual(body);
    expect((await api.ask("GET", "/v1/pools/squads/players/ada")).status).toBe(404);
    expect((await api.ask("GET", `/v1/pools/squads/tickets/${ada.body.id}`)).body).toMatchObject(
      problem("TICKET_UNKNOWN"),
    );
    expect((await api.ask("GET", "/v1/pools")).body.pools).toEqual([
      expect.objectContaining({ mode: "duel", compat: "any", tickets: 1, players: 1 }),
    ]);
    expect(await api.ask("GET", "/v1/pools/duel/tickets/none")).toMatchObject({
      status: 404,
      body: problem("TICKET_UNKNOWN"),
    });
  });

  it("[HA10] the leaderboard is read page by page", async () => {
    const board = await api.ask("GET", "/v1/leaderboards/duel?limit=5");
    expect(board.body).toEqual({ mode: "duel", entries: [] });
    expect((await api.ask("GET", "/v1/leaderboards/duel?limit=0")).body).toMatchObject({
      ...problem("BAD_REQUEST"),
      issues: [expect.stringMatching(/^query limit: /)],
    });
  });
});

describe("bad input", () => {
  const tickets = "/v1/tickets";
  it("[HA11] without a key, with a wrong one, or one that is over: 401, and nothing happens", async () => {
    const wrong = makeApiKey("studio", ["tickets"]).key;
    for (const [key, code] of [
      [undefined, "KEY_REQUIRED"],
      [wrong, "KEY_INVALID"],
      [wrong.replace("studio", "nobody"), "KEY_INVALID"],
      ["short.secret", "KEY_INVALID"],
      [expired.key, "KEY_INVALID"],
    ] as const) {
      const refused = await api.ask("POST", tickets, { key, body: alone("ada") });
      expect(refused).toMatchObject({ status: 401, body: problem(code) });
      expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    }
    expect((await api.ask("GET", "/v1/pools", { key: expired.key })).body.detail).toMatch(/It has expired\.$/);
    expect(api.mm.stats().tickets).toBe(0);
  });

  it("[HA11] a key may do what its scopes say and nothing else", async () => {
    expect((await api.ask("GET", "/v1/pools", { key: readOnly.key })).status).toBe(200);
    for (const [method, path] of [
      ["POST", tickets],
      ["GET", `${tickets}/x`],
      ["GET", `${tickets}/x/events`],
      ["DELETE", `${tickets}/x`],
      ["PUT", `${tickets}/x/ready`],
      ["POST", "/v1/matches"],
      ["PUT", "/v1/modes/duel/pause"],
    ] as const) {
      const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
      const refused = await api.ask(method, path, { key: readOnly.key, ...body });
      expect(refused, `${method} ${path}`).toMatchObject({ status: 403, body: problem("SCOPE_MISSING") });
    }
  });

  it("[HA12] bodies that are too large, no JSON, too deep, of another type or shape: a problem with every issue", async () => {
    const post = (text: string, headers = {}) => api.ask("POST", tickets, { text, headers });
    expect(await post(`"${"x".repeat(70_000)}"`)).toMatchObject({ status: 413, body: problem("MESSAGE_TOO_LARGE") });
    for (const text of ["{", "\u0000", '{"mode":', ""]) {
      expect(await post(text), text).toMatchObject({ status: 400, body: problem("BAD_REQUEST") });
    }
    expect((await post("")).body.detail).toMatch(/body is empty/);
    expect((await post("[".repeat(20_000) + "]".repeat(20_000))).body.detail).toMatch(/too deep/);
    expect((await post(JSON.stringify(alone("a")), { "content-type": "text/plain" })).body.detail).toMatch(
      /content-type must be application\/json/,
    );
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) });
    const headers = { authorization: `Bearer ${all.key}`, "content-type": "application/json" };
    const streamed = { method: "POST", headers, body: endless, duplex: "half" } as RequestInit;
    expect((await api.mm.fetch(new Request(`http://api.test${tickets}`, streamed))).status).toBe(413);
    const wrong = await post(JSON.stringify({ mode: 7, players: "ada", extra: true }));
    expect(wrong.body.issues).toEqual([
      expect.stringMatching(/^mode: /),
      expect.stringMatching(/^players: /),
      expect.stringMatching(/extra/),
    ]);
    expect(api.mm.stats().tickets).toBe(0);
  });

  it("[HA13] an unknown mode is answered with the nearest name that there is", async () => {
    const said = await Promise.all([
      submit(alone("ada", "dule")),
      api.ask("POST", "/v1/matches", {
        body: { mode: "dule", teams: [{ players: [{ id: "a" }] }] },
        headers: { "idempotency-key": "k" },
      }),
      api.ask("GET", "/v1/modes/dule/pause"),
      api.ask("GET", "/v1/pools/dule/tickets/x"),
      api.ask("GET", "/v1/leaderboards/dule"),
    ]);
    for (const { status, body } of said) {
      expect(status).toBe(404);
      expect(body).toMatchObject(problem("UNKNOWN_MODE"));
      expect(body.detail).toMatch(/Did you mean "duel"\?$/);
    }
  });

  it("[HA13] an address or a method that there is not, and a ticket that there is not", async () => {
    expect(await api.ask("GET", "/v1/nothing")).toMatchObject({ status: 404, body: problem("NOT_FOUND") });
    const method = await api.ask("PATCH", tickets, { body: {} });
    expect(method).toMatchObject({ status: 405, body: problem("METHOD_NOT_ALLOWED") });
    expect(method.headers.get("allow")).toBe("POST");
    for (const path of ["", "/events", "?waitMs=10"]) {
      expect(await api.ask("GET", `${tickets}/none${path}`)).toMatchObject({
        status: 404,
        body: problem("TICKET_UNKNOWN"),
      });
    }
    expect(await api.ask("GET", `${tickets}/none?waitMs=999999`)).toMatchObject({ status: 400 });
  });

  it("[HA14] a key that asks too often is told when to come back, and others are not in its way", async () => {
    await api.mm.close();
    api = setUp({ limits: { apiRequestsPerKeyPerSecond: 5 } });
    const many = await Promise.all(Array.from({ length: 20 }, () => api.ask("GET", "/v1/pools")));
    const refused = many.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.body).toMatchObject({ ...problem("RATE_LIMITED"), retryable: true, retryAfterMs: 1_000 });
    expect(refused[0]!.headers.get("retry-after")).toBe("1");
    expect((await api.ask("GET", "/v1/pools", { key: readOnly.key })).status).toBe(200);
  });

  it("[HA14] more tickets than the process holds are POOL_FULL, and one ticket has few waiting requests", async () => {
    await api.mm.close();
    api = setUp({ limits: { apiTicketsMax: 1 } });
    const ada = await submit(alone("ada"));
    expect(await submit(alone("bob"))).toMatchObject({ status: 503, body: problem("POOL_FULL") });
    const polls = await Promise.all(Array.from({ length: 6 }, () => poll(ada, 200)));
    expect(polls.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it("[HA15] every error's code can be looked up, and the document names every route", async () => {
    const { body } = await api.ask("GET", "/v1/errors/UNKNOWN_MODE", { key: undefined });
    expect(body).toMatchObject({ code: "UNKNOWN_MODE", http: 404, retryable: false });
    expect((await api.ask("GET", "/v1/errors/NONE")).status).toBe(404);
    expect((await api.ask("GET", "/v1/errors/none")).status).toBe(400);
    const document = await (await api.raw("GET", "/v1/openapi.json", { key: undefined })).json();
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths).sort()).toEqual([
      "/v1/errors/{code}",
      "/v1/leaderboards/{mode}",
      "/v1/matches",
      "/v1/modes/{mode}/pause",
      "/v1/pools",
      "/v1/pools/{mode}/players/{playerId}",
      "/v1/pools/{mode}/tickets/{id}",
      "/v1/tickets",
      "/v1/tickets/{id}",
      "/v1/tickets/{id}/events",
      "/v1/tickets/{id}/ready",
    ]);
  });
});
