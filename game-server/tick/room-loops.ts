/**
 * What one room runs, and when. A room has at most three loops: its step, its patch and its unreliable patch; they run in that
 * order. All deadlines lie on a grid that starts with the room, `start + n * period`, so that they never drift and a step and a
 * patch of the same rate fall into one turn. Deadlines that were missed are skipped, not made up for: Colyseus' fixed timestep
 * has its own catch-up from the measured time.
 */
import type { IntervalKeeper } from "./captured-intervals.ts";

export type LoopRole = "step" | "patch" | "unreliable";

interface Loop {
  readonly role: LoopRole;
  readonly run: () => void;
  readonly everyMs: number;
  /** Its next deadline is `startMs + index * everyMs`. */
  index: number;
  /** Not by the index: one that misses every other deadline would never run. */
  wasSkipped: boolean;
}

/** Deadlines this near are met now: a timer of whole milliseconds cannot aim better; ms. */
const NEAR_MS = 0.5;
/** A room that asks for a period of 0 gets what the stock interval would give; ms. */
const PERIOD_MIN_MS = 1;

export interface RoomLoops {
  /** A keeper for intervals started on behalf of `role`. */
  keeperFor(role: LoopRole): IntervalKeeper;
  /** Earliest deadline; Infinity without loops. */
  dueMs(): number;
  /** Of the fastest loop; Infinity without loops. */
  periodMs(): number;
  /** Runs what is due, in order; `run` calls one loop. */
  runDue(run: (loop: () => void) => void): void;
  clear(): void;
}

export interface RoomLoopsOptions {
  readonly nowMs: () => number;
  /** Whether the patch loop only ticks the clock (the room has no patch rate), which a step does already. */
  readonly patchOnlyTicks: () => boolean;
  /** Patches leave at half their rate. */
  readonly isThinned?: (() => boolean) | undefined;
  /** Called when the earliest deadline may have moved. */
  readonly onChange: () => void;
}

export function createRoomLoops({
  nowMs,
  patchOnlyTicks,
  isThinned = () => false,
  onChange,
}: RoomLoopsOptions): RoomLoops {
  const startMs = nowMs();
  let loops: Loop[] = [];

  const dueMsOf = (loop: Loop) => startMs + loop.index * loop.everyMs;
  const indexAfter = (everyMs: number) => Math.floor((nowMs() - startMs) / everyMs) + 1;
  const hasStep = () => loops.some((loop) => loop.role === "step");
  const isActive = (loop: Loop) => loop.role !== "patch" || !hasStep() || !patchOnlyTicks();

  return {
    keeperFor: (role) => ({
      add(run, periodMs) {
        const everyMs = Math.max(PERIOD_MIN_MS, periodMs || 0);
        const loop = { role, run, everyMs, index: indexAfter(everyMs), wasSkipped: false };
        loops = [...loops, loop].sort((a, b) => ROLE_ORDER[a.role] - ROLE_ORDER[b.role]);
        onChange();
        return loop;
      },
      remove(handle) {
        const kept = loops.filter((loop) => loop !== handle);
        if (kept.length === loops.length) return false;
        loops = kept;
        return true;
      },
    }),

    dueMs: () => loops.reduce((due, loop) => (isActive(loop) ? Math.min(due, dueMsOf(loop)) : due), Infinity),

    periodMs: () => loops.reduce((least, loop) => (isActive(loop) ? Math.min(least, loop.everyMs) : least), Infinity),

    runDue(run) {
      for (const loop of loops) {
        const isGone = !loops.includes(loop);
        if (isGone || !isActive(loop) || dueMsOf(loop) > nowMs() + NEAR_MS) continue;
        loop.wasSkipped = loop.role !== "step" && !loop.wasSkipped && isThinned();
        loop.index = Math.max(loop.index + 1, Math.ceil((nowMs() - startMs) / loop.everyMs));
        if (!loop.wasSkipped) run(loop.run);
      }
    },

    clear() {
      loops = [];
    },
  };
}

const ROLE_ORDER: Record<LoopRole, number> = { step: 0, patch: 1, unreliable: 2 };
