/** A process of its own on a ratings file: `node apply-all.ts <file> <matches>` records and applies m0, m1, …, and says how often each outcome was. */
import { createSqliteRatings } from "@frontrow/matchmaker/rating/sqlite/sqlite.ts";

const [file = "", count = "0"] = process.argv.slice(2);
const startedAtMs = 1_700_000_000_000;
const store = await createSqliteRatings(file);
const said: Record<string, number> = { APPLIED: 0, ALREADY: 0, UNKNOWN: 0 };
const ids = Array.from({ length: Number(count) }, (_, at) => `m${at}`);
await store.record(ids.map((matchId) => ({ matchId, mode: "duel", teams: [["ada"], ["bob"]], startedAtMs })));
// One after another, so that two processes are at it at the same time.
for (const matchId of ids) said[await store.apply({ matchId, ranks: { ada: 1 }, left: [] }, startedAtMs + 1_000)]!++;
// Not closed: a process that ends, or is killed, leaves the file as good.
console.log(JSON.stringify(said));
