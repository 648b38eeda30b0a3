/** The pages that people wrote, against the source: what they name exists, and what must be on them is. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MatchRules } from "@frontrow/shared/config/match-mode.ts";
import { settingsTable } from "@frontrow/shared/config/settings.ts";
import { errorCodes } from "@frontrow/shared/errors.ts";
import {
  createEdgeMetrics,
  createGameServerMetrics,
  createMatchmakerMetrics,
  createRegistry,
} from "frontrow/metrics.ts";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const pages = ["README.md", "SECURITY.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith(".md"),
);
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const distinct = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];

describe.each(pages)("%s", (path) => {
  const text = textOf(path);

  it("[DO4] names no variable that there is not", () => {
    const known = Object.values(settingsTable).map(({ env }) => env as string);
    expect(distinct(text, /\b(FRONTROW_[A-Z_]*[A-Z])\b/g).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("[DO4] links to nothing that is not there", () => {
    const files = distinct(text, /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g);
    expect(files.filter((file) => !existsSync(join(root, dirname(path), file)))).toEqual([]);
  });
});

describe("docs/match.md", () => {
  it("[DO8] has every rule of a match mode, and no other", () => {
    const named = distinct(textOf("docs/match.md"), /^\| `(\w+)` \|/gm);
    expect(named.sort()).toEqual([...Object.keys(MatchRules.shape), "options"].sort());
  });
});

describe("docs/operations.md", () => {
  const text = textOf("docs/operations.md");

  it("[DO5] has every metric of the processes, and no other", () => {
    const registry = createRegistry("any");
    for (const create of [createEdgeMetrics, createMatchmakerMetrics, createGameServerMetrics]) create(registry);
    const real = registry
      .getMetricsAsArray()
      .map(({ name }) => name)
      .filter((name) => name.startsWith("frontrow_"));
    expect(distinct(text, /^\| `(frontrow_\w+)` \|/gm).sort()).toEqual(real.sort());
  });

  it("[DO5] names only error codes of the catalogue", () => {
    const words = distinct(text, /`([A-Z]+(?:_[A-Z]+)+)`/g).filter((word) => !/^(FRONTROW|ADMIN)_/.test(word));
    expect(words.filter((word) => !errorCodes.includes(word as never))).toEqual([]);
    expect(words.length).toBeGreaterThan(3);
  });
});
