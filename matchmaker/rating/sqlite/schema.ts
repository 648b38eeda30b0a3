/**
 * The file: a write-ahead log, so that readers and the one writer of several processes do not wait for each other; every transaction
 * survives the death of a process, and those of the last moments may be lost with the machine's power (synchronous NORMAL), never a part
 * of one.
 */
import { DatabaseSync } from "node:sqlite";

/** How long a transaction waits for another process's; in its own thread, so that nothing else waits with it. */
const BUSY_MS = 5_000;
/** Goes up with each change of the tables. */
const SCHEMA_VERSION = 1;

/** Guests' names are good for one visit: their rows do not stay. The same words in the index and in what uses it. */
export const IS_GUEST = "substr(player_id, 1, 6) = 'guest_'";

const SCHEMA = `
  CREATE TABLE matches (
    match_id TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    teams TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    is_applied INTEGER NOT NULL DEFAULT 0,
    forget_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX matches_by_end ON matches (forget_at_ms);

  CREATE TABLE careers (
    mode TEXT NOT NULL,
    player_id TEXT NOT NULL,
    mu REAL NOT NULL,
    sigma REAL NOT NULL,
    matches INTEGER NOT NULL,
    leaves INTEGER NOT NULL,
    left_at_ms TEXT NOT NULL,
    barred_until_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    -- Number of the write, over all processes, and which of them wrote: others learn from it what they remember wrongly.
    change INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    PRIMARY KEY (mode, player_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX careers_by_skill ON careers (mode, mu DESC, player_id);
  CREATE INDEX careers_by_change ON careers (change);
  CREATE INDEX guests_by_age ON careers (changed_at_ms) WHERE ${IS_GUEST};

  CREATE TABLE changes (only_row INTEGER PRIMARY KEY CHECK (only_row = 0), last INTEGER NOT NULL) STRICT;
  INSERT INTO changes VALUES (0, 0);
`;

/** Makes the file where there is none. Throws where it cannot be used, or a newer Frontrow wrote it. */
export function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
    inTransaction(db, "IMMEDIATE", () => {
      const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
      if (version > SCHEMA_VERSION) {
        throw new Error(`the file's tables have version ${version}; this program knows up to ${SCHEMA_VERSION}`);
      }
      if (version === 0) db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** All of it or nothing. */
export function inTransaction<T>(db: DatabaseSync, kind: "IMMEDIATE" | "DEFERRED", act: () => T): T {
  db.exec(`BEGIN ${kind}`);
  try {
    const result = act();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // Some errors, such as a full disk, have rolled back already.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
