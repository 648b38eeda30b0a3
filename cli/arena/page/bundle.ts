/** The page's files, made in memory when the process starts: no build step, and nothing on disk that could be stale. */
import { readFile } from "node:fs/promises";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { build, transform } from "esbuild";
import demo from "../frontrow.config.ts";
import type { OfferedModes } from "./offered-modes.ts";

export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

const here = (name: string) => new URL(name, import.meta.url);
const utf8 = (text: string) => new TextEncoder().encode(text);

export interface BundleOptions {
  /** What the page tells of waits comes from here. */
  readonly modes?: Readonly<Record<string, Mode>>;
  /** Puts the sources into the script's map, so that a debugger shows these files. */
  readonly development?: boolean;
}

/** By path. */
export async function bundleArenaPage(options: BundleOptions = {}): Promise<Map<string, PageFile>> {
  const { modes = demo.modes, development = false } = options;
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
    ["/", { type: "text/html; charset=utf-8", body: utf8(page.replace("{}", JSON.stringify(offeredOf(modes)))) }],
    ["/arena.css", { type: "text/css; charset=utf-8", body: utf8(style.code) }],
    ["/arena.js", { type: "text/javascript; charset=utf-8", body: script.outputFiles[0]!.contents }],
  ]);
}

function offeredOf(modes: Readonly<Record<string, Mode>>): OfferedModes {
  const offered = Object.entries(modes).map(([name, mode]) => [
    name,
    mode.kind === "match" && mode.bots ? { botsAfterMs: mode.bots.afterMs } : {},
  ]);
  return Object.fromEntries(offered);
}
