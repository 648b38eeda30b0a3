/**
 * Ratings of one process, gone with it: for development, tests and a first embedding. The same rules as every store, and bounds on what
 * it keeps: whoever changed longest ago is forgotten first, and is a new player again.
 */
import { applyResult, type Career, NEW_CAREER, RATING_RULES, type RatingRules, standingOf } from "../apply-result.ts";
import { checkPage } from "../leaderboard.ts";
import { MATCH_FORGOTTEN_MS, type RatingStore, RESULT_REMEMBERED_MS, type RecordedMatch } from "../rating-store.ts";

export interface MemoryRatingsOptions extends Partial<RatingRules> {
  /** Players that are kept, of all modes together. */
  readonly playersMax?: number;
  /** Matches that wait for their result, and as many that had it. */
  readonly matchesMax?: number;
}

/** About 60 MB when full. */
const PLAYERS_MAX = 200_000;
const MATCHES_MAX = 100_000;

interface Player {
  readonly mode: string;
  readonly playerId: string;
  readonly career: Career;
}

export function createMemoryRatings(options: MemoryRatingsOptions = {}): RatingStore {
  const { leaves, leaderboardMatchesMin } = { ...RATING_RULES, ...options };
  const { playersMax = PLAYERS_MAX, matchesMax = MATCHES_MAX } = options;
  // All three oldest first.
  const waiting = new Map<string, RecordedMatch>();
  const appliedAtMs = new Map<string, number>();
  const players = new Map<string, Player>();
  const careerOf = (mode: string, playerId: string) => players.get(keyOf(mode, playerId))?.career ?? NEW_CAREER;

  function write(mode: string, playerId: string, career: Career): void {
    const key = keyOf(mode, playerId);
    players.delete(key);
    players.set(key, { mode, playerId, career });
  }

  function sweep(nowMs: number): void {
    dropFirst(waiting, matchesMax, ({ startedAtMs }) => startedAtMs <= nowMs - MATCH_FORGOTTEN_MS);
    dropFirst(appliedAtMs, matchesMax, (atMs) => atMs <= nowMs - RESULT_REMEMBERED_MS);
    dropFirst(players, playersMax, () => false);
  }

  return {
    async standings(mode, playerIds) {
      return playerIds.map((playerId) => standingOf(playerId, careerOf(mode, playerId)));
    },
    async record(recorded) {
      for (const match of recorded) {
        if (waiting.has(match.matchId) || appliedAtMs.has(match.matchId)) continue;
        waiting.set(match.matchId, match);
        sweep(match.startedAtMs);
      }
    },
    async apply(result, nowMs) {
      sweep(nowMs);
      const { matchId } = result;
      if (appliedAtMs.has(matchId)) return "ALREADY";
      const match = waiting.get(matchId);
      if (!match) return "UNKNOWN";
      const changed = applyResult(match, result, (playerId) => careerOf(match.mode, playerId), nowMs, leaves);
      for (const [playerId, career] of changed) write(match.mode, playerId, career);
      waiting.delete(matchId);
      appliedAtMs.set(matchId, nowMs);
      sweep(nowMs);
      return "APPLIED";
    },
    async leaderboard(query) {
      checkPage(query);
      const { mode, limit, offset } = query;
      return [...players.values()]
        .filter((player) => player.mode === mode && player.career.matches >= leaderboardMatchesMin)
        .map(({ playerId, career }) => standingOf(playerId, career))
        .sort((a, b) => b.rating - a.rating || (a.playerId < b.playerId ? -1 : 1))
        .slice(offset, offset + limit);
    },
    async close() {},
  };
}

const keyOf = (mode: string, playerId: string) => `${mode} ${playerId}`;

/** Drops from the front what is over, and the first of too many. */
function dropFirst<V>(map: Map<string, V>, max: number, isOver: (value: V) => boolean): void {
  for (const [key, value] of map) {
    if (map.size <= max && !isOver(value)) return;
    map.delete(key);
  }
}
