/**
 * Several metros on one machine: for each a matchmaker behind a link, a game server in a process of its own (Colyseus has one
 * server a process), and a delay proxy before both, so that the distances are real to everything that measures them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DelayProxy, startDelayProxy } from "./delay-proxy.ts";

export interface DevMetro {
  readonly metro: string;
  /** Round trip from the edge, and from players; ms. */
  readonly roundTripMs: number;
}

/** What a metro is away from the edge unless said: as Amsterdam, London, New York, … are from Frankfurt. */
const DISTANCES_MS = [8, 22, 45, 90, 160, 240];

/** `fra,ams` or `fra=8,ams=30`. Throws a sentence where it is neither, or names a metro twice. */
export function parseDevMetros(text: string): DevMetro[] {
  const seen = new Set<string>();
  return text.split(",").map((entry, index) => {
    const [, metro, ms] = /^([a-z]{3,8})(?:=(\d{1,4}))?$/.exec(entry.trim()) ?? [];
    if (!metro)
      throw new Error(`--metros takes names such as fra,ams or fra=8,ams=30 (round trips in ms), not "${entry}"`);
    if (seen.has(metro)) throw new Error(`--metros names ${metro} twice`);
    seen.add(metro);
    return { metro, roundTripMs: ms ? Number(ms) : (DISTANCES_MS[index] ?? 300) };
  });
}

export interface GameServerChild {
  readonly child: ChildProcess;
  readonly proxy: DelayProxy;
  stop(): Promise<void>;
}

export interface GameServerChildOptions extends DevMetro {
  /** With REDIS_URL in it. */
  readonly env: NodeJS.ProcessEnv;
  readonly configFile: string;
  /** Where the child listens, and where players dial: the proxy. */
  readonly port: number;
  readonly publicPort: number;
  readonly host: string;
}

const BIN = fileURLToPath(new URL("../bin.ts", import.meta.url));

/** A game server of `metro` in a process of its own, dialled through a proxy at its distance. */
export async function startGameServerChild(options: GameServerChildOptions): Promise<GameServerChild> {
  const { metro, roundTripMs, port, publicPort, host } = options;
  const proxy = await startDelayProxy({ host, port: publicPort, target: { host: "127.0.0.1", port }, roundTripMs });
  const env = {
    ...options.env,
    FRONTROW_METRO: metro,
    FRONTROW_CONFIG: options.configFile,
    FRONTROW_PUBLIC_URL: `:${proxy.port}`,
    HOST: "127.0.0.1",
    PORT: `${port}`,
    ADMIN_PORT: "0",
  };
  const child = spawn(process.execPath, [...process.execArgv, BIN, "game-server"], {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // Before Redis goes, whose end they would tell of: whatever ends this process has been said.
  const kill = () => child.kill("SIGKILL");
  process.prependOnceListener("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return {
    child,
    proxy,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await gone;
      }
      await proxy.close();
    },
  };
}
