/**
 * The end of a match as room code declares it. The room is over at once: locked, buried, gone from the index with the next
 * heartbeat; its players are told by the close code. Results are handed on once a match, however often it is finished: to the
 * matchmaker where it made the match, and to `onFinish`. A room that ends in any other way has no result.
 */
import type { MatchReport } from "@frontrow/lobby/lobby.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { ReportFault } from "../room-faults.ts";
import { goneFrom, matchReportOf, type Ranks, type Results, resultProblems } from "./match-result.ts";
import type { RoomRecord } from "./room-record.ts";
import type { RoomTable } from "./room-table.ts";
import { type SeatedPlayer, seatedPlayerOf } from "./seat-auth.ts";

export interface FinishedMatch {
  /** The match's id; the room's where the mode makes no matches. */
  readonly match: string;
  readonly roomId: string;
  readonly mode: string;
  readonly ranks: Ranks | undefined;
  /** Who sat in the room as it finished. */
  readonly players: readonly SeatedPlayer[];
  /** Player ids of who had sat down and left too early; of a mode that makes matches. */
  readonly left: readonly string[];
}

export type OnFinish = (finished: FinishedMatch) => void | Promise<void>;

/** Match ids whose results were handed on; a match has one room, so this guards against a second finish of the same. */
const MATCHES_MAX = 10_000;

export interface FinishOptions {
  readonly table: RoomTable;
  /** Whether the matchmaker makes this mode's matches. */
  readonly isMatchMode: (mode: string) => boolean;
  readonly report: (result: MatchReport) => void;
  readonly onFinish: OnFinish | undefined;
  readonly reportFault: ReportFault;
}

export function createFinish({ table, isMatchMode, report, onFinish, reportFault }: FinishOptions) {
  const finished = new Set<string>();

  function isFirst(match: string): boolean {
    if (finished.has(match)) return false;
    if (finished.size >= MATCHES_MAX) finished.delete(finished.values().next().value!);
    finished.add(match);
    return true;
  }

  /** Everything is read before the first wait: the room is about to lose its players. */
  async function handOn(record: RoomRecord, results: Results): Promise<void> {
    const { mode, match } = record.origin;
    if (!isFirst(match ?? record.roomId)) return;
    if (match !== undefined && isMatchMode(mode)) {
      const problems = resultProblems(results, record);
      if (problems.length > 0) throw new Error(`finish(): the match counts for nothing. ${problems.join("; ")}`);
      report(matchReportOf(record, match, results));
    }
    const players: SeatedPlayer[] = [];
    for (const place of record.seats()) if (place.state === "seated") players.push(seatedPlayerOf(place.claims));
    const left = results.left ?? goneFrom(record);
    await onFinish?.({
      match: match ?? record.roomId,
      roomId: record.roomId,
      mode,
      ranks: results.ranks,
      players,
      left,
    });
  }

  /** Resolves when the room is disposed; does nothing for one that is over already. */
  return async function finish(record: RoomRecord, results: Results = {}): Promise<void> {
    if (record.isOver) return;
    if (!record.room) throw new Error("a room cannot finish while it is being made");
    const handedOn = handOn(record, results).catch((error) => reportFault("results", record.roomId, error));
    await table.end(record, "ROOM_FINISHED", errorCatalogue.ROOM_FINISHED.close);
    await handedOn;
  };
}

export type Finish = ReturnType<typeof createFinish>;
