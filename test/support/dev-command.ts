/** `frontrow dev` as a person starts it: a process of its own, on free ports, ended with the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const READY_MS = 30_000;

export interface DevCommand {
  readonly url: string;
  stop(): Promise<void>;
  /** On the same ports. */
  start(): Promise<void>;
}

export async function startDevCommand(args: readonly string[] = []): Promise<DevCommand> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start() {
    const env = { ...process.env, NODE_ENV: "development", PORT: `${port}`, ADMIN_PORT: `${adminPort}` };
    const started = spawn(process.execPath, ["cli/bin.ts", "dev", ...args], { cwd: ROOT, env, stdio: "pipe" });
    child = started;
    let said = "";
    for (const stream of [started.stdout, started.stderr]) stream.on("data", (bytes) => (said += bytes));
    const ended = once(started, "exit").then(() => Promise.reject(new Error(`frontrow dev ended:\n${said}`)));
    await Promise.race([answers(url), ended]);
    ended.catch(() => {});
  }

  async function stop() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  await start();
  return { url, start, stop };
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const isUp = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline) throw new Error(`nothing answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
