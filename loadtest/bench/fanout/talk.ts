/**
 * How the bench talks with its processes: one question, one answer, over Node's channel between a parent and its child.
 * Structures with typed arrays travel as they are.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "../seat/children.ts";
import type { Ground } from "../seat/ground.ts";

/** By name: what is asked with, and what is answered. */
export type Questions = Record<string, (asked: never) => unknown>;

export interface Peer<Q extends Questions> {
  readonly pid: number;
  ask<N extends keyof Q & string>(name: N, asked: Parameters<Q[N]>[0]): Promise<Awaited<ReturnType<Q[N]>>>;
  stop(): Promise<void>;
}

const START_MS = 15_000;

/** Starts a file beside this one, on its own processor; resolves when it says that it is ready. A quiet one's complaints are not shown. */
export async function startPeer<Q extends Questions>(
  file: string,
  args: readonly string[],
  processor: 0 | 1,
  ground: Ground,
  voice: "quiet" | "loud" = "loud",
): Promise<Peer<Q>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    // BENCH_NODE_FLAGS: such as --cpu-prof, when somebody looks for where the time goes.
    execArgv: [...NODE_FLAGS, ...(process.env.BENCH_NODE_FLAGS?.split(" ") ?? [])],
    serialization: "advanced",
    env: { ...process.env, NODE_ENV: "production", NODE_NO_WARNINGS: "1" },
    stdio: voice === "quiet" ? ["ignore", "ignore", "ignore", "ipc"] : ["ignore", 2, 2, "ipc"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ask = createAsk<Q>(child, file);
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  await ask("ready", undefined as never);
  clearTimeout(late);
  ground.assign(child.pid!, processor);
  return ground.keep({
    pid: child.pid!,
    ask,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await gone;
    },
  });
}

function createAsk<Q extends Questions>(child: ChildProcess, file: string): Peer<Q>["ask"] {
  const open = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on("message", ({ id, answer, error }: { id: number; answer: unknown; error?: string }) => {
    const waiting = open.get(id);
    open.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`${file}: ${error}`));
  });
  child.once("exit", (code, signal) => {
    for (const { reject } of open.values()) reject(new Error(`${file} ended (${signal ?? code})`));
  });
  return (name, what) =>
    new Promise((resolve, reject) => {
      const id = asked++;
      open.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      child.send({ id, name, asked: what });
    });
}

/** In the child: answers questions, from when all is ready. Ends with its parent. */
export function answer<Q extends Questions>(answers: Q): void {
  const all: Questions = { ready: () => true, ...answers };
  process.on("message", async ({ id, name, asked }: { id: number; name: string; asked: never }) => {
    try {
      process.send!({ id, answer: await all[name]!(asked) });
    } catch (error) {
      process.send!({
        id,
        answer: undefined,
        error: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
      });
    }
  });
  process.once("disconnect", () => process.exit());
  process.once("SIGTERM", () => process.exit());
}
