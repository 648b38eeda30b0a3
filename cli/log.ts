/**
 * One logger a process: JSON lines in production, one readable line a record elsewhere. Nothing that opens a door is ever
 * written: secrets are cut out by field name wherever pino can name them, and by shape from the finished line, because a
 * token also travels inside URLs, exception texts and nested objects that nobody foresaw.
 */
import pino, { type DestinationStream, type Logger } from "pino";
import { REDACTED, withoutSecrets } from "./without-secrets.ts";

export type { Logger };

export interface LogOptions {
  readonly process: string;
  readonly level: string;
  /** JSON lines for a log collector; else text for a person. */
  readonly json: boolean;
}

/** Fields that hold a secret, at the top of a record and one level down. */
const SECRET_FIELDS = [
  "token",
  "jwt",
  "_authToken",
  "authorization",
  "Authorization",
  "cookie",
  "password",
  "secret",
  "signature",
];
/** The process's logger; pass `child({ … })` to its parts. `write` receives each finished line with its line end. */
export function createLog(
  { process: name, level, json }: LogOptions,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Logger {
  const destination: DestinationStream = {
    write: (record) => write(withoutSecrets(json ? record : readable(record))),
  };
  return pino(
    {
      level,
      base: { process: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: REDACTED },
    },
    destination,
  );
}

/** `12:34:56.789 warn edge: what happened  key=value`; a stack follows on its own lines. */
function readable(record: string): string {
  const { level, time, process: name, msg, err, ...fields } = JSON.parse(record);
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const why = msg && err?.type === "FrontrowError" ? [`reason=${err.message}`] : [];
  const said = [msg ?? err?.message ?? "", ...why, ...rest].filter((part) => part !== "").join("  ");
  // A refusal is an answer that was foreseen: where it was made tells nobody anything.
  const stack = err?.type === "FrontrowError" ? "" : (err?.stack ?? "");
  return `${String(time).slice(11, 23)} ${level} ${name}: ${said}\n${stack && `${stack}\n`}`;
}
