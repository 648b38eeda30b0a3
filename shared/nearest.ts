/** "Did you mean …?" for names that people type. */
import { closest, distance } from "fastest-levenshtein";

/** What helps whoever asked for a mode that there is not. Names of modes are no secret: pages are built with them. */
export function modeHint(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = nearest(name, known);
  return near === undefined ? `mode is one of ${known.join(", ")}.` : `Did you mean "${near}"?`;
}

/** The known name nearest to `name`, or undefined when none is near enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(name, known as string[]);
  return distance(name, candidate) <= Math.max(2, Math.floor(name.length / 3)) ? candidate : undefined;
}
