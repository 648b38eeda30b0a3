/**
 * How much of what it could do this process does: looked at once a second, from what ticks took of their time in that second. A
 * process that hardly works while its turns are late is held up by others, and giving something up would not help it.
 */
import type { Log, Observe } from "../observe.ts";
import { AT_EASE, nextOverload, OVERLOAD_STEPS, type OverloadLevel, PRESSED, RELIEVED } from "./overload.ts";
import { createOwnDoing } from "./own-doing.ts";
import { createTurnCosts } from "./turn-costs.ts";

export interface LoadLevel {
  /** What is given up now; see overload.ts. Read it as often as you like. */
  readonly level: OverloadLevel;
  /** A turn of a room with a period of `everyMs` took `tookMs`. */
  add(tookMs: number, everyMs: number): void;
  onChange(told: (level: OverloadLevel) => void): void;
  start(): void;
  stop(): void;
}

export interface LoadLevelOptions {
  readonly log: Log;
  readonly observe: Observe;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** What this process has worked since its start. */
  readonly cpuMs: () => number;
}

const LOOK_MS = 1_000;
/** One slow turn in twenty is a collection of garbage, two are the room's own. */
const IGNORED = 1 / 20;
/** Late by the doing of others: neither pressed nor relieved. */
const HELD_UP = (PRESSED + RELIEVED) / 2;

export function createLoadLevel({ log, observe, nowMs, cpuMs }: LoadLevelOptions): LoadLevel {
  const costs = createTurnCosts(nowMs, { slots: 1, ignored: IGNORED });
  const ownDoing = createOwnDoing({ cpuMs, nowMs, questions: 1, otherwise: HELD_UP });
  const listeners: ((level: OverloadLevel) => void)[] = [];
  let overload = AT_EASE;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const pressure = ownDoing.loadOf(costs.load());
    const { level: before } = overload;
    overload = nextOverload(overload, pressure, nowMs());
    const { level } = overload;
    if (level === before) return;
    const step = OVERLOAD_STEPS[Math.max(level, before) - 1]!;
    const isTaken = level > before;
    observe({ kind: "overload", step, isTaken });
    const fields = { level, step, pressure: Math.round(100 * pressure) / 100 };
    if (isTaken) log.warn(fields, "ticks do not fit into their time: something is given up");
    else log.info(fields, "ticks fit into their time again: something is taken back");
    for (const told of listeners) told(level);
  }

  return {
    get level() {
      return overload.level;
    },
    add: costs.add,
    onChange: (told) => void listeners.push(told),
    start() {
      timer ??= setInterval(look, LOOK_MS).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
