import { describe, expect, it } from "vitest";
import { mutants } from "./mutants/mutants.ts";
import { runSeed } from "./run-seed.ts";
import { DEFAULT_SEEDS } from "./seeds.ts";

describe("a mutant", () => {
  it.each(mutants)(
    "[SM17] is caught: $name",
    async ({ rules, mutant }) => {
      for (let seed = 1; seed <= DEFAULT_SEEDS; seed++) {
        const { broken } = await runSeed(seed, { mutant });
        if (!broken) continue;
        expect(rules, `seed ${seed} breaks ${broken.rule}: ${broken.what}`).toContain(broken.rule);
        return;
      }
      expect.fail(`survives ${DEFAULT_SEEDS} seeds`);
    },
    120_000,
  );
});
