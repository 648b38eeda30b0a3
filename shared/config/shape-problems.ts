/** What zod found, as `path: what is wrong`, a line a problem; a key that is not known names the nearest that is. */
import type * as z from "zod";
import { nearest } from "../nearest.ts";

/** `known`: the keys at the top. */
export function shapeProblems({ issues }: z.ZodError, known: readonly string[]): string[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownKey(issue.path, key, issue.path.length === 0 ? known : []))
      : [`${issue.path.join(".")}: ${issue.message}`],
  );
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): string {
  // A key can be anything, and a path must stay one that a person can read.
  if (!/^[\w-]+$/.test(key)) return `${path.join(".") || "keys"}: there is no such key as ${JSON.stringify(key)}`;
  const meant = nearest(key, known);
  return `${[...path, key].join(".")}: there is no such key${meant ? `; did you mean ${meant}?` : ""}`;
}

/** The keys at the top that something is wrong with, at whatever depth. */
export function faultyKeys({ issues }: z.ZodError): Set<string> {
  return new Set(
    issues.flatMap((issue) =>
      issue.path.length === 0 && issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0])],
    ),
  );
}
