/** What must not stand in the log of a process that was only given bad input: exceptions, warnings of Node, secrets. */

const SIGNS: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/^\S+ (?:error|fatal) .*/m, "an error line"],
  [/^\{"level":"(?:error|fatal)".*/m, "an error line"],
  [/^ +at .+:\d+.*/m, "a stack"],
  [/.*(?:unhandled|uncaught|FATAL ERROR).*/i, "an exception that nobody caught"],
  [/^\(node:\d+\).*/m, "a warning of Node's"],
];

/** What a client did wrong may be told at `debug`, with its stack: whoever reads that level asked for it. */
const DEBUG_RECORDS = /^\S+ debug .*\n(?:(?!\d\d:\d\d:\d\d\.\d).*\n)*/gm;

/** So much of a secret's beginning, or of its end, is the secret as far as a log is concerned. */
const PART_CHARS = 40;

/** One sentence each; empty for a clean log. */
export function logProblems(log: string, secrets: Iterable<string>): string[] {
  const loud = log.replace(DEBUG_RECORDS, "");
  const signs = SIGNS.flatMap(([pattern, name]) => {
    const found = pattern.exec(loud)?.[0];
    return found === undefined ? [] : [`wrote ${name}: ${found.slice(0, 300)}`];
  });
  const leaks = [...secrets].filter((secret) => partsOf(secret).some((part) => log.includes(part)));
  return [...signs, ...leaks.map((secret) => `wrote a secret: ${secret.slice(0, 12)}…`)];
}

const partsOf = (secret: string) =>
  secret.length <= PART_CHARS ? [secret] : [secret.slice(0, PART_CHARS), secret.slice(-PART_CHARS)];
