import { describe, expect, it } from "vitest";
import { mutants } from "./mutants/mutants.ts";
import { runSeed } from "./run-seed.ts";
import { DEFAULT_SEEDS } from "./seeds.ts";

describe("a mutant", () => {
  it.each(mutants)(
    "[SM17] is caught: $name",
    async ({ mutant }) => {
      // Which rule it breaks first is the seeds' affair; without a mutant they break none (SM1).
      for (let seed = 1; seed <= DEFAULT_SEEDS; seed++) {
        const { broken } = await runSeed(seed, { mutant });
        if (broken) return expect(broken.rule).toMatch(/^SM\d+$/);
      }
      expect.fail(`survives ${DEFAULT_SEEDS} seeds`);
    },
    120_000,
  );
});
