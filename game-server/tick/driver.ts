/**
 * One driver a process for all rooms. It sleeps until the earliest deadline, gives each room that is due its turn (clock, step,
 * patch, as Colyseus has them) and then flushes what the turn sent, corked once a client. A room that throws loses the rest of
 * that loop's turn and harms no other; when more is due than fits, sockets are read between two passes.
 */
import type { Log, Observe } from "../observe.ts";
import type { ReportFault } from "../room-faults.ts";
import type { Outbox } from "../transport/outbox.ts";
import { createDeadlines } from "./deadlines.ts";
import type { LoadLevel } from "./load-level.ts";
import { createOverrunReport } from "./overruns.ts";
import { createOwnDoing, processCpuMs } from "./own-doing.ts";
import { createRoomLoops, type RoomLoops } from "./room-loops.ts";
import { createTurnCosts } from "./turn-costs.ts";

/** Deadlines this near are met now; see room-loops.ts. */
const NEAR_MS = 0.5;
/** Of the overload's levels; see overload.ts. */
const THINNED_FROM = 2;

interface Driven {
  readonly roomId: () => string;
  readonly mode: () => string;
  readonly loops: RoomLoops;
  /** The deadline under which it waits in the heap; an entry with another one is stale. */
  queuedMs: number;
  stopped: boolean;
}

export interface TickDriver {
  /** Loops of one room; `roomId` and `mode` name it in the log, `patchOnlyTicks` is explained in room-loops.ts. */
  adopt(room: { roomId: () => string; mode?: () => string; patchOnlyTicks: () => boolean }): {
    loops: RoomLoops;
    stop: () => void;
  };
  /** Tick p99 over budget, smoothed, as far as the rooms are what takes the time: 1 is the ceiling. Asked once a heartbeat. */
  load(): number;
  /** Over the last ten of those questions: what ticks took of their period. */
  quantiles(): { readonly p50: number; readonly p99: number };
  stop(): void;
}

export interface TickDriverOptions {
  readonly outbox: Outbox;
  readonly reportFault: ReportFault;
  readonly observe: Observe;
  readonly log: Log;
  /** Of the process: it is told of every turn, and says when patches are thinned. */
  readonly loadLevel: LoadLevel;
  readonly nowMs?: () => number;
}

export function createTickDriver(options: TickDriverOptions): TickDriver {
  const { outbox, reportFault, observe, loadLevel, nowMs = () => performance.now() } = options;
  const deadlines = createDeadlines<{ driven: Driven; atMs: number }>();
  const costs = createTurnCosts(nowMs);
  const ownDoing = createOwnDoing({ cpuMs: processCpuMs, nowMs });
  const reportOverrun = createOverrunReport(options.log, observe, nowMs);
  const isThinned = () => loadLevel.level >= THINNED_FROM;
  let timer: NodeJS.Timeout | undefined;
  let timerMs = Number.POSITIVE_INFINITY;

  function queue(driven: Driven): void {
    const atMs = driven.stopped ? Number.POSITIVE_INFINITY : driven.loops.dueMs();
    if (atMs === driven.queuedMs) return;
    driven.queuedMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    deadlines.push(atMs, { driven, atMs });
    arm();
  }

  function arm(): void {
    const nextMs = deadlines.nextMs();
    if (nextMs >= timerMs) return;
    clearTimeout(timer);
    timerMs = nextMs;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(pass, Math.max(0, Math.floor(nextMs - nowMs())));
  }

  /** Only what is due as the pass begins, so that a process that cannot keep up still reads its sockets. */
  function pass(): void {
    timerMs = Number.POSITIVE_INFINITY;
    const untilMs = nowMs() + NEAR_MS;
    for (let due = deadlines.pop(untilMs); due; due = deadlines.pop(untilMs)) {
      const { driven, atMs } = due;
      if (driven.stopped || driven.queuedMs !== atMs) continue;
      driven.queuedMs = Number.NaN;
      turn(driven, atMs);
      queue(driven);
    }
    arm();
  }

  function turn({ loops, roomId, mode }: Driven, atMs: number): void {
    const beganMs = nowMs();
    outbox.collect(() => {
      loops.runDue((loop) => {
        try {
          loop();
        } catch (error) {
          reportFault("tick", roomId(), error);
        }
      });
    });
    const endedMs = nowMs();
    const tookMs = endedMs - beganMs;
    const everyMs = loops.periodMs();
    costs.add(tookMs, everyMs);
    loadLevel.add(tookMs, everyMs);
    observe({ kind: "turn", lateMs: Math.max(0, beganMs - atMs), tookMs });
    if (tookMs > everyMs) reportOverrun({ roomId: roomId(), mode: mode(), tookMs, everyMs });
  }

  return {
    adopt({ roomId, mode = () => "", patchOnlyTicks }) {
      let driven: Driven | undefined;
      const loops = createRoomLoops({ nowMs, patchOnlyTicks, isThinned, onChange: () => driven && queue(driven) });
      const made: Driven = { roomId, mode, loops, queuedMs: Number.POSITIVE_INFINITY, stopped: false };
      driven = made;
      return {
        loops,
        stop() {
          made.stopped = true;
          loops.clear();
        },
      };
    },
    load: () => ownDoing.loadOf(costs.load()),
    quantiles: costs.quantiles,
    stop() {
      clearTimeout(timer);
      timerMs = Number.NEGATIVE_INFINITY;
    },
  };
}
