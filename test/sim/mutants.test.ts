import { describe, expect, it } from "vitest";
import { mutants } from "./mutants/mutants.ts";
import { runSeed } from "./run-seed.ts";
import { DEFAULT_SEEDS } from "./seeds.ts";

describe("a mutant", () => {
  it.each(mutants)("[SM17] is caught: $name", { timeout: 120_000 }, async ({ rules, mutant }) => {
    const others = new Set<string>();
    for (let seed = 1; seed <= DEFAULT_SEEDS; seed++) {
      const { broken } = await runSeed(seed, { mutant });
      if (broken && rules.includes(broken.rule)) return;
      if (broken) others.add(broken.rule);
    }
    expect.fail(`survives ${DEFAULT_SEEDS} seeds by ${rules}; it breaks ${[...others].join(", ") || "nothing"}`);
  });
});
