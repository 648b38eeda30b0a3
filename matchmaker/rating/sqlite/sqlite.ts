/**
 * Ratings in a SQLite file, which any number of processes on one machine may share; Node's own SQLite, from Node 22.13 on. Everything
 * that waits for the disk happens in a thread; standings of players who were asked for lately are answered here.
 */
import { RATING_RULES, type RatingRules } from "../apply-result.ts";
import { checkPage } from "../leaderboard.ts";
import type { RatingStore, Standing } from "../rating-store.ts";
import { createRecentStandings } from "../recent-standings.ts";
import { openConversation } from "./conversation.ts";

export interface SqliteRatingsOptions extends Partial<RatingRules> {
  /** Standings that are remembered. */
  readonly standingsMax?: number;
}

/** About 15 MB when full. */
const STANDINGS_MAX = 50_000;

/** Makes the file where there is none, beside two more that end in `-wal` and `-shm`. Rejects if it cannot be used. */
export async function createSqliteRatings(file: string, options: SqliteRatingsOptions = {}): Promise<RatingStore> {
  const { standingsMax = STANDINGS_MAX, ...given } = options;
  const recent = createRecentStandings(standingsMax);
  const { ask, close } = await openConversation({ file, rules: { ...RATING_RULES, ...given } }, (players) => {
    if (players === "all") recent.clear();
    else for (const { mode, playerId } of players) recent.drop(mode, playerId);
  });

  return {
    async standings(mode, playerIds) {
      const known = new Map<string, Standing>();
      const missing: string[] = [];
      for (const playerId of playerIds) {
        const standing = recent.get(mode, playerId);
        if (standing) known.set(playerId, standing);
        else missing.push(playerId);
      }
      if (missing.length > 0) {
        for (const standing of await ask({ kind: "standings", mode, playerIds: missing })) {
          known.set(standing.playerId, standing);
          recent.put(mode, standing);
        }
      }
      return playerIds.map((playerId) => known.get(playerId)!);
    },
    async record(matches) {
      await ask({ kind: "record", matches });
    },
    async apply(result, nowMs) {
      const { outcome, mode, changed } = await ask({ kind: "apply", result, nowMs });
      for (const standing of changed) recent.put(mode, standing);
      return outcome;
    },
    async leaderboard(query) {
      checkPage(query);
      return ask({ kind: "leaderboard", query });
    },
    close,
  };
}
