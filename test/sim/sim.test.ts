/** Some hundred seeds, each once; then what every rule says of all of them. `npm run sim -- --seeds 100000` plays more. */
import { beforeAll, describe, expect, it } from "vitest";
import { runSeed } from "./run-seed.ts";
import { DEFAULT_SEEDS } from "./seeds.ts";
import { addCounts, noCounts } from "./watch/counts.ts";

describe(`${DEFAULT_SEEDS} seeds`, () => {
  const counts = noCounts();
  const broken: { rule: string; said: string }[] = [];
  beforeAll(async () => {
    for (let seed = 1; seed <= DEFAULT_SEEDS; seed++) {
      const played = await runSeed(seed);
      addCounts(counts, played.counts);
      if (!played.broken) continue;
      const { rule, what } = played.broken;
      broken.push({ rule, said: `${what} (npm run sim -- --seed ${seed} --trace)` });
    }
    console.info(
      Object.entries(counts)
        .map(([name, times]) => `${times} ${name}`)
        .join(", "),
    );
  }, 300_000);
  const holds = (rule: string) => expect(broken.filter((one) => one.rule === rule).map(({ said }) => said)).toEqual([]);

  it("[SM1] no ticket is in two committed matches", () => holds("SM1"));
  it("[SM2] all of a match sit in one room, or none", () => holds("SM2"));
  it("[SM3] no match takes seats without every lock", () => holds("SM3"));
  it("[SM4] what was cancelled before its lock yields no seat", () => holds("SM4"));
  it("[SM5] epochs name one set and only go up", () => holds("SM5"));
  it("[SM6] no player has two seats", () => holds("SM6"));
  it("[SM7] no room is shared, none overfull", () => holds("SM7"));
  it("[SM8] tokens expire before their holds, and asking again finds the same room", () => holds("SM8"));
  it("[SM9] old heartbeats change nothing, lost servers come back", () => holds("SM9"));
  it("[SM10] ages are neither made up nor lost", () => holds("SM10"));
  it("[SM11] a party's ticket has every member that agreed, and nobody else", () => holds("SM11"));
  it("[SM12] builds and modes never mix", () => holds("SM12"));
  it("[SM13] every ticket ends by its deadline", () => holds("SM13"));
  it("[SM14] after the faults all that fits is matched, and no table holds anything", () => holds("SM14"));
  it("[SM15] nothing throws, and every message is read", () => {
    holds("SM15");
    // Whatever a run may report under another name.
    expect(broken).toEqual([]);
  });

  it("[SM16] every fault happened and every answer was given", () => {
    // Neither has to come up in so few seeds.
    const rare = ["commits while settling", "gave up settling"];
    const never = Object.entries(counts).filter(([name, times]) => times === 0 && !rare.includes(name));
    expect(never).toEqual([]);
    expect(counts.matches).toBeGreaterThan(10 * DEFAULT_SEEDS);
  });

  it("[SM16] the same seed plays the same twice", async () => {
    expect(await runSeed(7)).toEqual(await runSeed(7));
  });
});
