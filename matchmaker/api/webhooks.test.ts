import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Clock } from "@frontrow/shared/clock.ts";
import { Webhook } from "standardwebhooks";
import { afterEach, expect, it, vi } from "vitest";
import { finishedEvent, seatedEvent } from "./match-events.ts";
import { createWebhooks, type WebhookEvent, type Webhooks } from "./webhooks.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const older = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
interface Got {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const servers: Server[] = [];
const open: Webhooks[] = [];
afterEach(() => {
  for (const webhooks of open.splice(0)) webhooks.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A receiver that answers as it is told, and waits in time that a test turns. */
async function setUp(answer: (n: number, response: ServerResponse) => void, more: object = {}) {
  const got: Got[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    got.push({ body: await text(request), headers: request.headers as Record<string, string> });
    answer(got.length, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const timers: { ms: number; due: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    after(ms, due) {
      const timer = { ms, due };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };
  const events: WebhookEvent[] = [];
  const webhooks = createWebhooks({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secrets: [secret],
    limits: { webhooksMax: 3, webhookMs: 500 },
    clock,
    wallMs: Date.now,
    rng: () => 0.5,
    newId: () => "msg_1",
    observe: (event) => void events.push(event),
    ...more,
  });
  open.push(webhooks);
  const turn = () => timers.shift()!.due();
  return { webhooks, got, events, timers, turn };
}
const ok = (_: number, response: ServerResponse) => void response.writeHead(204).end();

it("[HA20] a receiver verifies what was sent with the reference library, under the new or the old secret", async () => {
  const { webhooks, got, events } = await setUp(ok, { secrets: [secret, older] });
  webhooks.send("match.seated", { match: "m1" });
  await vi.waitFor(() => expect(events).toEqual([{ kind: "webhook-sent", type: "match.seated", attempts: 1 }]));
  const { body, headers } = got[0]!;
  for (const known of [secret, older]) {
    expect(new Webhook(known).verify(body, headers)).toMatchObject({ type: "match.seated", data: { match: "m1" } });
  }
  expect(() => new Webhook(secret).verify(body.replace("m1", "m2"), headers)).toThrow();
  expect(() => new Webhook(`whsec_${Buffer.alloc(32, 9).toString("base64")}`).verify(body, headers)).toThrow();
  expect(webhooks.size).toBe(0);
});

it("[HA20] what was not taken comes again with the same id and a fresh signature, later and later, then no more", async () => {
  const { webhooks, got, events, timers, turn } = await setUp((_, response) => void response.writeHead(500).end());
  webhooks.send("match.seated", {});
  const waits: number[] = [];
  for (let tries = 1; tries <= 5; tries++) {
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    waits.push(timers[0]!.ms);
    turn();
  }
  await vi.waitFor(() => expect(events).toHaveLength(1));
  expect(waits).toEqual([1_000, 5_000, 30_000, 120_000, 600_000]);
  expect(events).toEqual([{ kind: "webhook-dropped", type: "match.seated", attempts: 6, why: "HTTP 500" }]);
  expect(new Set(got.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set(["msg_1"]));
  for (const { body, headers } of got) new Webhook(secret).verify(body, headers);
});

it("[HA20] Retry-After is honoured, a redirect is not followed, and 410 ends it at once", async () => {
  const { webhooks, got, events, timers, turn } = await setUp((n, response) => {
    if (n === 1) response.writeHead(429, { "retry-after": "77" }).end();
    else if (n === 2) response.writeHead(302, { location: "/elsewhere" }).end();
    else response.writeHead(410).end();
  });
  webhooks.send("match.seated", {});
  await vi.waitFor(() => expect(timers).toHaveLength(1));
  expect(timers[0]!.ms).toBe(77_000);
  turn();
  await vi.waitFor(() => expect(timers).toHaveLength(1));
  turn();
  await vi.waitFor(() => expect(events).toEqual([expect.objectContaining({ attempts: 3, why: "HTTP 410" })]));
  expect(got).toHaveLength(3);
});

it("[HA21] what is told of a match names its players, teams and room, and no token", () => {
  const seat = (playerId: string, team: number) => ({ playerId, team, role: team === 0 ? "tank" : undefined });
  const proposal = { metro: "fra", bots: [0, 1], quality: { spread: 12 } };
  const flight = { match: "m1", seats: [seat("ada", 0), seat("bob", 1)], proposal };
  const seats = [
    { token: "secret-1", roomId: "fra_1_abcde" },
    { token: "secret-2", roomId: "fra_1_abcde" },
  ];
  const seated = seatedEvent({ kind: "matched", mode: "duel", flight, seats } as never);
  expect(seated).toEqual({
    match: "m1",
    mode: "duel",
    metro: "fra",
    roomId: "fra_1_abcde",
    teams: [{ players: [{ id: "ada", role: "tank" }] }, { players: [{ id: "bob" }] }],
    bots: [0, 1],
    quality: { spread: 12 },
  });
  const report = { match: "m1", roomId: "fra_1_abcde", mode: "duel", ranks: undefined, left: ["bob"], players: [] };
  expect(finishedEvent({ report } as never)).toEqual({ ...report, ranks: null });
});

it("[HA20] a receiver that does not answer is left after its time, and nobody waits for more than the queue holds", async () => {
  const { webhooks, events, timers } = await setUp(() => {});
  for (let at = 0; at < 4; at++) webhooks.send("match.seated", { at });
  expect(events).toEqual([{ kind: "webhook-dropped", type: "match.seated", attempts: 0, why: "the queue is full" }]);
  await vi.waitFor(() => expect(timers).toHaveLength(3), 3_000);
  webhooks.close();
  expect([timers.length, webhooks.size]).toEqual([0, 0]);
});
