/** `npm run build [folder]`: the SDK for pages without a bundler, as a module and as a script. */
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function buildForPages(folder: string): Promise<void> {
  const shared: BuildOptions = {
    entryPoints: [here("../../client/browser.ts")],
    bundle: true,
    minify: true,
    sourcemap: true,
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  };
  await Promise.all([
    build({ ...shared, format: "esm", outfile: `${folder}/frontrow.js` }),
    build({ ...shared, format: "iife", globalName: "Frontrow", outfile: `${folder}/frontrow.iife.js` }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildForPages(process.argv[2] ?? "dist");
