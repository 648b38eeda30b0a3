import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";
import { titlesOf } from "./test-titles.ts";

const root = join(import.meta.dirname, "../..");
const spec = readFileSync(join(root, "SPEC.md"), "utf8");

const RULE = /^\* \*\*([A-Z]{2}\d+)\*\* (\S.*)$/gm;
const rules = [...spec.matchAll(RULE)].map(([, id = "", sentence = ""]) => ({ id, sentence }));
const ids = new Set(rules.map((rule) => rule.id));

const titles = sourceFiles(root, (path) => path.endsWith(".test.ts") || /^test\/contract\/.*\.ts$/.test(path)).flatMap(
  (path) => titlesOf(root, path),
);
const proved = new Set(titles.flatMap((each) => each.ids));

describe("SPEC.md and the tests", () => {
  it("[ER6] both are read: there are rules, and there are titles", () => {
    expect(rules.length).toBeGreaterThan(50);
    expect(titles.length).toBeGreaterThan(100);
  });

  it("[ER6] every rule has a test whose title starts with its id", () => {
    expect([...ids].filter((id) => !proved.has(id))).toEqual([]);
  });

  it("[ER6] every id at the start of a title is a rule", () => {
    const unknown = titles.filter((each) => each.ids.some((id) => !ids.has(id)));
    expect(unknown.map(({ file, title }) => `${file}: ${title}`)).toEqual([]);
  });

  it("[ER6] every title starts with an id", () => {
    const bare = titles.filter((each) => each.ids.length === 0);
    expect(bare.map(({ file, title }) => `${file}: ${title}`)).toEqual([]);
  });

  it("[ER6] an id stands for one sentence, ended by a full stop", () => {
    for (const { id, sentence } of rules) {
      expect(sentence, id).toMatch(/\.$/);
    }
    expect(rules.length, "a rule stands twice in SPEC.md").toBe(new Set(rules.map((rule) => rule.id)).size);
  });

  it("[ER6] the table of what must always hold has its 25 rows, each with rules that exist or a reason", () => {
    const rows = [...spec.matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, number, , provedBy = ""]) => ({
      number,
      provedBy,
    }));
    expect(rows.map((row) => Number(row.number))).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
    for (const { number, provedBy } of rows) {
      const named = provedBy.match(/[A-Z]{2}\d+/g) ?? [];
      expect(
        named.filter((id) => !ids.has(id)),
        `row ${number}`,
      ).toEqual([]);
      expect(named.length > 0 || provedBy.length > 20, `row ${number} names neither a rule nor a reason`).toBe(true);
    }
  });
});
