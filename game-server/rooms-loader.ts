/**
 * Finds a studio's room classes in whatever its `rooms` function gives: a record of them, a module with one as default or named
 * `rooms`, or a module that defines an ordinary Colyseus server. Such a module is written to be started: while it is imported
 * Colyseus is told that somebody else owns ports and the process, as its own Vite plugin does, so that `defineServer` and
 * `listen` open nothing.
 */
import { setImmediate } from "node:timers/promises";
import {
  defineServer,
  matchMaker,
  RegisteredHandler,
  Room,
  registerRoomDefinitions,
  Server,
  setDevMode,
} from "@colyseus/core";
import { prepareServices } from "@colyseus/core/internal";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { StreamRefused } from "@frontrow/shared/stream/define.ts";
import { thrownAt } from "@frontrow/shared/thrown-at.ts";
import type { Log } from "./observe.ts";

type Definitions = Parameters<typeof registerRoomDefinitions>[0];

/** What `config()` of @colyseus/tools returns, as far as it concerns rooms. */
interface ToolsConfig {
  readonly rooms?: unknown;
  readonly initializeGameServer?: (server: Server) => unknown;
  readonly initializeExpress?: unknown;
  readonly beforeListen?: () => unknown;
}

/** Registers the rooms with Colyseus and returns all types that it knows. Rejects with a ConfigurationError if there are none. */
export async function loadRooms(load: () => unknown, log: Log): Promise<string[]> {
  await withoutSideEffects(async () => {
    // A config in plain JavaScript may return the rooms themselves, or throw, instead of giving a promise.
    const loaded = await Promise.resolve()
      .then(load)
      .catch((error: unknown) => {
        throw notLoaded(error);
      });
    for (const candidate of candidatesOf(loaded)) await register(candidate, log);
    // An app that starts itself as it is imported does so in steps; they are over by the next turn.
    await setImmediate();
  });
  const types = Object.keys(matchMaker.getAllHandlers());
  if (types.length > 0) return types;
  throw new ConfigurationError([
    "`rooms` gave no room classes: it takes a record of them, a module that exports one as default or as `rooms`, " +
      "or a module that defines a Colyseus server",
  ]);
}

/**
 * What would be thrown again at each start is a wrong configuration. Everything else may be the weather: a module may wait for its
 * database as it is imported, and a supervisor that starts it again is right.
 */
function notLoaded(error: unknown): Error {
  const saying = `the rooms could not be loaded: ${thrownAt(error)}`;
  return isOfTheCode(error) ? new ConfigurationError(saying.split("\n")) : new Error(saying, { cause: error });
}

function isOfTheCode(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof ReferenceError || error instanceof StreamRefused) return true;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && NOT_IMPORTED.test(code);
}

/** Node's own codes for a module that is not there, or that it cannot read. */
const NOT_IMPORTED = /^ERR_(MODULE_NOT_FOUND|PACKAGE_|UNSUPPORTED_|UNKNOWN_|INVALID_(TYPESCRIPT|MODULE|PACKAGE))/;

/** Runs `load` so that a Colyseus app in it opens no port, now or later, and takes back what it hung on the process. */
async function withoutSideEffects(load: () => Promise<void>): Promise<void> {
  const before = PROCESS_EVENTS.map((event) => new Set(process.rawListeners(event)));
  Server.prototype.listen = async (_port, _host, _backlog, listening) => void listening?.();
  setDevMode(true);
  try {
    await load();
  } finally {
    setDevMode(false);
    PROCESS_EVENTS.forEach((event, index) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[index]!.has(listener)) process.off(event, listener as () => void);
      }
    });
  }
}

const PROCESS_EVENTS = ["uncaughtException", "SIGINT", "SIGTERM", "SIGUSR2"] as const;

/** Where in `loaded` rooms may be, the most telling place first. */
function* candidatesOf(loaded: unknown): Iterable<unknown> {
  if (typeof loaded !== "object" || loaded === null) return;
  const { default: main, rooms, server } = loaded as Record<string, unknown>;
  const named = [main, rooms, server].filter((value) => value !== undefined);
  if (named.length === 0) yield loaded;
  else yield* new Set(named);
}

async function register(candidate: unknown, log: Log): Promise<void> {
  if (candidate instanceof Server) {
    registerAll(candidate["~rooms"]);
    if (candidate.options.express || candidate.router) warnOfRoutes(log);
    await prepareServices(candidate, true);
  } else if (isToolsConfig(candidate)) {
    registerAll(candidate.rooms);
    if (candidate.initializeExpress) warnOfRoutes(log);
    await candidate.initializeGameServer?.(defineServer({ rooms: {} }));
    await candidate.beforeListen?.();
  } else {
    registerAll(candidate);
  }
}

const isToolsConfig = (value: unknown): value is ToolsConfig =>
  typeof value === "object" && value !== null && "initializeGameServer" in value;

function registerAll(candidate: unknown): void {
  if (typeof candidate !== "object" || candidate === null) return;
  const rooms = Object.entries(candidate).filter(([, value]) => isRoomDefinition(value));
  registerRoomDefinitions(Object.fromEntries(rooms) as Definitions);
}

function isRoomDefinition(value: unknown): boolean {
  if (value instanceof RegisteredHandler) return true;
  const prototype = typeof value === "function" ? value.prototype : undefined;
  if (typeof prototype?.broadcastPatch !== "function") return false;
  if (prototype instanceof Room) return true;
  throw new ConfigurationError([
    "`rooms` uses another copy of @colyseus/core than this server: there must be one in node_modules",
  ]);
}

function warnOfRoutes(log: Log): void {
  log.warn({}, "the app's own HTTP routes are not served by a game server: its port belongs to the players");
}
