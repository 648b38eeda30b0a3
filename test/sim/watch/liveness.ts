/**
 * Deadlines and leaks (INVARIANT 23): a ticket ends by its deadline, whatever happens, it is not said again all the time, and in the end
 * nothing is left in any table.
 */
import { nameOf, type Wish, type World } from "../words.ts";
import type { Watcher } from "./watch.ts";

/** Enlistments of one ticket in a second. Renewed or refused, a ticket is enlisted again at most every `fillRetryMs`. */
const ENLISTED_PER_SECOND = 8;
/** How often deadlines are looked at. */
const LOOK_MS = 100;

export interface Left {
  readonly what: string;
  readonly count: number;
}

export function watchLiveness(
  {
    scheduler,
    limits,
    modes,
    pausedMs,
  }: Pick<World, "scheduler" | "limits" | "modes"> & {
    /** Of an edge; its clients' deadlines slip as long. */
    pausedMs(edge: string): number;
  },
  broken: (rule: string, what: string) => void,
  left: () => Left[],
): Watcher {
  let lookMs = 0;
  const open = new Set<Wish>();
  const locked = new Map<Wish, string>();
  const freedMs = new Map<Wish, number>();
  const enlistedMs = new Map<Wish, number[]>();
  /** Of a ticket that is promised when its time is up: until the match's end is known, at most a gap and a hold. */
  const settlingMs = 2 * limits.seatHoldMs + limits.leaseMs + 2 * limits.ticketLockMs + 16_000;

  function close(wish: Wish): void {
    open.delete(wish);
    locked.delete(wish);
    freedMs.delete(wish);
    enlistedMs.delete(wish);
  }

  function free(wish: Wish): void {
    if (locked.delete(wish)) freedMs.set(wish, scheduler.nowMs);
  }

  return {
    wished: (wish) => void open.add(wish),
    ended: close,
    cancelled: close,
    said(wish, message) {
      if (message.t === "locked") locked.set(wish, message.match);
      else if (message.t === "enlist") free(wish);
    },
    hears(wish, message) {
      if (message.t === "released" && locked.get(wish) === message.match) free(wish);
    },
    enlisted(wish) {
      const lately = (enlistedMs.get(wish) ?? []).filter((atMs) => atMs > scheduler.nowMs - 1_000);
      enlistedMs.set(wish, [...lately, scheduler.nowMs]);
      if (lately.length >= ENLISTED_PER_SECOND)
        broken("SM13", `${nameOf(wish)} is enlisted ${lately.length + 1} times in a second`);
    },
    stepped() {
      if (scheduler.nowMs < lookMs) return;
      lookMs = scheduler.nowMs + LOOK_MS;
      for (const wish of open) {
        if (wish.end) {
          close(wish);
          continue;
        }
        const { timeoutMs, readyCheckMs = 0 } = modes[wish.mode]!;
        const waitedMs = wish.openedMs + timeoutMs + readyCheckMs + (locked.has(wish) ? settlingMs : 0);
        const dueMs = Math.max(waitedMs, freedMs.get(wish) ?? 0) + 1_000;
        if (scheduler.nowMs > dueMs + pausedMs(wish.edge))
          broken("SM13", `${nameOf(wish)} of ${wish.mode} waits beyond its deadline`);
      }
    },
    over() {
      for (const { what, count } of left()) if (count > 0) broken("SM14", `${count} ${what} are left`);
    },
  };
}
