/**
 * One process: its timers, its wall clock, and what faults do to it. Paused (SIGSTOP) it runs nothing; awake again its timers that came
 * due and the messages that lay in its sockets all come at once, in either order. Dead it never runs again.
 */
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Dice } from "./dice.ts";
import type { Scheduler } from "./scheduler.ts";

/** The world begins at this Unix time. */
export const START_MS = 1_800_000_000_000;

export interface Machine {
  readonly name: string;
  readonly clock: Clock;
  readonly state: "runs" | "paused" | "dead";
  /** How long it was paused in all. */
  readonly pausedMs: number;
  wallMs(): number;
  stepWall(ms: number): void;
  /** Something from outside: at once, or when it is awake again. */
  hear(work: () => void): void;
  /** Once the present turn is over. */
  soon(work: () => void): void;
  pause(): void;
  resume(): void;
  kill(): void;
  /** Called when it is killed. */
  onKilled(told: () => void): void;
}

export function createMachine(name: string, scheduler: Scheduler, dice: Dice): Machine {
  let state: Machine["state"] = "runs";
  let wallOffsetMs = 0;
  let pausedMs = 0;
  let pausedAtMs = 0;
  const due: (() => void)[] = [];
  const heard: (() => void)[] = [];
  const mourners: (() => void)[] = [];
  // Each process counts its own milliseconds.
  const zeroMs = dice.below(1e6);

  function into(backlog: (() => void)[], work: () => void): void {
    if (state === "runs") work();
    else if (state === "paused") backlog.push(work);
  }

  return {
    name,
    clock: {
      nowMs: () => zeroMs + scheduler.nowMs,
      after(ms, work) {
        let isTakenBack = false;
        const takeBack = scheduler.after(ms, () => into(due, () => isTakenBack || work()));
        return () => {
          isTakenBack = true;
          takeBack();
        };
      },
    },
    get state() {
      return state;
    },
    get pausedMs() {
      return pausedMs + (state === "paused" ? scheduler.nowMs - pausedAtMs : 0);
    },
    wallMs: () => START_MS + wallOffsetMs + scheduler.nowMs,
    stepWall(ms) {
      wallOffsetMs += ms;
    },
    hear: (work) => into(heard, work),
    soon: (work) => void scheduler.after(0, () => into(due, work)),
    pause() {
      if (state !== "runs") return;
      state = "paused";
      pausedAtMs = scheduler.nowMs;
    },
    resume() {
      if (state !== "paused") return;
      state = "runs";
      pausedMs += scheduler.nowMs - pausedAtMs;
      const [first, then] = dice.chance(0.5) ? [due, heard] : [heard, due];
      for (const work of [...first, ...then]) scheduler.after(0, () => into(heard, work));
      due.length = 0;
      heard.length = 0;
    },
    kill() {
      state = "dead";
      due.length = 0;
      heard.length = 0;
      for (const told of mourners) told();
    },
    onKilled: (told) => void mourners.push(told),
  };
}
