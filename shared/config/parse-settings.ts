/**
 * The environment, parsed once: a frozen object of what a process reads, or one error with every problem in it. Pure: `env`
 * is an argument, nothing is looked up. Unknown FRONTROW_ names are problems, because a misspelt limit is no limit.
 */
import type * as z from "zod";
import { nearest } from "../nearest.ts";
import { drainProblems } from "./drain.ts";
import { type AnySettings, productionProblems } from "./production-rules.ts";
import { type ProcessKind, type Setting, type SettingsOf, settingsTable } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with a configuration, one sentence a line. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : `${problems.length} problems:\n${problems.join("\n")}`);
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** The settings of one process, or a ConfigurationError. An empty variable counts as not given. */
export function parseSettings<Kind extends ProcessKind>(kind: Kind, env: Environment): SettingsOf<Kind> {
  const problems = unknownNames(env);
  const production = env[settingsTable.environment.env]?.trim() === "production";
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(settingsTable)) {
    if (!setting.readBy.includes(kind)) continue;
    const read = readSetting(setting, kind, production, env);
    if (read.problem) problems.push(read.problem);
    values[name] = read.value;
  }
  problems.push(...pairProblems(values as AnySettings));
  if (kind === "game-server") problems.push(...drainProblems(values as AnySettings, env));
  if (production) problems.push(...productionProblems(kind, values as AnySettings, env));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return deepFreeze(values) as SettingsOf<Kind>;
}

/** What holds where nothing is said; undefined: nothing does. */
export function defaultText(setting: Setting, kind: ProcessKind, production: boolean): string | undefined {
  const of = (from: Setting["default"]) => (typeof from === "string" ? from : from?.[kind]);
  return (production ? undefined : of(setting.developmentDefault)) ?? of(setting.default);
}

function readSetting(
  setting: Setting,
  kind: ProcessKind,
  production: boolean,
  env: Environment,
): { value?: unknown; problem?: string } {
  const given = env[setting.env]?.trim();
  const text = given || defaultText(setting, kind, production);
  if (text === undefined) {
    const { needed } = setting;
    const isNeeded = needed?.by.includes(kind) && (needed.when === "always" || production);
    return isNeeded ? { problem: `${setting.env} is missing: ${needed?.because}` } : {};
  }
  const parsed = setting.shape.safeParse(text);
  if (parsed.success) return { value: parsed.data };
  return { problem: `${setting.env} ${sentencesOf(parsed.error)}${setting.secret ? "" : shown(text)}` };
}

const sentencesOf = (error: z.ZodError) => error.issues.map((issue) => issue.message).join("; ");
const shown = (text: string) => ` (it is ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)})`;

function pairProblems(settings: AnySettings): string[] {
  const { jwksUrl, jwtKey, tlsCert, tlsKey, webhookUrl, webhookSecrets } = settings;
  return [
    ...(webhookUrl && !webhookSecrets
      ? ["FRONTROW_WEBHOOK_SECRET is missing: a receiver could not tell our webhooks from anybody's"]
      : []),
    ...(webhookSecrets && !webhookUrl ? ["FRONTROW_WEBHOOK_URL is missing: nobody would get the webhooks"] : []),
    ...(jwksUrl && jwtKey ? ["FRONTROW_JWKS_URL and FRONTROW_JWT_KEY are both set: only one can verify players"] : []),
    ...(tlsCert && !tlsKey ? ["FRONTROW_TLS_KEY is missing: FRONTROW_TLS_CERT needs its private key"] : []),
    ...(tlsKey && !tlsCert ? ["FRONTROW_TLS_CERT is missing: FRONTROW_TLS_KEY needs its certificate"] : []),
  ];
}

const PREFIX = "FRONTROW_";

/** Compared without the prefix that they all share, so that the nearest name is near in its own part. */
function unknownNames(env: Environment): string[] {
  const known = Object.values<Setting>(settingsTable).map((setting) => setting.env);
  const ownParts = known.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => {
      const near = nearest(name.slice(PREFIX.length), ownParts);
      return near
        ? `${name} is not a setting: did you mean ${PREFIX}${near}?`
        : `${name} is not a setting: docs/reference/configuration.md lists them`;
    });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
