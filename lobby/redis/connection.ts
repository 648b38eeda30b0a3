/**
 * The store as the adapter sees it: scripts by name, each call ended by its deadline, behind a gate.
 *
 * The gate is open while the store answers a pulse (`observe-store`, every heartbeat). After each reconnection nothing passes
 * before the first pulse: it notices that this is another Redis than before, or one that has forgotten everything, so that no
 * reservation slips in between. While the gate is shut calls fail at once. The pulse also keeps the index's clock going, so
 * that a silent metro is not taken for a stopped one.
 */
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createClient, type RedisClient } from "./client.ts";
import { createGate, type Health } from "./gate.ts";
import { keyOf } from "./keys.ts";
import { parseObserved } from "./replies.ts";
import { type ReadLua, readLua, scriptSource } from "./script-source.ts";
import { limitArgs, type ScriptName, scriptNames, scripts } from "./scripts.ts";

export interface ConnectionOptions {
  readonly metro: string;
  readonly limits: Limits;
  readonly redis: RedisTarget;
  /** Called whenever the store comes or goes, and once at the start. */
  readonly onHealth?: ((health: Health) => void) | undefined;
  /** Where the scripts' text comes from; the files unless given. */
  readonly readLua?: ReadLua | undefined;
}

type Args = readonly (string | number)[];

export interface Connection {
  /** The script's reply. Rejects with INDEX_AWAY at most two commands' time after `sinceMs` (performance.now(); now unless given). */
  run(script: ScriptName, args: Args, sinceMs?: number): Promise<unknown>;
  /** The same without a second try, for what must not be done twice. */
  runOnce(script: ScriptName, args: Args): Promise<unknown>;
  isOpen(): boolean;
  close(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { limits } = options;
  const client = createClient(options.redis, sourcesOf(options.readLua ?? readLua));
  const attempt = createAttempt(client, options);
  let isClosed = false;
  const gate = createGate((health) => isClosed || options.onHealth?.(health));
  let pulse: NodeJS.Timeout | undefined;

  async function beat() {
    clearTimeout(pulse);
    if (isClosed) return;
    if (client.status === "ready") {
      try {
        parseObserved(await attempt("observeStore", []));
        if (client.status === "ready") gate.open();
      } catch (error) {
        gate.shut(textOf(error));
      }
    }
    clearTimeout(pulse);
    if (!isClosed) pulse = setTimeout(beat, gate.isOpen() ? limits.heartbeatMs : limits.heartbeatMs / 4);
  }

  client.on("ready", () => void beat());
  client.on("close", () => gate.shut(gate.reason() || "The connection was closed."));
  client.on("error", (error: Error) => gate.shut(textOf(error)));
  void beat();

  /** Calls fail at once while the gate is shut; only those made before anything is known may wait a little. */
  async function passGate(sinceMs: number) {
    if (gate.isOpen()) return;
    const opens = gate.isNew() && (await gate.opensUntil(sinceMs + limits.redisCommandMs));
    if (!opens) throw away(gate.reason());
  }

  return {
    async run(name, args, sinceMs = performance.now()) {
      await passGate(sinceMs);
      try {
        return await attempt(name, args);
      } catch (first) {
        if (isLoss(first)) {
          gate.shut(textOf(first));
          void beat();
        }
        // One more try, if it can still end in time: the store may just have been dialled again.
        const again = !isRefusal(first) && (await gate.opensUntil(sinceMs + limits.redisCommandMs));
        if (!again) throw away(first);
        return await attempt(name, args).catch((second) => Promise.reject(away(second)));
      }
    },
    async runOnce(name, args) {
      await passGate(performance.now());
      return await attempt(name, args).catch((error) => Promise.reject(away(error)));
    },
    isOpen: gate.isOpen,
    close() {
      isClosed = true;
      clearTimeout(pulse);
      client.disconnect();
    },
  };
}

function sourcesOf(read: ReadLua) {
  const sources = scriptNames.map((name) => {
    return [name, { lua: scriptSource(scripts[name].file, read), numberOfKeys: scripts[name].keys.length }] as const;
  });
  return Object.fromEntries(sources);
}

type Attempt = (name: ScriptName, args: Args) => Promise<unknown>;

/** One call of a script, with the keys and limits that never change in front of its arguments, ended by its deadline. */
function createAttempt(client: RedisClient, { metro, limits }: ConnectionOptions): Attempt {
  const commands = client as unknown as Record<ScriptName, (...args: Args) => Promise<unknown>>;
  const headOf = (name: ScriptName): Args => [
    ...scripts[name].keys.map((key) => keyOf(metro, key)),
    ...scripts[name].limits.map((limit) => limits[limitArgs[limit]]),
  ];
  const heads = Object.fromEntries(scriptNames.map((name) => [name, headOf(name)])) as Record<ScriptName, Args>;
  return (name, args) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new LateError(limits.redisCommandMs)), limits.redisCommandMs);
      commands[name](...heads[name], ...args)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
}

class LateError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : "unknown");

/** The store understood and said no. A demoted master's READONLY is rather a loss. */
const isRefusal = (error: unknown) =>
  error instanceof Error && error.name === "ReplyError" && !error.message.startsWith("READONLY");
/** The connection is gone, or leads to the wrong node. */
const isLoss = (error: unknown) => !isRefusal(error) && !(error instanceof LateError);

/** What the caller sees; the cause is for logs. */
function away(cause: unknown): FrontrowError {
  return Object.assign(new FrontrowError("INDEX_AWAY"), { cause });
}
