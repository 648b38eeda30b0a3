/** Peers that take their time: half an upgrade, a body byte by byte, an answer never read. Each is cut; nobody waits for it. */
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ask } from "./tools/ask.ts";
import { devScene } from "./tools/scene.ts";

const REQUEST_MS = 1_000;
/** uWebSockets keeps a time of its own for all but bodies: 10 s, looked at every 4 s. */
const HEAD_MS_MAX = 15_000;

const scene = devScene({ limits: { requestHeadMs: REQUEST_MS, helloMs: 1_000 } });

const dribbles = new Set<() => void>();
afterEach(() => {
  for (const end of dribbles) end();
  dribbles.clear();
});

interface Slow {
  readonly socket: Socket;
  readonly startedMs: number;
  said: string;
  endedMs: number | undefined;
}

/** Sends `first`, then one byte of `rest` every `everyMs`; undefined: nothing more. */
function dribble(first: string, rest = "", everyMs = 100): Slow {
  const socket = connect({ port: Number(new URL(scene.url).port), host: "127.0.0.1", localAddress: "127.11.0.1" });
  const slow: Slow = { socket, startedMs: performance.now(), said: "", endedMs: undefined };
  socket.on("data", (bytes) => {
    slow.said += bytes.toString("latin1");
  });
  socket.on("close", () => {
    slow.endedMs ??= performance.now();
  });
  // A reset is one of the ways to be cut.
  socket.on("error", () => {});
  socket.write(first);
  let at = 0;
  const timer = setInterval(() => {
    if (at < rest.length && socket.writable) socket.write(rest[at++]!);
  }, everyMs);
  dribbles.add(() => {
    clearInterval(timer);
    socket.destroy();
  });
  return slow;
}

/** How long it lasted; throws if it still does after `msMax`. */
async function lasted(slow: Slow, msMax: number, name: string): Promise<number> {
  await vi
    .waitUntil(() => slow.endedMs !== undefined, { timeout: msMax, interval: 20 })
    .catch(() => {
      throw new Error(`still connected after ${msMax} ms: ${name}`);
    });
  return slow.endedMs! - slow.startedMs;
}

const served = async () => (await ask(`${scene.url}/v1/rooms?mode=arena`, { from: "127.11.0.2" })).status;

describe("slow peers are cut in time, and others are served meanwhile", () => {
  it("[AT28] heads and upgrades that never become whole", async () => {
    const upgrade = "GET /v1/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n";
    const slows = {
      "nothing at all": dribble(""),
      "half a request line": dribble("GET /v1/ws"),
      "an upgrade without its end": dribble(upgrade),
      "an upgrade a byte at a time": dribble(upgrade, "x-slow: ".padEnd(400, "a")),
      "a game's upgrade a byte at a time": dribble("GET /", "token".padEnd(400, "a")),
      "headers one after another": dribble(upgrade, "a: b\r\n".repeat(60)),
    };
    await Promise.all(
      Object.entries(slows).map(async ([name, slow]) => {
        expect(await lasted(slow, HEAD_MS_MAX, name), name).toBeLessThan(HEAD_MS_MAX);
      }),
    );
    expect(await served()).toBe(200);
  }, 20_000);

  it("[AT28] bodies that never become whole", async () => {
    const head = "POST /matchmake/joinOrCreate/arena HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    const slows = {
      "none of a body": dribble(`${head}content-length: 100\r\n\r\n`),
      "a byte at a time": dribble(`${head}content-length: 400\r\n\r\n`, " ".repeat(400), 50),
      "a chunk at a time": dribble(`${head}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n".repeat(60), 50),
    };
    for (let asked = 0; asked < 5; asked++) expect(await served()).toBe(200);
    await Promise.all(
      Object.entries(slows).map(async ([name, slow]) => {
        expect(await lasted(slow, HEAD_MS_MAX, name), name).toBeLessThan(HEAD_MS_MAX);
        expect(slow.said, name).toMatch(/^(HTTP\/1\.1 (408|400) |$)/);
      }),
    );
  }, 20_000);

  it("[AT28] a hundred of them at once delay nobody", async () => {
    const slows = Array.from({ length: 100 }, () => dribble("GET /v1/ws HTTP/1.1\r\nhost: x\r\n"));
    const player = await scene.enter({}, { from: "127.11.0.3" });
    expect(await player.seat()).toHaveProperty("token");
    expect(await served()).toBe(200);
    expect(slows.every((slow) => slow.said === "")).toBe(true);
  });
});

it("[AT30] afterwards every process answers, none threw, and no log holds a secret", async () => {
  expect(await scene.frontrow.problems()).toEqual([]);
});
