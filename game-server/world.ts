/** What every part of one game server shares: its options, its clocks, and whom it tells what happens. */
import { randomBytes } from "node:crypto";
import { base62 } from "@frontrow/shared/metro.ts";
import { createIndexClock, type IndexClock } from "./lease/index-clock.ts";
import type { Observe } from "./observe.ts";
import type { GameServerOptions } from "./options.ts";
import { createFaultReport, type ReportFault } from "./room-faults.ts";
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
  readonly outbox: Outbox;
  readonly clientFrame: ClientFrame;
}

/** 72 bits: no two starts of a server share a boot id. */
const BOOT_BYTES = 12;

export function createWorld(options: GameServerOptions): World {
  const { boot = base62(randomBytes(BOOT_BYTES)), observe = () => {} } = options;
  const nowMs = () => performance.now();
  return {
    options,
    boot,
    nowMs,
    indexClock: createIndexClock(nowMs),
    observe,
    reportFault: createFaultReport(options.log, observe, nowMs),
    outbox: createOutbox(),
    clientFrame: { isRead: false },
  };
}
