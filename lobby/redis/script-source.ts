/**
 * Lua as real files: a script, and the includes that it names with `--- @include "name"` lines, one function a file. An
 * include is put in once, before what needs it. Comments stay here; Redis gets the code.
 */
import { readFileSync } from "node:fs";

const INCLUDE = /^\s*--- @include "([a-z-]+)"\s*$/;
const HEADER = /^--\[\[\n[\s\S]*?\n\]\]\n/;

/** Text of a file below `scripts/`, without its ending. */
export type ReadLua = (name: string) => string;

export const readLua: ReadLua = (name) => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), "utf8");

/** The source of script `name` as Redis runs it. Throws if a file is missing. */
export function scriptSource(name: string, read: ReadLua = readLua): string {
  const included = new Set<string>();
  const resolve = (text: string): string[] =>
    text
      .replace(HEADER, "")
      .split("\n")
      .flatMap((line) => {
        const include = INCLUDE.exec(line)?.[1];
        if (include === undefined) return line.trimStart().startsWith("--") || line.trim() === "" ? [] : [line];
        if (included.has(include)) return [];
        included.add(include);
        return resolve(read(`includes/${include}`));
      });
  return resolve(read(name)).join("\n");
}
