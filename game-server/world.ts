/** What every part of one game server shares: its options, its clocks, and whom it tells what happens. */
import { randomBytes } from "node:crypto";
import { base62 } from "@frontrow/shared/metro.ts";
import { createIndexClock, type IndexClock } from "./lease/index-clock.ts";
import type { Observe } from "./observe.ts";
import type { GameServerOptions } from "./options.ts";
import { createFaultReport, type ReportFault } from "./room-faults.ts";
import { createLoadLevel, type LoadLevel } from "./tick/load-level.ts";
import { processCpuMs } from "./tick/own-doing.ts";
import type { ClientFrame } from "./transport/connection.ts";
import { createOutbox, type Outbox } from "./transport/outbox.ts";

export interface World {
  readonly options: GameServerOptions;
  readonly boot: string;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly indexClock: IndexClock;
  readonly observe: Observe;
  readonly reportFault: ReportFault;
  /** Rooms by name, as soon as there are any. */
  readonly directory: RoomDirectory;
  readonly loadLevel: LoadLevel;
  readonly outbox: Outbox;
  readonly clientFrame: ClientFrame;
}

/** A room's mode; empty where there is no such room. */
export interface RoomDirectory {
  modeOf: (roomId: string) => string;
}

/** 72 bits: no two starts of a server share a boot id. */
const BOOT_BYTES = 12;

export function createWorld(options: GameServerOptions): World {
  const { boot = base62(randomBytes(BOOT_BYTES)), observe = () => {} } = options;
  const { log } = options;
  const nowMs = () => performance.now();
  const directory: RoomDirectory = { modeOf: () => "" };
  return {
    options,
    boot,
    nowMs,
    indexClock: createIndexClock(nowMs),
    observe,
    reportFault: createFaultReport(log, observe, nowMs, (roomId) => directory.modeOf(roomId)),
    directory,
    loadLevel: createLoadLevel({ log, observe, nowMs, cpuMs: processCpuMs }),
    outbox: createOutbox(),
    clientFrame: { isRead: false },
  };
}
