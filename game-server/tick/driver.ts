/**
 * One driver a process for all rooms. It sleeps until the earliest deadline, gives each room that is due its turn (clock, step,
 * patch, as Colyseus has them) and then flushes what the turn sent, corked once a client. A room that throws loses the rest of
 * that loop's turn and harms no other; when more is due than fits, sockets are read between two passes.
 */
import type { Observe } from "../observe.ts";
import type { ReportFault } from "../room-faults.ts";
import type { Outbox } from "../transport/outbox.ts";
import { createDeadlines } from "./deadlines.ts";
import { createOwnDoing, processCpuMs } from "./own-doing.ts";
import { createRoomLoops, type RoomLoops } from "./room-loops.ts";
import { createTurnCosts } from "./turn-costs.ts";

/** Deadlines this near are met now; see room-loops.ts. */
const NEAR_MS = 0.5;

interface Driven {
  readonly roomId: () => string;
  readonly loops: RoomLoops;
  /** The deadline under which it waits in the heap; an entry with another one is stale. */
  queuedMs: number;
  stopped: boolean;
}

export interface TickDriver {
  /** Loops of one room; `roomId` names it in the log, `patchOnlyTicks` is explained in room-loops.ts. */
  adopt(room: { roomId: () => string; patchOnlyTicks: () => boolean }): { loops: RoomLoops; stop: () => void };
  /** Tick p99 over budget, smoothed, as far as the rooms are what takes the time: 1 is the ceiling. Asked once a heartbeat. */
  load(): number;
  stop(): void;
}

export interface TickDriverOptions {
  readonly outbox: Outbox;
  readonly reportFault: ReportFault;
  readonly observe: Observe;
  readonly nowMs?: () => number;
}

export function createTickDriver(options: TickDriverOptions): TickDriver {
  const { outbox, reportFault, observe, nowMs = () => performance.now() } = options;
  const deadlines = createDeadlines<{ driven: Driven; atMs: number }>();
  const costs = createTurnCosts(nowMs);
  const ownDoing = createOwnDoing({ cpuMs: processCpuMs, nowMs });
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

  function turn({ loops, roomId }: Driven, atMs: number): void {
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
    costs.add(endedMs - beganMs, loops.periodMs());
    observe({ kind: "turn", lateMs: Math.max(0, beganMs - atMs), tookMs: endedMs - beganMs });
  }

  return {
    adopt({ roomId, patchOnlyTicks }) {
      let driven: Driven | undefined;
      const loops = createRoomLoops({ nowMs, patchOnlyTicks, onChange: () => driven && queue(driven) });
      const made: Driven = { roomId, loops, queuedMs: Number.POSITIVE_INFINITY, stopped: false };
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
    stop() {
      clearTimeout(timer);
      timerMs = Number.NEGATIVE_INFINITY;
    },
  };
}
