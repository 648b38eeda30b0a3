/** Players who would like to look nearer than they are: echoes early, twice, invented, of others, of the past. */
import { randomBytes } from "node:crypto";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { peekSeat } from "@frontrow/shared/seat-token.ts";
import { expect, it, vi } from "vitest";
import type { Line } from "./tools/line.ts";
import { heardBy } from "./tools/player.ts";
import { devScene } from "./tools/scene.ts";

const scene = devScene();
/** How far the liars really are; loopback alone is a hundredth of it. */
const REAL_MS = 80;
/** Timers may be early by a millisecond. */
const AT_LEAST_MS = REAL_MS - 2;

type Distances = Extract<Down, { t: "distances" }>;

/** Answers no ping by itself; `pinged` hears each nonce. */
async function dialMute(from: string, pinged: (nonce: string, line: Line) => void): Promise<Line> {
  const line = scene.dial(`${scene.url}/v1/ws`, { protocols: ["frontrow.v1.json"], from, autoPong: false });
  line.socket.on("ping", (nonce: Buffer) => pinged(nonce.toString(), line));
  await line.opened();
  line.send(JSON.stringify({ t: "hello", v: 1 }));
  return line;
}

const pong = (line: Line, nonce: string) => line.isOpen && line.socket.pong(nonce);
const echo = (line: Line, nonce: string) => line.send(JSON.stringify({ t: "echo", nonce }));
const late = (line: Line, nonce: string) => setTimeout(() => pong(line, nonce), REAL_MS);
const inventedNonce = () => randomBytes(16).toString("base64url");

const distancesOf = (line: Line): Promise<Distances> =>
  vi.waitUntil(() => heardBy(line).findLast((message) => message.t === "distances"), { timeout: 10_000, interval: 10 });

async function rttInSeat(line: Line) {
  line.send(JSON.stringify({ t: "play", id: "a", mode: "arena" }));
  const found = await vi.waitUntil(() => heardBy(line).find((message) => message.t === "seat"), { timeout: 5_000 });
  const { token } = (found as Extract<Down, { t: "seat" }>).seat;
  scene.frontrow.secrets.add(token);
  return peekSeat(token)!.rtt;
}

it("[AT24] an honest player behind the same distance is shown it: the measure works", async () => {
  const near = await scene.enter({}, { from: "127.9.0.1" });
  expect((await near.hear("distances")).edge).toMatchObject({ verified: true });
  const far = await dialMute("127.9.0.2", (nonce, line) => void late(line, nonce));
  const { edge } = await distancesOf(far);
  expect(edge.verified).toBe(true);
  expect(edge.minMs).toBeGreaterThanOrEqual(AT_LEAST_MS);
  expect((await near.hear("distances")).edge.minMs).toBeLessThan(edge.minMs);
});

const lies: Record<string, (line: Line, nonce: string, past: readonly string[]) => void> = {
  "invented ones": (line) => {
    for (let at = 0; at < 5; at++) pong(line, inventedNonce());
    echo(line, inventedNonce());
  },
  "those of the past, again": (line, _, past) => {
    for (const old of past) pong(line, old);
    if (past[0]) echo(line, past[0]);
  },
  "parts of it, and more than it": (line, nonce) => {
    for (const part of [nonce.slice(0, -1), nonce.slice(1), `${nonce}x`, nonce.toUpperCase(), "", "\0"])
      pong(line, part);
  },
  "the same one twice more": (line, nonce) => {
    setTimeout(() => {
      pong(line, nonce);
      echo(line, nonce);
    }, REAL_MS + 1);
  },
};

it.each(Object.entries(lies))("[AT24] beside the late echo, %s lower nothing", async (_, lie) => {
  const past: string[] = [];
  const line = await dialMute("127.9.1.1", (nonce, from) => {
    lie(from, nonce, past);
    late(from, nonce);
    past.push(nonce);
  });
  expect((await distancesOf(line)).edge.minMs).toBeGreaterThanOrEqual(AT_LEAST_MS);
  const { minMs, verified } = await rttInSeat(line);
  expect({ minMs: minMs >= AT_LEAST_MS, verified }).toEqual({ minMs: true, verified: true });
});

it("[AT24] an echo on another connection counts for neither", async () => {
  const near = await scene.enter({}, { from: "127.9.2.1" });
  const far = await dialMute("127.9.2.2", (nonce, line) => {
    pong(near.line, nonce);
    echo(near.line, nonce);
    late(line, nonce);
  });
  expect((await distancesOf(far)).edge.minMs).toBeGreaterThanOrEqual(AT_LEAST_MS);
  expect((await near.hear("distances")).edge.samples).toBe(5);
});

it("[AT24] who answers only with inventions is never verified, and plays with that", async () => {
  let pings = 0;
  const line = await dialMute("127.9.3.1", (_, to) => {
    pings++;
    pong(to, inventedNonce());
  });
  await vi.waitUntil(() => pings >= 8, { timeout: 5_000 });
  expect(heardBy(line).filter((message) => message.t === "distances")).toEqual([]);
  expect(await rttInSeat(line)).toMatchObject({ samples: 0, verified: false });
});

it("[AT24] a flood of pongs delays nobody's measure", async () => {
  const flood = await dialMute("127.9.4.1", () => {});
  const junk = "x".repeat(125);
  const timer = setInterval(() => {
    for (let at = 0; at < 500; at++) pong(flood, junk);
  }, 5);
  const near = await scene.enter({}, { from: "127.9.4.2" });
  await near.hear("distances").finally(() => clearInterval(timer));
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
