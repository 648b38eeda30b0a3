/**
 * `npm run generate` writes every generated file. The wire's pin is written only with `-- --wire`: whoever changes a message
 * says so.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GOLDEN_FILE, makeGolden } from "../../shared/protocol/wire-pin.ts";
import { generatedFiles } from "./pages.ts";

const root = join(import.meta.dirname, "../..");

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}

for (const [path, text] of Object.entries(generatedFiles(root))) write(path, text);
if (process.argv.includes("--wire")) {
  write(GOLDEN_FILE, `${JSON.stringify(await makeGolden(), undefined, 2)}\n`);
}
