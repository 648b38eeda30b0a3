/**
 * Standings of players who were asked for lately, so that enlisting again costs no question to the store. What changes a standing puts
 * the new one here, or takes the old one out; a standing in here is never older than the store's last word.
 */
import type { Standing } from "./rating-store.ts";

export interface RecentStandings {
  get(mode: string, playerId: string): Standing | undefined;
  put(mode: string, standing: Standing): void;
  drop(mode: string, playerId: string): void;
  clear(): void;
  readonly size: number;
}

/** Keeps `max`; whoever was asked for longest ago goes first. */
export function createRecentStandings(max: number): RecentStandings {
  const standings = new Map<string, Standing>();
  const keyOf = (mode: string, playerId: string) => `${mode} ${playerId}`;

  return {
    get(mode, playerId) {
      const key = keyOf(mode, playerId);
      const standing = standings.get(key);
      if (!standing) return undefined;
      standings.delete(key);
      standings.set(key, standing);
      return standing;
    },
    put(mode, standing) {
      const key = keyOf(mode, standing.playerId);
      standings.delete(key);
      standings.set(key, standing);
      if (standings.size > max) standings.delete(standings.keys().next().value!);
    },
    drop: (mode, playerId) => void standings.delete(keyOf(mode, playerId)),
    clear: () => standings.clear(),
    get size() {
      return standings.size;
    },
  };
}
