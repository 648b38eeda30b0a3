/**
 * Redis servers of a test's own: on a free port, without a disk, ended with the test. Where there is no `redis-server` the
 * tests that need one are skipped with the reason; with CI=true that is a failure.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
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
  /** The same port again, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(args: readonly string[] = [], credentials = ""): Promise<RedisServer> {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "frontrow-redis-"));
  let child: ChildProcess | undefined;

  async function start() {
    const fixed = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      directory,
    ];
    const started = spawn("redis-server", [...fixed, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = "";
      started.stdout.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes("Ready to accept connections")) resolve();
      });
      started.once("exit", () => reject(new Error(`redis-server ended at once:\n${said}`)));
    });
  }

  async function kill() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  await start();
  const url = `redis://${credentials}127.0.0.1:${port}`;
  return {
    port,
    url,
    target: targetOf(url),
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    kill,
    start,
    async close() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function targetOf(url: string): RedisTarget {
  const target = parseRedisUrl(url);
  if (typeof target === "string") throw new Error(target);
  return target;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
