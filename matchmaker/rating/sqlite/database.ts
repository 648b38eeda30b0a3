/**
 * Ratings in a SQLite file, as plain calls that wait for the disk: the thread's (`thread.ts`). Asks that came together are one
 * transaction. A result is applied in the transaction that marks its match, so that no restart and no second process applies it again.
 */
import type { DatabaseSync } from "node:sqlite";
import { applyResult, type Career, NEW_CAREER, type RatingRules, standingOf } from "../apply-result.ts";
import {
  type LeaderboardQuery,
  MATCH_FORGOTTEN_MS,
  type MatchResult,
  RESULT_REMEMBERED_MS,
  type RecordedMatch,
  type Standing,
} from "../rating-store.ts";
import type { Answer, Applied, Ask, Outcome, PlayerChange } from "./asks.ts";
import { createCareers } from "./careers.ts";
import { inTransaction, openFile } from "./schema.ts";

/** Old rows deleted in one transaction; more than one can add, so that what is over goes. */
const SWEPT_PER_BATCH = 1_000;

export interface RatingsDatabase {
  /** All in one transaction; should it fail, each in its own, so that one cannot fail the others. */
  run(asks: readonly Ask[]): Outcome[];
  /** Whose careers other processes wrote since this was asked last. */
  changedElsewhere(): readonly PlayerChange[] | "all";
  close(): void;
}

interface MatchRow {
  readonly mode: string;
  readonly teams: string;
  readonly started_at_ms: number;
  readonly is_applied: number;
  readonly forget_at_ms: number;
}

/** `writer` tells this process's writes from others'. */
export function openDatabase(file: string, rules: RatingRules, writer: number): RatingsDatabase {
  const db = openFile(file);
  const careers = createCareers(db, rules.leaderboardMatchesMin, writer);
  const matches = prepareMatches(db);

  function apply(result: MatchResult, nowMs: number): Applied {
    const { matchId } = result;
    const row = matches.read(matchId);
    if (!row || row.forget_at_ms <= nowMs) return { outcome: "UNKNOWN", mode: "", changed: [] };
    const { mode } = row;
    if (row.is_applied) return { outcome: "ALREADY", mode, changed: [] };
    const match: RecordedMatch = { matchId, mode, teams: JSON.parse(row.teams), startedAtMs: row.started_at_ms };
    const before = new Map<string, Career>();
    for (const playerId of match.teams.flat()) before.set(playerId, careers.read(mode, playerId));
    const changed = applyResult(match, result, (id) => before.get(id) ?? NEW_CAREER, nowMs, rules.leaves);
    careers.write(mode, changed, nowMs);
    matches.markApplied(matchId, nowMs);
    return { outcome: "APPLIED", mode, changed: [...changed].map(([id, career]) => standingOf(id, career)) };
  }

  function answer(ask: Ask): Answer {
    if (ask.kind === "standings") return ask.playerIds.map((id) => standingOf(id, careers.read(ask.mode, id)));
    if (ask.kind === "record") return matches.record(ask.matches);
    if (ask.kind === "apply") return apply(ask.result, ask.nowMs);
    return board(ask.query);
  }
  const board = (query: LeaderboardQuery): Standing[] =>
    careers.best(query).map(({ playerId, career }) => standingOf(playerId, career));

  function together(asks: readonly Ask[]): Outcome[] {
    const writes = asks.some(({ kind }) => kind === "record" || kind === "apply");
    return inTransaction(db, writes ? "IMMEDIATE" : "DEFERRED", () => {
      const outcomes = asks.map((ask) => ({ answer: answer(ask) }));
      const nowMs = writes ? newestMs(asks) : 0;
      if (nowMs > 0) {
        matches.sweep(nowMs);
        careers.sweepGuests(nowMs, SWEPT_PER_BATCH);
      }
      return outcomes;
    });
  }

  function attempt(asks: readonly Ask[]): Outcome[] {
    try {
      return together(asks);
    } catch (error) {
      if (asks.length > 1) return asks.flatMap((ask) => attempt([ask]));
      return [{ failed: error instanceof Error ? error.message : String(error) }];
    }
  }

  return { run: attempt, changedElsewhere: careers.changedElsewhere, close: () => db.close() };
}

/** Time as the asks know it: the store has no clock of its own. */
const newestMs = (asks: readonly Ask[]): number =>
  asks.reduce((newest, ask) => {
    if (ask.kind === "apply") return Math.max(newest, ask.nowMs);
    if (ask.kind === "record") return ask.matches.reduce((ms, { startedAtMs }) => Math.max(ms, startedAtMs), newest);
    return newest;
  }, 0);

function prepareMatches(db: DatabaseSync) {
  const insert = db.prepare(
    "INSERT OR IGNORE INTO matches (match_id, mode, teams, started_at_ms, forget_at_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const select = db.prepare("SELECT * FROM matches WHERE match_id = ?");
  const mark = db.prepare("UPDATE matches SET is_applied = 1, forget_at_ms = ? WHERE match_id = ?");
  const forget = db.prepare(
    "DELETE FROM matches WHERE match_id IN (SELECT match_id FROM matches WHERE forget_at_ms <= ? LIMIT ?)",
  );
  return {
    read: (matchId: string) => select.get(matchId) as MatchRow | undefined,
    record(recorded: readonly RecordedMatch[]): undefined {
      for (const { matchId, mode, teams, startedAtMs } of recorded) {
        const atMs = Math.floor(startedAtMs);
        insert.run(matchId, mode, JSON.stringify(teams), atMs, atMs + MATCH_FORGOTTEN_MS);
      }
    },
    markApplied(matchId: string, nowMs: number): void {
      mark.run(Math.floor(nowMs) + RESULT_REMEMBERED_MS, matchId);
    },
    sweep(nowMs: number): void {
      forget.run(Math.floor(nowMs), SWEPT_PER_BATCH);
    },
  };
}
