/** A room as `listRooms` shows it. Metadata is a game server's own text: what is not JSON is shown as null, never thrown at a player. */
import type { RoomEntry } from "@frontrow/shared/protocol/words.ts";

export interface ListedRoom {
  readonly roomId: string;
  readonly mode: string;
  readonly capacity: number;
  readonly seated: number;
  readonly held: number;
  readonly metadata: string;
  /** Free places for spectators; undefined: it takes none. */
  readonly watch?: number | undefined;
}

export function roomEntry({ roomId, mode, capacity, seated, held, metadata, watch }: ListedRoom): RoomEntry {
  return {
    roomId,
    mode,
    seats: capacity,
    free: Math.max(0, capacity - seated - held),
    metadata: parsedOrNull(metadata),
    ...(watch === undefined ? {} : { watch }),
  };
}

function parsedOrNull(text: string): RoomEntry["metadata"] {
  try {
    return JSON.parse(text) as RoomEntry["metadata"];
  } catch {
    return null;
  }
}
