/**
 * Results on their way to the lobby index, kept until it has them: a match that ends while the index is away is counted when it is back.
 * The index keeps one report a match, so asking again is harmless.
 */
import type { MatchReport, ServerLeases } from "@frontrow/lobby/lobby.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Log, Observe } from "../observe.ts";
import { within } from "../within.ts";

/** Results that wait, the oldest is given up for a newer one: three a second while the index is away for five minutes; 17 kB each at most. */
const PENDING_MAX = 1_000;

export interface ResultReports {
  send(report: MatchReport): void;
  /** No more is tried after this; waits at most `ms` for those under way. */
  stop(ms: number): Promise<void>;
  readonly pending: number;
}

export interface ResultReportsOptions {
  readonly leases: Pick<ServerLeases, "report">;
  readonly limits: Limits;
  readonly log: Log;
  readonly observe: Observe;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export function createResultReports({ leases, limits, log, observe, nowMs }: ResultReportsOptions): ResultReports {
  const pending = new Map<string, { readonly report: MatchReport; readonly sinceMs: number }>();
  let turn: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAway = false;
  let isStopped = false;

  function lose(match: string, why: string): void {
    pending.delete(match);
    observe({ kind: "result", reply: "LOST" });
    log.error({ match }, `the result of a match is lost: ${why}`);
  }

  /** Whether the index is done with it. */
  async function ask(report: MatchReport): Promise<boolean> {
    try {
      const { kind } = await within(leases.report(report), limits.heartbeatMs, () => {
        throw new Error(`no answer within ${limits.heartbeatMs} ms`);
      });
      observe({ kind: "result", reply: kind });
      if (kind === "DROPPED") return refused("too many wait in it");
      if (isAway) log.info({ pending: pending.size }, "the lobby index takes results again");
      isAway = false;
      return true;
    } catch (error) {
      observe({ kind: "result", reply: "AWAY" });
      return refused(error);
    }
  }

  /** Said once until it takes one again. */
  function refused(why: unknown): false {
    if (!isAway) log.warn({ err: why }, "the lobby index takes no results; they are kept here");
    isAway = true;
    return false;
  }

  async function tellAll(): Promise<void> {
    for (const [match, waiting] of pending) {
      if (nowMs() - waiting.sinceMs >= limits.reportKeptMs) {
        lose(match, `the lobby index did not take it within ${limits.reportKeptMs} ms`);
        continue;
      }
      const isDone = await ask(waiting.report);
      if (isDone) pending.delete(match);
      else if (pending.delete(match)) {
        // To the end of the line, so that one that is never taken does not keep the others.
        pending.set(match, waiting);
        return;
      }
    }
  }

  function run(): Promise<void> {
    clearTimeout(timer);
    turn ??= tellAll().finally(() => {
      turn = undefined;
      if (pending.size > 0 && !isStopped) timer = setTimeout(() => void run(), limits.heartbeatMs);
    });
    return turn;
  }

  return {
    send(report) {
      if (pending.size >= PENDING_MAX) lose(pending.keys().next().value!, "too many wait for the lobby index");
      pending.set(report.match, { report, sinceMs: nowMs() });
      if (!turn && !isAway) void run();
    },
    async stop(ms) {
      const endMs = nowMs() + ms;
      while (pending.size > 0 && nowMs() < endMs) {
        await within(run(), endMs - nowMs(), () => {});
        if (pending.size > 0) await pause(Math.min(limits.heartbeatMs, Math.max(0, endMs - nowMs())));
      }
      isStopped = true;
      clearTimeout(timer);
      for (const match of [...pending.keys()]) lose(match, "the server ends, and the lobby index does not take it");
    },
    get pending() {
      return pending.size;
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
