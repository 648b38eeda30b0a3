/**
 * What goes with each heartbeat: the rooms that changed, or a portion of all of them while everything is being published. An
 * index that lost its memory gets everything at once; one that did not gets it now and then, because it forgets rooms that it
 * does not hear of for `roomForgottenMs`.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import type { RoomTable } from "../rooms/room-table.ts";
import { type Draft, draftRooms } from "./draft.ts";

export interface Portion {
  readonly rooms: Draft;
  /** The last portion of everything. */
  readonly complete: boolean;
  /** More has to follow at once. */
  readonly more: boolean;
}

export interface Publication {
  next(): Portion;
  /** The index has the portion, and wants everything after `republishInMs`; -1: it knows everything. */
  answered(portion: Portion, republishInMs: number): void;
  /** The index knows nothing. */
  restart(): void;
}

export interface PublicationOptions {
  readonly table: RoomTable;
  readonly limits: Limits;
  readonly metadataOf: (record: RoomRecord) => string;
  /** Nobody new is to come into any room. */
  readonly isFull?: (() => boolean) | undefined;
  readonly nowMs: () => number;
}

export function createPublication({ table, limits, metadataOf, isFull, nowMs }: PublicationOptions): Publication {
  const { roomsPerHeartbeat } = limits;
  /** Twice within the time after which a room is forgotten, with one to spare. */
  const everyMs = limits.roomForgottenMs / 3;
  /** What everything has still to say; undefined while only changes are said. */
  let rest: RoomRecord[] | undefined;
  let dueMs = 0;

  const isChanged = (record: RoomRecord) => record.isChanged && record.room !== undefined && !record.isOver;

  return {
    next() {
      if (rest === undefined && nowMs() >= dueMs) rest = [...table.records()];
      const isWhole = rest !== undefined;
      const waiting = rest ?? [...table.records()].filter(isChanged);
      const now = waiting.slice(0, roomsPerHeartbeat);
      const more = waiting.length > now.length;
      return { rooms: draftRooms(now, isWhole, metadataOf, isFull?.()), complete: isWhole && !more, more };
    },
    answered({ rooms, complete }, republishInMs) {
      rooms.answered();
      if (rest) {
        rest = complete ? undefined : rest.slice(roomsPerHeartbeat);
        if (complete) dueMs = nowMs() + everyMs;
      }
      if (rest === undefined && republishInMs >= 0) dueMs = Math.min(dueMs, nowMs() + republishInMs);
    },
    restart() {
      rest = undefined;
      dueMs = 0;
    },
  };
}
