import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import * as rules from "./architecture-rules.ts";
import { type Import, importsOf } from "./imports.ts";
import { sourceFiles } from "./source-files.ts";

const root = join(import.meta.dirname, "../..");
const packages = Object.keys(rules.mayImport);
const isTest = (path: string) => path.endsWith(".test.ts") || path.endsWith(".test-d.ts");
const packageOf = (path: string) => path.slice(0, path.indexOf("/"));
const isPure = (path: string) =>
  !isTest(path) &&
  rules.pure.some((prefix) => path.startsWith(prefix)) &&
  !rules.notPure.some((prefix) => path.startsWith(prefix));
const sources = sourceFiles(root, (path) => /\.tsx?$/.test(path));
const shown = (found: readonly Import[]) => [...new Set(found.map(({ from, to }) => `${from} -> ${to}`))].sort();

let imports: Import[] = [];
beforeAll(async () => {
  imports = (await importsOf(root, [...packages, "cli"])).filter(({ from }) => !isTest(from));
});

/** The code without its comments, so that a comment may speak of what the code must not do. */
function codeOf(path: string): string {
  const text = readFileSync(join(root, path), "utf8");
  return ts.transpileModule(text, { compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext } })
    .outputText;
}

describe("packages", () => {
  it("[ER8] the imports were found: of Node, of libraries, of types alone, and from every package into shared", () => {
    for (const known of ["node:crypto", "zod", "ioredis"])
      expect(
        imports.some(({ to }) => to === known),
        known,
      ).toBe(true);
    expect(imports.some((each) => each.isTypeOnly)).toBe(true);
    for (const name of packages.filter((each) => each !== "shared")) {
      const own = imports.filter(({ from }) => packageOf(from) === name);
      expect(own.length, name).toBeGreaterThan(0);
      if (name !== "listener")
        expect(
          own.some(({ to }) => to.startsWith("shared/")),
          name,
        ).toBe(true);
    }
  });

  it.each(packages)("[ER8] %s imports only the packages that it may know", (name) => {
    const backwards = imports.filter(
      ({ from, to, isLocal }) =>
        isLocal &&
        packageOf(from) === name &&
        packageOf(to) !== name &&
        !rules.mayImport[name]?.includes(packageOf(to)),
    );
    expect(shown(backwards)).toEqual([]);
  });

  it("[ER8] no file is part of a cycle of imports that run", () => {
    const running = new Set(imports.filter((each) => !each.isTypeOnly).map(({ from, to }) => `${from} ${to}`));
    const runs = ({ from, cycle }: Import) =>
      cycle.every((step, at) => running.has(`${cycle[at - 1] ?? from} ${step}`));
    expect(shown(imports.filter((each) => each.cycle.length > 0 && runs(each)))).toEqual([]);
  });

  it.each(rules.browserFolders)("[ER8] %s imports nothing of Node and no keys", (folder) => {
    const forbidden = imports.filter(
      ({ from, to, isLocal }) =>
        packageOf(from) === folder &&
        (isLocal ? rules.notForBrowsers.some((each) => each.test(to)) : /^(node:|ws$)/.test(to)),
    );
    expect(shown(forbidden)).toEqual([]);
  });

  it("[ER8] every import leads somewhere", () => {
    const dangling = imports.filter(({ to, isLocal }) => !isLocal && /^(\.|@frontrow\/)/.test(to));
    expect(shown(dangling)).toEqual([]);
  });
});

describe("pure files", () => {
  it("[ER7] each entry of the list is there", () => {
    expect(rules.pure.filter((prefix) => !sources.some((path) => path.startsWith(prefix)))).toEqual([]);
  });

  it("[ER7] they import nothing that waits, listens, stores or rolls dice, and only pure files", () => {
    const impure = imports.filter(
      ({ from, to, isLocal, isTypeOnly }) =>
        isPure(from) &&
        !isTypeOnly &&
        (isLocal ? !isPure(to) && !to.endsWith("/ports.ts") : rules.impureModules.test(to)),
    );
    expect(shown(impure)).toEqual([]);
  });

  it("[ER7] they look at no clock, dice, network or environment", () => {
    const found = sources.filter(isPure).flatMap((path) => {
      const match = rules.impureCalls.exec(codeOf(path));
      return match ? [`${path}: ${match[0]}`] : [];
    });
    expect(found).toEqual([]);
  });
});

describe("files", () => {
  const lines = (path: string) => readFileSync(join(root, path), "utf8").split("\n").length - 1;

  it("[ER9] none is over the ceiling", () => {
    const scripts = sourceFiles(root, (path) => path.endsWith(".lua"));
    expect(sources.filter((path) => lines(path) > rules.linesMax.ts)).toEqual([]);
    expect(scripts.filter((path) => lines(path) > rules.linesMax.lua)).toEqual([]);
  });

  it("[ER9] names are kebab-case and say something", () => {
    expect(sources.filter((path) => rules.emptyNames.test(path))).toEqual([]);
    expect(sources.filter((path) => !/^[a-z0-9/.-]+$/.test(path))).toEqual([]);
  });
});
