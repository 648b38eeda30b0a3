/** Reads the comments beside declarations with TypeScript's own parser, so that a page says what the source says. */
import { readFileSync } from "node:fs";
import ts from "typescript";

export interface Commented {
  readonly name: string;
  /** The JSDoc before it, as one line. */
  readonly comment: string;
  /** The nearest `// ---- heading ----` before it. */
  readonly heading: string;
  readonly members: readonly Commented[];
}

/** The exported constants of a file, with the members of the object literals inside them. */
export function exportedConstants(file: string): Commented[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) =>
      statement.declarationList.declarations.map((declaration) => ({
        name: declaration.name.getText(),
        ...commentsBefore(statement, source),
        members: membersOf(declaration.initializer, source),
      })),
    );
}

/** Of the first object literal inside: the argument of `z.object(…)`, or the literal before `as const`. */
function membersOf(node: ts.Node | undefined, source: ts.SourceFile): Commented[] {
  if (!node) return [];
  if (!ts.isObjectLiteralExpression(node)) {
    return node
      .getChildren()
      .flatMap((child) => (child.kind === ts.SyntaxKind.Identifier ? [] : membersOf(child, source)));
  }
  let heading = "";
  return node.properties.filter(ts.isPropertyAssignment).map((property) => {
    const before = commentsBefore(property, source);
    heading = before.heading || heading;
    return { name: property.name.getText(), comment: before.comment, heading, members: [] };
  });
}

function commentsBefore(node: ts.Node, source: ts.SourceFile): { comment: string; heading: string } {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const texts = ranges.map((range) => source.text.slice(range.pos, range.end));
  const heading = texts
    .map((text) => /^\/\/ -{2,} (.*?) -{2,}$/.exec(text)?.[1])
    .findLast((found) => found !== undefined);
  return { comment: plain(texts.findLast((text) => text.startsWith("/**"))), heading: heading ?? "" };
}

const plain = (block = "") =>
  block
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, "").trim())
    .join(" ")
    .trim();
