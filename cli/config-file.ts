/**
 * What a process is told at its start: the environment and `frontrow.config.ts`, both checked before a port is opened, with
 * the problems of both in one error. The config file is code (it holds zod schemas and loads room classes), so finding and
 * importing it is kept apart from judging it.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { configProblems, type FrontrowConfig } from "@frontrow/shared/config/modes.ts";
import { ConfigurationError, type Environment, parseSettings } from "@frontrow/shared/config/parse-settings.ts";
import { type ProcessKind, type SettingsOf, settingsTable } from "@frontrow/shared/config/settings.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import { thrownAt } from "@frontrow/shared/thrown-at.ts";

const FILE_NAMES = ["frontrow.config.ts", "frontrow.config.js", "frontrow.config.mjs"];

export interface Configuration<Kind extends ProcessKind> {
  readonly settings: SettingsOf<Kind>;
  readonly config: FrontrowConfig;
  readonly limits: Limits;
  /** Absolute path of the config file. */
  readonly file: string;
}

/** What `frontrow dev` shows where there is no project. */
export const DEMO_CONFIG_FILE = join(import.meta.dirname, "arena/frontrow.config.ts");

/** Everything a process is configured by, frozen; `fallback` is the file for a folder without a project. Rejects with one ConfigurationError that lists every problem. */
export async function loadConfiguration<Kind extends ProcessKind>(
  kind: Kind,
  env: Environment,
  workingDirectory: string,
  fallback?: string,
): Promise<Configuration<Kind>> {
  const problems: string[] = [];
  const collect = async <T>(step: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      problems.push(...problemsOf(error));
      return undefined;
    }
  };
  const settings = await collect(() => parseSettings(kind, env));
  const loaded = await collect(() =>
    loadConfigFile(env[settingsTable.configFile.env]?.trim(), workingDirectory, fallback),
  );
  if (!settings || !loaded) throw new ConfigurationError(problems);
  return Object.freeze({ settings, ...loaded });
}

/** The config file at `given`, or the nearest one from `workingDirectory` upwards. */
export async function loadConfigFile(given: string | undefined, workingDirectory: string, fallback?: string) {
  const file = given ? resolve(workingDirectory, given) : (findConfigFile(workingDirectory) ?? fallback);
  if (!file || !existsSync(file)) {
    throw new ConfigurationError([
      given
        ? `FRONTROW_CONFIG names ${file}, and there is no such file`
        : `no frontrow.config.ts in ${resolve(workingDirectory)} or above it: run inside your project, or set FRONTROW_CONFIG`,
    ]);
  }
  const config = await importConfig(file);
  const problems = configProblems(config).map((problem) => `${file}: ${problem}`);
  const limits = limitsOf(config, file, problems);
  if (problems.length > 0 || !limits) throw new ConfigurationError(problems);
  return { config: frozen(config as FrontrowConfig), limits, file };
}

/** The nearest one from `from` upwards. */
export function findConfigFile(from: string): string | undefined {
  const here = resolve(from);
  const found = FILE_NAMES.map((name) => join(here, name)).find((path) => existsSync(path));
  const parent = dirname(here);
  return found ?? (parent === here ? undefined : findConfigFile(parent));
}

async function importConfig(file: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch (error) {
    const problems = isOurs(error) ? problemsOf(error) : [thrownAt(error)];
    throw new ConfigurationError(problems.map((problem) => `${file}: ${problem}`));
  }
  if (module.default === undefined) {
    throw new ConfigurationError([`${file}: has no default export: export default defineConfig({ … })`]);
  }
  return module.default;
}

/** Limits are judged even where the rest of the config is wrong, so that all problems come at once. */
function limitsOf(config: unknown, file: string, problems: string[]): Limits | undefined {
  try {
    return resolveLimits((config as FrontrowConfig | null)?.limits ?? {});
  } catch (error) {
    problems.push(...problemsOf(error).map((problem) => `${file}: ${problem}`));
    return undefined;
  }
}

/** Not deeper than our own words: the zod schemas inside keep caches. */
function frozen(config: FrontrowConfig): FrontrowConfig {
  for (const mode of Object.values(config.modes)) Object.freeze(mode);
  for (const row of config.compat ?? []) Object.freeze(row);
  Object.freeze(config.modes);
  Object.freeze(config.compat);
  Object.freeze(config.limits);
  return Object.freeze(config);
}

/** `defineConfig` throws its problems as lines; everything else is the file's own. */
const isOurs = (error: unknown) => error instanceof Error && error.message.startsWith("frontrow.config: ");

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError) return error.problems;
  return (error instanceof Error ? error.message : String(error))
    .split("\n")
    .map((line) => line.replace(/^frontrow\.config: /, ""))
    .filter((line) => line !== "");
}
