import { expect, it } from "vitest";
import { runSeed } from "./run-seed.ts";
import { addCounts, noCounts } from "./watch/counts.ts";

const SEEDS = 60;

it("[SM1] no rule breaks at any step of any seed", async () => {
  const all = noCounts();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { broken, counts } = await runSeed(seed);
    expect(broken, `seed ${seed}: npm run sim -- --seed ${seed} --trace`).toBeUndefined();
    addCounts(all, counts);
  }
}, 60_000);
