/** "Did you mean …?" for names that people type. */
import { closest, distance } from "fastest-levenshtein";

/** The known name nearest to `name`, or undefined when none is near enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(name, known as string[]);
  return distance(name, candidate) <= Math.max(2, Math.floor(name.length / 3)) ? candidate : undefined;
}
