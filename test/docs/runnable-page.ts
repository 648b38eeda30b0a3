/**
 * A page of documentation as steps that can be done. What follows a fence's language says what it is: `file=name` is written,
 * `sh` runs to its end, `sh server` keeps running (a process a line), `text` is what was said by what was started last, line by
 * line, with `…` for anything. Other words name blocks that the test treats by itself.
 */
export type Step =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "run" | "server" | "says"; readonly text: string }
  | { readonly kind: "other"; readonly info: string; readonly text: string };

export interface Section {
  readonly heading: string;
  readonly steps: readonly Step[];
}

/** The sections under `## ` headings; what stands before the first is prose. */
export function sectionsOf(markdown: string): Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      heading: section.slice(0, section.indexOf("\n")),
      steps: [...section.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = "", text = ""]) => stepOf(info, text)),
    }));
}

function stepOf(info: string, text: string): Step {
  const name = /^\w+ file=(\S+)$/.exec(info)?.[1];
  if (name) return { kind: "file", name, text };
  const kinds = { sh: "run", "sh server": "server", text: "says" } as const;
  const kind = Object.hasOwn(kinds, info) ? kinds[info as keyof typeof kinds] : undefined;
  return kind ? { kind, text } : { kind: "other", info, text };
}

/** A line of a `text` block as a pattern for one line of output. */
export function patternOf(line: string): RegExp {
  const literal = line.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^\\s*${literal.replace(/\s*…\s*/g, ".*")}\\s*$`, "m");
}
