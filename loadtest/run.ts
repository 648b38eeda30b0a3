/**
 * `npm run loadtest -- <scenario>`: starts `frontrow dev` on ports of its own, runs the k6 scenario against it, and leaves
 * with k6's exit code. With TARGET set nothing is started.
 *
 * k6 is the one on PATH, else it is built once from `loadtest/go.mod` with Go; where there is neither, the exit code is 69.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { freePort } from "frontrow/dev/redis-child.ts";

const EXIT_USAGE = 64;
const EXIT_NO_K6 = 69;
const START_MS = 15_000;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** The k6 to use, built first if need be; undefined where there is neither k6 nor Go. */
function findK6(): string | undefined {
  const built = here("./.bin/k6");
  if (runs("k6", "version")) return "k6";
  if (existsSync(built)) return built;
  if (!runs("go", "version")) return undefined;
  console.error("building k6 from loadtest/go.mod, once; this takes about two minutes");
  const env = { ...process.env, GOBIN: here("./.bin"), CGO_ENABLED: "0" };
  const options = { cwd: here("."), env, stdio: "inherit" as const };
  const status = spawnSync("go", ["install", "-trimpath", "-ldflags=-s -w", "tool"], options).status;
  return status === 0 ? built : undefined;
}

async function startFrontrow(): Promise<{ target: string; child: ChildProcess }> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    HOST: "127.0.0.1",
    PORT: `${port}`,
    ADMIN_PORT: `${adminPort}`,
    FRONTROW_CONFIG: here("./lib/frontrow.config.ts"),
    FRONTROW_LOG_LEVEL: "warn",
  };
  const child = spawn(process.execPath, [here("../cli/bin.ts"), "dev"], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const ready = await fetch(`http://127.0.0.1:${adminPort}/readyz`).catch(() => undefined);
    if (ready?.ok) return { target: `ws://127.0.0.1:${port}`, child };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error("frontrow dev did not become ready");
}

async function main(scenario: string | undefined): Promise<number> {
  const script = here(`./scenarios/${scenario}.ts`);
  if (!scenario || !/^[a-z-]+$/.test(scenario) || !existsSync(script)) {
    console.error("usage: npm run loadtest -- smoke");
    return EXIT_USAGE;
  }
  const k6 = findK6();
  if (!k6) {
    console.error(
      "k6 is not here: install it (https://grafana.com/docs/k6), or Go 1.25 and it is built from loadtest/go.mod",
    );
    return EXIT_NO_K6;
  }
  const own = process.env.TARGET ? undefined : await startFrontrow();
  try {
    const target = own?.target ?? process.env.TARGET;
    const child = spawn(k6, ["run", "--address", "", "-e", `TARGET=${target}`, script], { stdio: "inherit" });
    return await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  } finally {
    own?.child.kill("SIGTERM");
  }
}

process.exit(await main(process.argv[2]));
