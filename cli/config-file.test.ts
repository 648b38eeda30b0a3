import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "@frontrow/shared/config/parse-settings.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfiguration } from "./config-file.ts";

const GOOD = `export default { modes: { arena: { kind: "fill", seats: 8 } }, rooms: async () => ({}), limits: { leaseMs: 4000 } };`;

let root: string;
const file = async (name: string, text: string) => {
  const path = join(root, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return path;
};

async function problemsOf(loading: Promise<unknown>): Promise<readonly string[]> {
  const error = await loading.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  return error.problems;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "frontrow-config-"));
});
afterAll(() => rm(root, { recursive: true }));

describe("finding frontrow.config.ts", () => {
  it("[CF16] the nearest one from the working directory upwards counts", async () => {
    const outer = await file("up/frontrow.config.ts", GOOD);
    await mkdir(join(root, "up/a/b"), { recursive: true });
    expect((await loadConfiguration("dev", {}, join(root, "up/a/b"))).file).toBe(outer);
    const inner = await file("up/a/frontrow.config.ts", GOOD);
    expect((await loadConfiguration("dev", {}, join(root, "up/a/b"))).file).toBe(inner);
  });

  it("[CF16] FRONTROW_CONFIG names one, relative to the working directory", async () => {
    const named = await file("named/my.config.ts", GOOD);
    const loaded = await loadConfiguration("dev", { FRONTROW_CONFIG: "named/my.config.ts" }, root);
    expect(loaded.file).toBe(named);
  });

  it("[CF16] a fallback counts only where there is none, and is judged like one", async () => {
    const fallback = await file("demo/demo.config.ts", GOOD);
    await mkdir(join(root, "empty"), { recursive: true });
    expect((await loadConfiguration("dev", {}, join(root, "empty"), fallback)).file).toBe(fallback);
    expect((await loadConfiguration("dev", {}, join(root, "up"), fallback)).file).not.toBe(fallback);
    const bad = await file("demo/bad.config.ts", "export default 7");
    expect(await problemsOf(loadConfiguration("dev", {}, join(root, "empty"), bad))).not.toEqual([]);
  });

  it("[CF16] none at all, or a missing one, is said in a sentence", async () => {
    expect(await problemsOf(loadConfiguration("dev", {}, root))).toEqual([
      expect.stringMatching(/^no frontrow.config.ts/),
    ]);
    expect(await problemsOf(loadConfiguration("dev", { FRONTROW_CONFIG: "gone.ts" }, root))).toEqual([
      expect.stringMatching(/^FRONTROW_CONFIG names .*gone\.ts, and there is no such file$/),
    ]);
  });
});

describe("judging it", () => {
  it("[CF3] config and limits are frozen, and the limits laid over the defaults", async () => {
    await file("good/frontrow.config.ts", GOOD);
    const { config, limits } = await loadConfiguration("dev", {}, join(root, "good"));
    expect(limits).toMatchObject({ leaseMs: 4000, heartbeatMs: 1000 });
    expect([config, config.modes, config.modes.arena, limits].every((each) => Object.isFrozen(each))).toBe(true);
  });

  it("[CF5] problems of the file, of its limits and of the environment come in one error", async () => {
    await file(
      "bad/frontrow.config.ts",
      `export default { modes: { "no spaces": { kind: "fill", seats: 8 }, arena: { kind: "fill", seats: 0 } }, rooms: 1, limits: { seatTokenMs: 20000, typo: 1 } };`,
    );
    const problems = await problemsOf(loadConfiguration("dev", { PORT: "x" }, join(root, "bad")));
    for (const part of [
      /^PORT must be/,
      /no spaces: a mode's name is/,
      /modes\.arena\.seats/,
      /rooms: must be a function/,
      /seatTokenMs .*before its hold/,
      /typo/,
    ]) {
      expect(problems.filter((problem) => part.test(problem)).length, String(part)).toBeGreaterThan(0);
    }
  });

  it.each([
    ["throws", `throw new Error("boom at import")`, /boom at import/],
    ["has no default export", "export const x = 1", /has no default export/],
    ["exports nonsense", "export default 7", /\(config\)/],
    ["does not parse", "export default {{{", /frontrow\.config\.ts: /],
  ])("[CF5] a file that %s is a problem with its path", async (name, text, sentence) => {
    const path = await file(`${name}/frontrow.config.ts`, text);
    const problems = await problemsOf(loadConfiguration("dev", {}, join(root, name)));
    expect(problems[0]).toMatch(sentence);
    expect(problems.every((problem) => problem.startsWith(path))).toBe(true);
  });
});
