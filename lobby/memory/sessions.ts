/** Session records in memory: the newest owner of a player wins, the earlier one is told. */
import type { Limits } from "@frontrow/shared/limits.ts";
import type { SessionRecords } from "../lobby.ts";
import { createExpiringMap } from "./expiring-map.ts";

interface SessionRecord {
  /** Empty once it has ended; the generation stays, so that it only goes up. */
  owner: string;
  generation: number;
  /** When the owner's session opened. */
  sinceMs: number;
}

export function createMemorySessions(limits: Limits, nowMs: () => number): SessionRecords {
  const records = createExpiringMap<SessionRecord>(nowMs);
  const listeners = new Set<(loser: { player: string; owner: string }) => void>();

  return {
    async claim(player, owner, ageMs) {
      const earlier = records.get(player);
      const again = earlier?.owner === owner;
      // Whole milliseconds, as the clock's: else the fraction of an age makes the later of two within one millisecond the older.
      const sinceMs = again ? earlier.sinceMs : nowMs() - Math.floor(ageMs);
      if (earlier?.owner && sinceMs < earlier.sinceMs) return { generation: earlier.generation, isNewest: false };
      // Never below the clock: a forgotten record's next generation is still a higher one.
      const generation = again ? earlier.generation : Math.max((earlier?.generation ?? 0) + 1, nowMs());
      records.set(player, { owner, generation, sinceMs }, nowMs() + limits.sessionForgottenMs);
      if (earlier?.owner && !again) {
        const loser = { player, owner: earlier.owner };
        queueMicrotask(() => {
          for (const told of listeners) told(loser);
        });
      }
      return { generation, isNewest: true };
    },
    async end(player, owner) {
      const record = records.get(player);
      if (record?.owner === owner) record.owner = "";
    },
    onSuperseded(told) {
      const listener = (loser: { player: string; owner: string }) => told(loser);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
