/** What happened in a run, so that nobody can call it vacuous. */
const COUNTED = [
  "tickets",
  "party tickets",
  "matches",
  "matches with bots",
  "tickets seated",
  "tickets timed out",
  "tickets cancelled",
  "ready checks declined",
  "takeovers",
  "stale proposals declined",
  "messages",
  "messages lost",
  "messages duplicated",
  "messages cut off",
  "links cut",
  "partitions",
  "asks lost",
  "answers lost",
  "asks duplicated",
  "settled RESERVED",
  "settled ABORTED",
  "settled WAIT",
  "commits while settling",
  "gave up settling",
  "replica crashes",
  "replica pauses",
  "edge crashes",
  "edge pauses",
  "tickets resubmitted",
  "receipts forged",
  "moves to another edge",
  "server crashes",
  "index amnesias",
  "index rollbacks",
  "index absences",
  "clock steps of the index",
  "clock steps of processes",
  "modes paused",
  "seats sat in",
  "seats not taken",
  "tickets beside a seat",
  "matches refused for who sits",
  "tickets of who sits",
] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Record<Counted, number>;

export const noCounts = (): Counts => Object.fromEntries(COUNTED.map((name) => [name, 0])) as Counts;

export function addCounts(sum: Counts, more: Counts): void {
  for (const name of COUNTED) sum[name] += more[name];
}
