/** The k6 smoke as a user runs it. Needs k6 on PATH, or built from loadtest/go.mod (`npm run loadtest -- smoke` does that once). */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freePort } from "../../cli/dev/redis-child.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const hasK6 = existsSync(`${root}loadtest/.bin/k6`) || spawnSync("k6", ["version"]).status === 0;
const inCi = process.env.CI === "true";

function loadtest(env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    const child = execFile(process.execPath, ["loadtest/run.ts", "smoke"], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

describe.skipIf(!hasK6 && !inCi)("k6 smoke (skipped without k6)", () => {
  it("[LT2] players are seated and their seats given back", { timeout: 60_000 }, async () => {
    const { code, output } = await loadtest({ K6_DURATION: "3s" });
    expect(output).toMatch(/frontrow_seated\.*: 100\.00%/);
    expect(code).toBe(0);
  });

  it("[LT2] a dead server fails it", { timeout: 60_000 }, async () => {
    const { code, output } = await loadtest({ TARGET: `ws://127.0.0.1:${await freePort()}` });
    expect(code).not.toBe(0);
    expect(output).toContain("no seat at");
  });
});
