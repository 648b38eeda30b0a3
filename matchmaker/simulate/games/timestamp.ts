/** Times as tables of games have them, in Unix milliseconds. Strict on purpose: `Date.parse("map 7")` is a date in 2001. */

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
/** `06 August 2004 18:13:50`, `Aug 6, 2004 18:13` and RFC 2822's. */
const WORDED =
  /^(?:[a-z]{3,9},? )?(?:\d{1,2} [a-z]{3,9}|[a-z]{3,9} \d{1,2},?) \d{4}(?: \d{1,2}:\d{2}(?::\d{2})?)?( (?:GMT|UTC|[+-]\d{4}))?$/i;
const UNIX = /^\d{9,14}(?:\.\d+)?$/;
/** Unix times above this are milliseconds: as seconds it would be the year 5138. */
const SECONDS_MAX = 1e11;

/** Undefined for what is no time. Without a zone it is UTC, whatever this machine's zone is. */
export function parseTimestamp(text: string): number | undefined {
  const trimmed = text.trim();
  if (UNIX.test(trimmed)) {
    const unix = Number(trimmed);
    return unix > SECONDS_MAX ? unix : unix * 1_000;
  }
  const iso = ISO.exec(trimmed);
  const worded = iso ? null : WORDED.exec(trimmed);
  if (!iso && !worded) return undefined;
  const zoned = (iso ?? worded)![1] ? trimmed : iso ? `${dated(trimmed)}Z` : `${trimmed} UTC`;
  const ms = Date.parse(iso ? zoned.replace(" ", "T").replace(",", ".") : zoned);
  return Number.isNaN(ms) ? undefined : ms;
}

const dated = (iso: string) => (iso.length === 10 ? `${iso}T00:00` : iso);
