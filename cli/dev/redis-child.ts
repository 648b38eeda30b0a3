/** A Redis of one's own for development and tests: the `redis-server` on PATH, on a free port, keeping nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface RedisChild {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

const START_MS = 5_000;

/** Rejects with a sentence that says what to do where there is no `redis-server`. */
export async function startRedis(extraArguments: readonly string[] = []): Promise<RedisChild> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "frontrow-redis-"));
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const child = spawn("redis-server", [...settings, ...extraArguments], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await listening(child);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, port, child, stop };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("redis-server did not start in time")), START_MS);
    child.once("error", () => {
      clearTimeout(late);
      reject(
        new Error("redis-server is not on PATH: install Redis 7, or run without --redis (the index is then in memory)"),
      );
    });
    child.once("exit", (code) => reject(new Error(`redis-server ended with code ${code} at its start`)));
    child.stdout?.on("data", (text: Buffer) => {
      if (!text.includes("Ready to accept connections")) return;
      clearTimeout(late);
      resolve();
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
