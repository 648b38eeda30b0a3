import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
    // CI runs real processes, browsers and clocks on a shared machine: a test that fails there is tried once more.
    retry: process.env.CI === "true" ? 1 : 0,
  },
});
