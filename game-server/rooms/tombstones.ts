/**
 * Rooms that are over, and why: no token brings one back. A stone stands until the index has been told that the room is gone
 * and every token for it has expired; their number is bounded, the oldest goes first.
 */
export type Ending = "ROOM_FINISHED" | "ROOM_FAILED";

/** Stones kept at most: ten rooms a second ending for a whole hour without an index. */
const STONES_MAX = 36_000;

export interface Tombstones {
  set(roomId: string, why: Ending): void;
  get(roomId: string): Ending | undefined;
  /** Rooms the index has not been told of, at most `max`. */
  untold(max: number): string[];
  /** The index knows: the stones may fall when tokens made until now have expired. */
  told(roomIds: readonly string[]): void;
  prune(): void;
}

/** `keepMs`: longer than a token lives, with the index's knowledge on its way. */
export function createTombstones(keepMs: number, nowMs: () => number): Tombstones {
  const stones = new Map<string, { why: Ending; fallsAtMs: number | undefined }>();

  return {
    set(roomId, why) {
      if (stones.has(roomId)) return;
      if (stones.size >= STONES_MAX) stones.delete(stones.keys().next().value!);
      stones.set(roomId, { why, fallsAtMs: undefined });
    },
    get: (roomId) => stones.get(roomId)?.why,
    untold(max) {
      const found: string[] = [];
      for (const [roomId, { fallsAtMs }] of stones) {
        if (found.length >= max) break;
        if (fallsAtMs === undefined) found.push(roomId);
      }
      return found;
    },
    told(roomIds) {
      for (const roomId of roomIds) {
        const stone = stones.get(roomId);
        if (stone) stone.fallsAtMs = nowMs() + keepMs;
      }
    },
    prune() {
      for (const [roomId, { fallsAtMs }] of stones) {
        if (fallsAtMs !== undefined && fallsAtMs <= nowMs()) stones.delete(roomId);
      }
    },
  };
}
