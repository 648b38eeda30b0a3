/** The titles of tests, read from the syntax tree: `it("…")`, `test("…")` and their `.each(…)`, `.skipIf(…)` forms. */
import { readFileSync } from "node:fs";
import ts from "typescript";

export interface TestTitle {
  readonly file: string;
  readonly title: string;
  /** The rule ids at its beginning. */
  readonly ids: readonly string[];
}

const RULE_ID = /\[([A-Z]{2}\d+)\]/g;

export function titlesOf(root: string, file: string): TestTitle[] {
  const source = ts.createSourceFile(file, readFileSync(`${root}/${file}`, "utf8"), ts.ScriptTarget.Latest, true);
  const titles: TestTitle[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && isTest(node.expression) ? textOf(node.arguments[0]) : undefined;
    if (title !== undefined) titles.push({ file, title, ids: idsAtStart(title) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** `[LB3] …` and `[LB3] [ST2] …` and `[LB3][ST2] …`. */
function idsAtStart(title: string): string[] {
  const start = /^(\s*\[[A-Z]{2}\d+\])+/.exec(title)?.[0] ?? "";
  return [...start.matchAll(RULE_ID)].map((match) => match[1] ?? "");
}

/** Whether the callee starts with `it` or `test`, however it goes on. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === "it" || callee.text === "test";
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return isTest(callee.expression);
  return false;
}

/** The text of a literal, or a template's up to its first hole; undefined for what is no title. */
function textOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : undefined;
}
