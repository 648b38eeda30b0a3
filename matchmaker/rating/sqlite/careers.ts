/** Rows of players, and which of them other processes wrote. */
import type { DatabaseSync } from "node:sqlite";
import { type Career, NEW_CAREER } from "../apply-result.ts";
import { type LeaderboardQuery, MATCH_FORGOTTEN_MS } from "../rating-store.ts";
import type { PlayerChange } from "./asks.ts";
import { IS_GUEST, inTransaction } from "./schema.ts";

/** Above this, whoever remembers standings had better forget them all. */
const CHANGES_NAMED_MAX = 10_000;

interface CareerRow {
  readonly player_id: string;
  readonly mu: number;
  readonly sigma: number;
  readonly matches: number;
  readonly leaves: number;
  readonly left_at_ms: string;
  readonly barred_until_ms: number;
}

export function createCareers(db: DatabaseSync, leaderboardMatchesMin: number, writer: number) {
  const select = db.prepare("SELECT * FROM careers WHERE mode = ? AND player_id = ?");
  const upsert = db.prepare("INSERT OR REPLACE INTO careers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const page = db.prepare(
    "SELECT * FROM careers WHERE mode = ? AND matches >= ? ORDER BY mu DESC, player_id LIMIT ? OFFSET ?",
  );
  const sweep = db.prepare(
    `DELETE FROM careers WHERE (mode, player_id) IN
       (SELECT mode, player_id FROM careers WHERE ${IS_GUEST} AND changed_at_ms <= ? LIMIT ?)`,
  );
  const count = db.prepare("UPDATE changes SET last = last + 1 RETURNING last");
  const newest = db.prepare("SELECT last FROM changes");
  const changed = db.prepare(
    "SELECT mode, player_id AS playerId FROM careers WHERE change > ? AND writer <> ? LIMIT ?",
  );
  /** Goes up when another connection has committed; costs no disk. */
  const dataVersion = db.prepare("PRAGMA data_version");
  const versionNow = () => Number(dataVersion.get()?.data_version);
  const newestChange = () => Number(newest.get()?.last);
  let seenVersion = versionNow();
  let seenChange = newestChange();

  return {
    read(mode: string, playerId: string): Career {
      const row = select.get(mode, playerId) as CareerRow | undefined;
      return row ? careerOf(row) : NEW_CAREER;
    },
    write(mode: string, careers: ReadonlyMap<string, Career>, nowMs: number): void {
      const change = Number(count.get()?.last);
      for (const [playerId, { skill, matches, leaves, leftAtMs, barredUntilMs }] of careers) {
        const times = [JSON.stringify(leftAtMs), Math.floor(barredUntilMs), Math.floor(nowMs)] as const;
        upsert.run(mode, playerId, skill.mu, skill.sigma, matches, leaves, ...times, change, writer);
      }
    },
    best({ mode, limit, offset }: LeaderboardQuery): { playerId: string; career: Career }[] {
      const rows = page.all(mode, leaderboardMatchesMin, limit, offset) as unknown as CareerRow[];
      return rows.map((row) => ({ playerId: row.player_id, career: careerOf(row) }));
    },
    sweepGuests(nowMs: number, max: number): void {
      sweep.run(Math.floor(nowMs) - MATCH_FORGOTTEN_MS, max);
    },
    changedElsewhere(): readonly PlayerChange[] | "all" {
      const version = versionNow();
      if (version === seenVersion) return [];
      return inTransaction(db, "DEFERRED", () => {
        const rows = changed.all(seenChange, writer, CHANGES_NAMED_MAX + 1) as unknown as PlayerChange[];
        seenVersion = version;
        seenChange = newestChange();
        return rows.length > CHANGES_NAMED_MAX ? "all" : rows.map(({ mode, playerId }) => ({ mode, playerId }));
      });
    },
  };
}

const careerOf = (row: CareerRow): Career => ({
  skill: { mu: row.mu, sigma: row.sigma },
  matches: row.matches,
  leaves: row.leaves,
  leftAtMs: JSON.parse(row.left_at_ms),
  barredUntilMs: row.barred_until_ms,
});
