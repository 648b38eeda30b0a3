import { describe, expect, it } from "vitest";
import { PINNED } from "./pinned.ts";
import { type Run, runSeed } from "./run-seed.ts";
import { DEFAULT_SEEDS } from "./seeds.ts";
import { addCounts, type Counted, noCounts } from "./watch/counts.ts";

/** May be rare enough for a few hundred seeds to have few of them. */
const ENOUGH: Partial<Record<Counted, number>> = { "commits while settling": 1, "gave up settling": 1 };

const told = ({ seed, broken }: Run) =>
  `seed ${seed}, [${broken!.rule}] at ${Math.round(broken!.atMs)} ms: ${broken!.what} (npm run sim -- --seed ${seed} --trace)`;

describe(`${DEFAULT_SEEDS} seeds of a metro where everything goes wrong`, async () => {
  const counts = noCounts();
  const broken: Run[] = [];
  for (let seed = 1; seed <= DEFAULT_SEEDS; seed++) {
    const run = await runSeed(seed);
    addCounts(counts, run.counts);
    if (!run.broken) continue;
    broken.push(run);
    // The last operations before it broke.
    console.log(told(run), (await runSeed(seed, { trace: true })).lines.slice(-60).join("\n"));
  }
  console.log(
    `${DEFAULT_SEEDS} seeds: ${Object.entries(counts)
      .map(([name, times]) => `${times} ${name}`)
      .join(", ")}`,
  );

  const holds = (rule: string) => () => expect(broken.filter((run) => run.broken!.rule === rule).map(told)).toEqual([]);
  it("[SM1] a ticket is in at most one committed match", holds("SM1"));
  it("[SM2] all tickets of a match get seats in one room, or none does", holds("SM2"));
  it("[SM3] no match takes seats without a lock of every holder", holds("SM3"));
  it("[SM4] a cancelled ticket yields no seat", holds("SM4"));
  it("[SM5] epochs only go up, and fence off who was replaced", holds("SM5"));
  it("[SM6] a player with a seat gets no other", holds("SM6"));
  it("[SM7] matches never share a room, and no room has more players than seats", holds("SM7"));
  it("[SM8] tokens expire before their hold, and who asks again gets the same room", holds("SM8"));
  it("[SM9] old heartbeats change nothing, and servers that live are in the index", holds("SM9"));
  it("[SM10] a ticket is as old as its player has waited", holds("SM10"));
  it("[SM11] a party is matched with all its members, or not at all", holds("SM11"));
  it("[SM12] builds and modes never mix, and a paused mode takes no seats", holds("SM12"));
  it("[SM13] every ticket ends by its deadline", holds("SM13"));
  it("[SM14] tickets that fit are matched once the faults are over, and nothing is left in any table", holds("SM14"));
  it("[SM15] nothing throws, and what one end says the other reads", holds("SM15"));
  it("[SM19] who sits in a match, and the index was told, is in no second one", holds("SM19"));
  it("[SM20] whoever had left before he asked is not refused for where he sat", holds("SM20"));

  it.each(Object.entries(counts))("[SM16] it was not vacuous: %s", (name, times) => {
    expect(times).toBeGreaterThanOrEqual(ENOUGH[name as Counted] ?? 10);
  });
});

it("[SM16] the same seed plays the same twice", async () => {
  const [once, twice] = [await runSeed(7, { trace: true }), await runSeed(7, { trace: true })];
  expect(once.lines.length).toBeGreaterThan(100);
  expect(twice).toEqual(once);
});

it.each(PINNED)("[SM18] seed $seed breaks nothing any more: $story", async ({ seed }) => {
  const run = await runSeed(seed);
  expect(run.broken && told(run)).toBeUndefined();
});
