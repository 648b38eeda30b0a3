/**
 * The store as the adapter sees it: scripts by name, each call ended by its deadline, and a gate.
 *
 * The gate is open while the store answers a pulse (`observe-store`, every heartbeat). After each reconnection nothing passes
 * before the first pulse: it notices that this is another Redis than before, or one that has forgotten everything, and so no
 * reservation slips in between. While the gate is shut calls fail at once. The pulse also keeps the index's clock going, so
 * that a silent metro is not taken for a stopped one.
 */
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createClient } from "./client.ts";
import { keyOf } from "./keys.ts";
import { parseObserved } from "./replies.ts";
import { type ReadLua, readLua, scriptSource } from "./script-source.ts";
import { limitArgs, type ScriptName, scriptNames, scripts } from "./scripts.ts";

export interface Health {
  readonly healthy: boolean;
  /** Why not, for a log; never a secret. */
  readonly reason: string;
}

export interface ConnectionOptions {
  readonly metro: string;
  readonly limits: Limits;
  readonly redis: RedisTarget;
  /** Called whenever the store comes or goes, and once at the start. */
  readonly onHealth?: ((health: Health) => void) | undefined;
  readonly readLua?: ReadLua | undefined;
}

export type Args = readonly (string | number)[];

export interface Connection {
  /** The script's reply. Rejects with INDEX_AWAY at most two commands' time after `sinceMs` (performance.now(); now unless given). */
  run(script: ScriptName, args: Args, sinceMs?: number): Promise<unknown>;
  /** The same without a second try, for what must not be done twice. */
  runOnce(script: ScriptName, args: Args): Promise<unknown>;
  isOpen(): boolean;
  close(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { metro, limits, onHealth } = options;
  const sources = scriptNames.map((name) => {
    const lua = scriptSource(scripts[name].file, options.readLua ?? readLua);
    return [name, { lua, numberOfKeys: scripts[name].keys.length }] as const;
  });
  const client = createClient(options.redis, Object.fromEntries(sources));
  const commands = client as unknown as Record<ScriptName, (...args: Args) => Promise<unknown>>;
  const heads = Object.fromEntries(scriptNames.map((name) => [name, headOf(name)])) as Record<ScriptName, Args>;

  let isOpen = false;
  let isClosed = false;
  let told: boolean | undefined;
  let reason = "It has not been reached yet.";
  let pulse: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  /** Keys and limits, which never change. */
  function headOf(name: ScriptName): Args {
    const keys = scripts[name].keys.map((key) => keyOf(metro, key));
    return [...keys, ...scripts[name].limits.map((limit) => limits[limitArgs[limit]])];
  }

  function setOpen(open: boolean, why: string) {
    isOpen = open;
    reason = why;
    if (open) {
      for (const wake of waiting) wake();
    }
    if (told === open || isClosed) return;
    told = open;
    onHealth?.({ healthy: open, reason: why });
  }

  function attempt(name: ScriptName, args: Args): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = new Error(`no answer within ${limits.redisCommandMs} ms`);
      const timer = setTimeout(reject, limits.redisCommandMs, late);
      commands[name](...heads[name], ...args)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  /** Whether the gate opens before `untilMs`. */
  function opensUntil(untilMs: number): Promise<boolean> {
    const leftMs = untilMs - performance.now();
    if (isOpen || leftMs <= 0) return Promise.resolve(isOpen);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve(isOpen);
      };
      const timer = setTimeout(done, leftMs);
      waiting.add(done);
    });
  }

  /** Calls fail at once while the gate is shut; only those made before it ever opened or failed to may wait a little. */
  async function passGate(sinceMs: number) {
    if (isOpen) return;
    const isStarting = told === undefined && !isClosed;
    if (!isStarting || !(await opensUntil(sinceMs + limits.redisCommandMs))) throw away(reason);
  }

  async function beat() {
    clearTimeout(pulse);
    if (isClosed) return;
    if (client.status === "ready") {
      try {
        parseObserved(await attempt("observeStore", []));
        if (!isClosed && client.status === "ready") setOpen(true, "");
      } catch (error) {
        setOpen(false, textOf(error));
      }
    }
    clearTimeout(pulse);
    if (!isClosed) pulse = setTimeout(beat, isOpen ? limits.heartbeatMs : limits.heartbeatMs / 4);
  }

  client.on("ready", () => void beat());
  client.on("close", () => setOpen(false, reason || "The connection was closed."));
  client.on("error", (error: Error) => setOpen(isOpen && client.status === "ready", textOf(error)));
  void beat();

  async function run(name: ScriptName, args: Args, sinceMs = performance.now()): Promise<unknown> {
    await passGate(sinceMs);
    try {
      return await attempt(name, args);
    } catch (first) {
      // One more try, if it can still end in time: the store may just have been dialled again.
      const again = !isRefusal(first) && (await opensUntil(sinceMs + limits.redisCommandMs));
      if (!again) throw away(first);
      return await attempt(name, args).catch((second) => Promise.reject(away(second)));
    }
  }

  return {
    run,
    async runOnce(name, args) {
      await passGate(performance.now());
      return await attempt(name, args).catch((error) => Promise.reject(away(error)));
    },
    isOpen: () => isOpen,
    close() {
      isClosed = true;
      clearTimeout(pulse);
      client.disconnect();
    },
  };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : "unknown");

/** The store understood and said no; asking again would not help. A demoted master's READONLY is not such a no. */
const isRefusal = (error: unknown) =>
  error instanceof Error && error.name === "ReplyError" && !error.message.startsWith("READONLY");

/** What the caller sees; the cause is for logs. */
function away(cause: unknown): FrontrowError {
  return Object.assign(new FrontrowError("INDEX_AWAY"), { cause });
}
