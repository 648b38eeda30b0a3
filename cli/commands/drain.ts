/** `frontrow drain [server]`: sends a game server away through its metro's lobby index, and waits until it has left. */
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { RedisUrl } from "@frontrow/shared/config/redis-url.ts";
import { Metro, ServerId } from "@frontrow/shared/config/setting-shapes.ts";
import { settingsTable } from "@frontrow/shared/config/settings.ts";
import { defaultLimits, type Limits } from "@frontrow/shared/limits.ts";
import type { Command } from "commander";
import { findConfigFile, loadConfigFile } from "../config-file.ts";
import { watchDrain } from "../drain.ts";
import { createLog } from "../log.ts";
import { lobbyOf } from "../parts/lobby.ts";

interface DrainOptions {
  readonly metro?: string;
}

export function register(program: Command): void {
  program
    .command("drain")
    .description("sends a game server away: no new players, matches finish, then whoever is left goes back")
    .argument("[server]", "its FRONTROW_SERVER_ID; that of this environment unless given")
    .option("--metro <code>", "its metro; that of this environment unless given")
    .action(async (server: string | undefined, options: DrainOptions) => {
      process.exitCode = await run(server, options, process.env, process.cwd());
    });
}

async function run(
  given: string | undefined,
  options: DrainOptions,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<number> {
  const { server, metro, redis } = targetOf(given, options, env);
  const limits = await limitsOf(env, cwd);
  const log = createLog({ process: "drain", level: "error", json: false });
  const lobby = lobbyOf(metro, redis, limits, log);
  try {
    return await watchDrain({
      fleet: lobby.fleet,
      server,
      everyMs: limits.heartbeatMs,
      say: (line) => process.stdout.write(`${line}\n`),
      nowMs: () => performance.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
  } finally {
    await lobby.close();
  }
}

function targetOf(given: string | undefined, options: DrainOptions, env: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const read = <T>(
    name: string,
    shape: { safeParse(text: string): { success: boolean; data?: T; error?: { issues: { message: string }[] } } },
    text: string | undefined,
    missing: string,
  ): T | undefined => {
    if (!text) return void problems.push(`${name} is missing: ${missing}`);
    const { success, data, error } = shape.safeParse(text);
    if (!success) problems.push(`${name} ${error?.issues.map(({ message }) => message).join("; ")}`);
    return data;
  };
  const server = read(
    "the server's id",
    ServerId,
    given ?? env.FRONTROW_SERVER_ID?.trim(),
    "name one, or set FRONTROW_SERVER_ID",
  );
  const metro = read("the metro", Metro, options.metro ?? env.FRONTROW_METRO?.trim() ?? "local", "");
  const redis = read("REDIS_URL", RedisUrl, env.REDIS_URL?.trim(), "servers are sent away through the lobby index");
  if (!server || !metro || !redis) throw new ConfigurationError(problems);
  return { server, metro, redis };
}

/** Those of the project, where this runs in one: the index is asked with them. */
async function limitsOf(env: NodeJS.ProcessEnv, cwd: string): Promise<Limits> {
  const given = env[settingsTable.configFile.env]?.trim();
  if (!given && !findConfigFile(cwd)) return defaultLimits;
  return (await loadConfigFile(given, cwd)).limits;
}
