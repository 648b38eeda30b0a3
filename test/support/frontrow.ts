/**
 * Frontrow's processes as an operator starts them: `node cli/bin.ts <command>` in a process of its own, on ports that the system
 * chose, ended with the test. The ports are read from the line that says that the process is open.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Ample: a start takes a second, and ten times that where all cores are busy with something else. */
const START_MS = 45_000;

export interface FrontrowProcess {
  readonly port: number;
  readonly adminPort: number;
  /** `http://127.0.0.1:{port}` */
  readonly url: string;
  readonly adminUrl: string;
  /** All that it said, on stdout and stderr. */
  said(): string;
  /** Sends the signal, and resolves with the exit code once it is gone (null after SIGKILL). */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** The same command on the same ports again. */
  again(): Promise<FrontrowProcess>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it looks for `frontrow.config.ts`; `frontrow dev` without one shows the arena. */
  readonly cwd?: string;
}

/** A process that is open. Rejects with all that it said if it ends before. */
export async function startFrontrow(command: string, options: StartOptions = {}): Promise<FrontrowProcess> {
  const child = spawnFrontrow(command, { ...options, env: { PORT: "0", ADMIN_PORT: "0", ...options.env } });
  const output = outputOf(child);
  const { port, adminPort } = await Promise.race([output.open, endedEarly(child, output)]);
  return {
    port,
    adminPort,
    url: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    said: output.said,
    async end(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        child.kill(signal);
        await gone;
      }
      return child.exitCode;
    },
    signal: (signal) => void child.kill(signal),
    again: () =>
      startFrontrow(command, { ...options, env: { ...options.env, PORT: `${port}`, ADMIN_PORT: `${adminPort}` } }),
  };
}

/** Runs a command to its end. */
export async function runFrontrow(
  command: string,
  options: StartOptions = {},
): Promise<{ code: number | null; said: string }> {
  const child = spawnFrontrow(command, options);
  const { said } = outputOf(child);
  await once(child, "close");
  return { code: child.exitCode, said: said() };
}

function spawnFrontrow(command: string, { args = [], env = {}, cwd = ROOT }: StartOptions): ChildProcess {
  // Nothing of the machine's own settings, nor vitest's NODE_ENV: a test says all that a process is told.
  const { PATH = "", HOME = "" } = process.env;
  // The channel closes with us, however we end, and a process of Frontrow ends with it.
  const stdio = ["ignore", "pipe", "pipe", "ipc"] as const;
  const child = spawn(process.execPath, [BIN, command, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: [...stdio],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

/** The line that every process writes once it is open: JSON in production, else readable. */
const OPEN = /^.*(?: is open\b|open https?:\/\/localhost).*$/m;
const PORT = /(?:localhost:|\bport"?[:=])(\d+)/;
const ADMIN_PORT = /\badmin"?[:=](\d+)/;

function outputOf(child: ChildProcess) {
  let said = "";
  const open = new Promise<{ port: number; adminPort: number }>((resolve) => {
    const hear = (bytes: Buffer) => {
      said += bytes;
      const line = OPEN.exec(said)?.[0];
      const [port, adminPort] = [PORT, ADMIN_PORT].map((shape) => Number(shape.exec(line ?? "")?.[1]));
      if (port && adminPort) resolve({ port, adminPort });
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
  });
  return { open, said: () => said };
}

async function endedEarly(child: ChildProcess, { open, said }: ReturnType<typeof outputOf>): Promise<never> {
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  void open.then(() => clearTimeout(late));
  await once(child, "close");
  clearTimeout(late);
  throw new Error(`it ended before it was open:\n${said()}`);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
