/**
 * Redis servers of a test's own: on a free port, without a disk, ended with the test. Where there is no `redis-server` the
 * tests that need one are skipped with the reason; with CI=true that is a failure.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRedisUrl, type RedisTarget } from "@frontrow/shared/config/redis-url.ts";

/** Why tests with Redis cannot run here; undefined where they can. Throws in CI. */
export function redisMissing(): string | undefined {
  const { error } = spawnSync("redis-server", ["--version"]);
  if (!error) return undefined;
  if (process.env.CI === "true") throw new Error("redis-server is not on PATH, and in CI it must be");
  return "redis-server is not on PATH";
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly target: RedisTarget;
  /** SIGSTOP: connections stay, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
  /** The same port and directory again: empty, unless it was started with a disk. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(args: readonly string[] = [], credentials = ""): Promise<RedisServer> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "frontrow-redis-"));
  const fixed = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  let child = await spawnRedis([...fixed, ...args]);
  const kill = () => endRedis(child);
  const url = `redis://${credentials}127.0.0.1:${port}`;
  return {
    port,
    url,
    target: targetOf(url),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill,
    async start() {
      child = await spawnRedis([...fixed, ...args]);
    },
    async close() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A redis-server that is ready; rejects with what it said if it ends instead. */
export async function spawnRedis(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  // A test run that is broken off leaves no server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(said)) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`redis-server ended at once:\n${said}`)));
  });
  return child;
}

/** SIGKILL, and gone when this resolves. */
export async function endRedis(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export function targetOf(url: string): RedisTarget {
  const target = parseRedisUrl(url);
  if (typeof target === "string") throw new Error(target);
  return target;
}

const PORT_FIRST = 20_000;
const PORT_LAST = 32_000;

/**
 * A port that nobody listens on, from below those that the kernel gives to outgoing connections: one of its own choosing may
 * be taken by a passing connection before a server opens it, or while the server is down for a moment.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_FIRST, PORT_LAST);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}
