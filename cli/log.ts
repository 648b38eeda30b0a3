/**
 * One logger a process: JSON lines in production, one readable line a record elsewhere. Nothing that opens a door is ever
 * written: secrets are cut out by field name wherever pino can name them, and by shape from the finished line, because a
 * token also travels inside URLs, exception texts and nested objects that nobody foresaw.
 */
import pino, { type DestinationStream, type Logger } from "pino";

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
const REDACTED = "[redacted]";

/**
 * Three dot-separated base64url parts (a JWT), a bearer header, `_authToken=` and `reconnectionToken=` in a query, the user
 * and password of a URL, a private key as `frontrow keys` prints it, and any base64url run of 120 or more characters: a seat
 * token is one of about 400, and the longest honest name in our logs has 100.
 */
const SECRET_SHAPES: ReadonlyArray<[RegExp, string]> = [
  [/\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*/g, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\b(_authToken|reconnectionToken|access_token|token)=[^&\s"\\]+/g, `$1=${REDACTED}`],
  [/(\b[a-z][a-z0-9+]*:\/\/)[^\s"\\/@]+@/gi, `$1${REDACTED}@`],
  [/\b[\w-]{43}\.[\w-]{43}\b/g, REDACTED],
  [/[\w-]{120,}/g, REDACTED],
];

/** `text` without anything that looks like a secret. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const [shape, replacement] of SECRET_SHAPES) clean = clean.replace(shape, replacement);
  return clean;
}

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
  const said = [msg ?? err?.message ?? "", ...rest].filter((part) => part !== "").join("  ");
  return `${String(time).slice(11, 23)} ${level} ${name}: ${said}\n${err?.stack ? `${err.stack}\n` : ""}`;
}
