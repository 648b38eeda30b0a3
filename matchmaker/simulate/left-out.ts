/** What could not be used: by why, how often, and on which lines at first. */

export interface LeftOut {
  readonly why: string;
  readonly count: number;
  /** Lines of the file. */
  readonly lines: readonly number[];
}

/** Lines shown of each why. */
const LINES_SHOWN = 3;

export function createLeftOut() {
  const byWhy = new Map<string, { count: number; lines: number[] }>();
  return {
    add(why: string, line?: number): void {
      const known = byWhy.get(why) ?? { count: 0, lines: [] };
      known.count++;
      if (line !== undefined && known.lines.length < LINES_SHOWN) known.lines.push(line);
      byWhy.set(why, known);
    },
    /** The most frequent first. */
    list: (): LeftOut[] => [...byWhy].map(([why, of]) => ({ why, ...of })).sort((a, b) => b.count - a.count),
  };
}

/** For people. */
export function sentenceOf({ why, count, lines }: LeftOut): string {
  const where = lines.length > 0 ? ` (line ${lines.join(", ")}${count > lines.length ? ", …" : ""})` : "";
  return `Left out ${count.toLocaleString("en")}: ${why}${where}.`;
}
