/**
 * Results on their way from the lobby index to the ratings. Every replica takes some; one that dies with a report in hand has not marked
 * it done, so another is given it, and the store applies it once whoever comes first. A result counts only for a match that the
 * matchmaker recorded itself: a report of any other is dropped, and said.
 */
import type { LobbyIndex, MatchReport } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { MatchResult, RatingStore } from "./rating-store.ts";

export type ResultEvent =
  /** `UNKNOWN`: nobody recorded such a match; it is dropped. */
  | {
      readonly kind: "result";
      readonly outcome: "APPLIED" | "ALREADY" | "UNKNOWN";
      readonly match: string;
      readonly mode: string;
      readonly report: MatchReport;
    }
  /** The store did not take it; the index gives it again. */
  | { readonly kind: "result-failed"; readonly match: string; readonly error: unknown }
  /** The index did not answer; it is asked again. */
  | { readonly kind: "results-away"; readonly error: unknown };

export interface ResultCollectorOptions {
  readonly index: Pick<LobbyIndex, "takeReports" | "doneReports">;
  readonly ratings: Pick<RatingStore, "apply">;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  readonly observe: (event: ResultEvent) => void;
}

export interface ResultCollector {
  /** From now on, again and again. */
  start(): void;
  /** Resolves when what was taken is done with. */
  stop(): Promise<void>;
  /** One turn: how many reports there were. Never rejects. */
  collect(): Promise<number>;
}

/** A rating that is a second old is as good as new: nobody plays two matches in it. */
const EVERY_MS = 1_000;
/** Reports in one turn; a full one is followed by the next at once. A store in memory applies as many duels in two milliseconds. */
const TURN_MAX = 50;

export function createResultCollector({
  index,
  ratings,
  clock,
  wallMs,
  observe,
}: ResultCollectorOptions): ResultCollector {
  let stopWaiting: (() => void) | undefined;
  let turn: Promise<void> = Promise.resolve();
  let isRunning = false;

  /** Whether it is done with. */
  async function apply(report: MatchReport): Promise<boolean> {
    const { match, mode } = report;
    try {
      observe({ kind: "result", outcome: await ratings.apply(resultOf(report), wallMs()), match, mode, report });
      return true;
    } catch (error) {
      observe({ kind: "result-failed", match, error });
      return false;
    }
  }

  async function collect(): Promise<number> {
    try {
      const pending = await index.takeReports(TURN_MAX);
      const done = await Promise.all(pending.map(async ({ id, report }) => ((await apply(report)) ? [id] : [])));
      await index.doneReports(done.flat());
      return pending.length;
    } catch (error) {
      observe({ kind: "results-away", error });
      return 0;
    }
  }

  async function run(): Promise<void> {
    let found = TURN_MAX;
    while (isRunning && found >= TURN_MAX) found = await collect();
    if (isRunning) stopWaiting = clock.after(EVERY_MS, next);
  }
  function next(): void {
    turn = run();
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      next();
    },
    async stop() {
      isRunning = false;
      stopWaiting?.();
      await turn;
    },
    collect,
  };
}

/** Who sat down is known to the room alone, who should have to the store alone. */
const resultOf = ({ match, ranks = {}, left, players }: MatchReport): MatchResult => ({
  matchId: match,
  ranks,
  left,
  sat: players.map(({ playerId }) => playerId),
});
