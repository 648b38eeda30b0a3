/** The page's files, made in memory when the process starts: no build step, and nothing on disk that could be stale. */
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

const here = (name: string) => new URL(name, import.meta.url);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** By path. `development` puts the sources into the script's map, so that a debugger shows these files. */
export async function bundleArenaPage({ development = false } = {}): Promise<Map<string, PageFile>> {
  const [page, style, script] = await Promise.all([
    readFile(here("index.html"), "utf8"),
    readFile(here("style.css"), "utf8").then((css) => transform(css, { loader: "css", minify: true })),
    build({
      entryPoints: [here("main.ts").pathname],
      bundle: true,
      write: false,
      minify: true,
      sourcemap: development ? "inline" : false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      logLevel: "silent",
    }),
  ]);
  return new Map([
    ["/", { type: "text/html; charset=utf-8", body: utf8(page) }],
    ["/arena.css", { type: "text/css; charset=utf-8", body: utf8(style.code) }],
    ["/arena.js", { type: "text/javascript; charset=utf-8", body: script.outputFiles[0]!.contents }],
  ]);
}
