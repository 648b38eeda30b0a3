/**
 * Frontrow for tests that mistreat it: `frontrow dev` alone, or a fleet (Redis, a matchmaker, game servers, an edge). `problems`
 * says what such a test may forget to look at: a process that ended or is not ready, an exception in a log, a secret in a log.
 * `stop` throws with them.
 */
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { vi } from "vitest";
import { type FrontrowProcess, freePort, startFrontrow } from "./frontrow.ts";
import { logProblems } from "./log-problems.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

type Environment = Readonly<Record<string, string>>;

export interface Member extends FrontrowProcess {
  readonly name: string;
  isReady(): Promise<boolean>;
  /** The sum of a metric's series whose labels contain `labels`; 0 where there are none. */
  metric(name: string, labels?: string): Promise<number>;
}

export interface Frontrow {
  /** Where players come. */
  readonly url: string;
  readonly members: readonly Member[];
  /** What no process may ever write; tests add the tokens that they get. */
  readonly secrets: Set<string>;
  member(name: string): Member;
  /** What is wrong with the processes or in their logs, as sentences; empty when all is well. */
  problems(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface Fleet extends Frontrow {
  readonly redis: RedisServer;
  /** Ends all of it at once, and asks nothing: some may have left, or have complained as they were to. */
  kill(): Promise<void>;
}

export interface FrontrowOptions {
  readonly env?: Environment;
  /** Path of the `frontrow.config.ts`. */
  readonly config: string;
}

const READY_MS = 20_000;
/** At `debug` they write whatever they may write. */
const BASE = { NODE_ENV: "development", HOST: "127.0.0.1", FRONTROW_LOG_LEVEL: "debug" };

export async function startDev({ env = {}, config }: FrontrowOptions): Promise<Frontrow> {
  const dev = await startMember("dev", { FRONTROW_CONFIG: config, ...env });
  return frontrowOf(dev, [dev], env);
}

/** One metro, `fra`: members named `matchmaker`, `game-server 1` and up, `edge`. */
export async function startFleet({
  env = {},
  config,
  servers = 1,
}: FrontrowOptions & { servers?: number }): Promise<Fleet> {
  const redis = await startRedis();
  const shared = { REDIS_URL: redis.url, FRONTROW_METRO: "fra", FRONTROW_CONFIG: config, ...env };
  const started: Member[] = [];
  const kill = async () => {
    await Promise.all(started.map((member) => member.end("SIGKILL")));
    await redis.close();
  };
  const start = async (name: string, own: Environment = {}) => {
    const member = await startMember(name, { ...shared, ...own });
    started.push(member);
    return member;
  };
  try {
    const ids = Array.from({ length: servers }, (_, at) => `${at + 1}`);
    const [edge] = await Promise.all([
      start("matchmaker").then(({ port }) => start("edge", { FRONTROW_METROS: `fra=ws://127.0.0.1:${port}` })),
      // Players are told its port as it was configured.
      ...ids.map(async (id) => start(`game-server ${id}`, { FRONTROW_SERVER_ID: id, PORT: `${await freePort()}` })),
    ]);
    const frontrow = frontrowOf(edge, started, env);
    return { ...frontrow, redis, kill, stop: () => frontrow.stop().finally(redis.close) };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Resolves once `/readyz` says so; rejects with what the process wrote. */
async function startMember(name: string, env: Environment): Promise<Member> {
  const started = await startFrontrow(name.split(" ")[0]!, { env: { ...BASE, ...env } });
  const admin = (path: string) => fetch(`${started.adminUrl}${path}`, { signal: AbortSignal.timeout(5_000) });
  const member: Member = {
    ...started,
    name,
    isReady: () =>
      admin("/readyz").then(
        (reply) => reply.status === 200,
        () => false,
      ),
    async metric(metric, labels = "") {
      const lines = (await (await admin("/metrics")).text()).split("\n");
      const series = lines.filter((line) => line.startsWith(metric) && /^[{ ]/.test(line.slice(metric.length)));
      return series
        .filter((line) => line.includes(labels))
        .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    },
  };
  await vi.waitUntil(member.isReady, { timeout: READY_MS, interval: 50 }).catch(async () => {
    await started.end("SIGKILL");
    throw new Error(`${name} did not become ready:\n${started.said()}`);
  });
  return member;
}

function frontrowOf(door: Member, members: readonly Member[], env: Environment): Frontrow {
  const secrets = new Set<string>(Object.values(devKeys).map(({ privateText }) => privateText));
  if (env.FRONTROW_JWT_KEY?.startsWith("hs256:")) secrets.add(env.FRONTROW_JWT_KEY.slice("hs256:".length));
  const inLogs = () =>
    members.flatMap(({ name, said }) => logProblems(said(), secrets).map((problem) => `${name} ${problem}`));

  async function problems(): Promise<string[]> {
    const ready = await Promise.all(members.map((member) => member.isReady()));
    return [...members.filter((_, at) => !ready[at]).map(({ name }) => `${name} is not ready`), ...inLogs()];
  }
  return {
    url: door.url,
    members,
    secrets,
    member(name) {
      const found = members.find((each) => each.name === name);
      if (!found) throw new Error(`there is no "${name}" here`);
      return found;
    },
    problems,
    async stop() {
      const before = await problems();
      const codes = await Promise.all(members.map((member) => member.end()));
      const badEnds = members.filter((_, at) => codes[at] !== 0).map(({ name }) => `${name} did not end well`);
      const found = new Set([...before, ...badEnds, ...inLogs()]);
      if (found.size > 0) throw new Error([...found].join("\n"));
    },
  };
}
