/** Child processes of the bench: started on free ports, waited for, and ended with it. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "frontrow/dev/redis-child.ts";

const START_MS = 15_000;
/** What they print goes where errors go: a bench's own output is its figures alone. */
const OUTPUT = ["ignore", 2, 2] satisfies StdioOptions;

export interface Child {
  /** Of its players' or links' door. */
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** As `npx frontrow` runs Node: the first line of `cli/bin.ts`. */
export const NODE_FLAGS = ["--max-semi-space-size=64"];

/** A `frontrow` process; resolves when it says that it is ready. */
export async function startFrontrow(
  command: "edge" | "matchmaker",
  env: NodeJS.ProcessEnv,
  configFile = here("./frontrow.config.ts"),
): Promise<Child> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const ports = { HOST: "127.0.0.1", PORT: `${port}`, ADMIN_PORT: `${adminPort}` };
  const config = { FRONTROW_CONFIG: configFile, FRONTROW_LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, [...NODE_FLAGS, here("../../../cli/bin.ts"), command], {
    env: { ...process.env, ...ports, ...config, ...env },
    stdio: OUTPUT,
  });
  return ready(command, child, port, `http://127.0.0.1:${adminPort}/readyz`);
}

/** A file beside this one as a process: it is given a port to listen on, then `args`, and answers HTTP when it is ready. */
export async function startFile(file: string, args: readonly string[]): Promise<Child> {
  const port = await freePort();
  // Colyseus has more listeners on its locks than Node finds normal, and says so all the time.
  const env = { ...process.env, NODE_ENV: "production", NODE_NO_WARNINGS: "1" };
  const child = spawn(process.execPath, [here(file), `${port}`, ...args], { env, stdio: OUTPUT });
  return ready(file, child, port, `http://127.0.0.1:${port}/`);
}

async function ready(name: string, child: ChildProcess, port: number, url: string): Promise<Child> {
  process.once("exit", () => child.kill("SIGKILL"));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await gone;
  };
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer && answer.status < 500) return { port, pid: child.pid!, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`${name} did not become ready`);
}
