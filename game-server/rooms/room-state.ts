/** What a room would say to a player who comes now, in one word: for whoever looks at how full a server is. */
import { internalsOf } from "../colyseus/internals.ts";
import type { RoomRecord } from "./room-record.ts";

/** making: its first player is coming in. empty: nobody is there, and it goes soon. */
const ROOM_STATES = ["making", "empty", "open", "full", "locked"] as const;
export type RoomState = (typeof ROOM_STATES)[number];

/** Undefined: it is over. */
export function roomStateOf(record: RoomRecord): RoomState | undefined {
  const { room, isOver } = record;
  if (isOver) return undefined;
  if (!room) return "making";
  if (internalsOf(room)._lockedExplicitly) return "locked";
  if (record.isEmpty()) return "empty";
  return record.seated() >= room.maxClients ? "full" : "open";
}

/** How many of each, those of which there are none too. */
export function countStates(records: Iterable<RoomRecord>): Record<RoomState, number> {
  const counts = Object.fromEntries(ROOM_STATES.map((state) => [state, 0])) as Record<RoomState, number>;
  for (const record of records) {
    const state = roomStateOf(record);
    if (state) counts[state]++;
  }
  return counts;
}
