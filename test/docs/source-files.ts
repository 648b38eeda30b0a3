/** The project's own files, by path from the root; packages, builds and generated files left out. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const LEFT_OUT = new Set(["node_modules", ".git", "dist", "generated", "results"]);

export function sourceFiles(root: string, fits: (path: string) => boolean, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_OUT.has(entry.name)) return [];
    if (entry.isDirectory()) return sourceFiles(root, fits, path);
    return fits(path) ? [path] : [];
  });
}
