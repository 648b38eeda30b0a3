/**
 * The end of a match as room code declares it. The room is over at once: locked, buried, gone from the index with the next
 * heartbeat; its players are told by the close code. Results are handed on once a match, however often it is finished.
 */
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { ReportFault } from "../room-faults.ts";
import type { RoomRecord } from "./room-record.ts";
import type { RoomTable } from "./room-table.ts";
import { type SeatedPlayer, seatedPlayerOf } from "./seat-auth.ts";

/** By player id: 1 is the best, equal ranks are a draw. */
export type Ranks = Readonly<Record<string, number>>;

export interface FinishedMatch {
  /** The match's id; the room's where the mode makes no matches. */
  readonly match: string;
  readonly roomId: string;
  readonly mode: string;
  readonly ranks: Ranks | undefined;
  /** Who sat in the room as it finished. */
  readonly players: readonly SeatedPlayer[];
}

export type OnFinish = (finished: FinishedMatch) => void | Promise<void>;

/** Match ids whose results were handed on; a match has one room, so this guards against a second finish of the same. */
const MATCHES_MAX = 10_000;

export function createFinish(table: RoomTable, onFinish: OnFinish | undefined, reportFault: ReportFault) {
  const finished = new Set<string>();

  async function handOn(record: RoomRecord, ranks: Ranks | undefined): Promise<void> {
    const match = record.origin.match ?? record.roomId;
    if (!onFinish || finished.has(match)) return;
    if (finished.size >= MATCHES_MAX) finished.delete(finished.values().next().value!);
    finished.add(match);
    const players: SeatedPlayer[] = [];
    for (const place of record.places()) if (place.state === "seated") players.push(seatedPlayerOf(place.claims));
    await onFinish({ match, roomId: record.roomId, mode: record.origin.mode, ranks, players });
  }

  /** Resolves when the room is disposed; does nothing for one that is over already. */
  return async function finish(record: RoomRecord, ranks?: Ranks): Promise<void> {
    if (record.isOver) return;
    if (!record.room) throw new Error("a room cannot finish while it is being made");
    const handedOn = handOn(record, ranks).catch((error) => reportFault("results", record.roomId, error));
    await table.end(record, "ROOM_FINISHED", errorCatalogue.ROOM_FINISHED.close);
    await handedOn;
  };
}

export type Finish = ReturnType<typeof createFinish>;
