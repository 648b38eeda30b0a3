/** The contract in a script's header, as the scripts' test reads it. */
export interface LuaHeader {
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** Index of the first argument of the list, and the names in one entry of it. */
  readonly rest: { readonly from: number; readonly names: readonly string[] } | undefined;
  readonly reply: string;
  readonly cost: string;
  readonly rules: readonly string[];
}

const HEADER = /^--\[\[\n([\s\S]*?)\n\]\]\n/;
const SECTIONS = ["KEYS", "ARGV", "REPLY", "COST", "RULES"];

/** Throws with the reason where the text has no such header. */
export function parseLuaHeader(text: string): LuaHeader {
  const lines = HEADER.exec(text)?.[1]
    ?.split("\n")
    .map((line) => line.trim());
  if (!lines) throw new Error("the file does not start with a --[[ header ]]");
  const sections = new Map<string, string>();
  let current = "PURPOSE";
  for (const line of lines) {
    const [, word, more] = /^([A-Z]+)\s{2,}(.*)$/.exec(line) ?? [];
    if (word) current = word;
    sections.set(current, `${sections.get(current) ?? ""} ${word ? more : line}`.trim());
  }
  const missing = SECTIONS.filter((section) => !sections.get(section));
  if (missing.length > 0) throw new Error(`the header lacks ${missing.join(", ")}`);
  const [, name, purpose] = /^([a-z-]+): (.+)$/.exec(sections.get("PURPOSE") ?? "") ?? [];
  if (!name || !purpose?.endsWith(".")) throw new Error("the header does not open with `name: sentence.`");
  const [fixed = "", list] = sections.get("ARGV")!.split(/(?=\d+\+ per )/);
  return {
    name,
    keys: numbered(sections.get("KEYS")!),
    args: numbered(fixed),
    rest: list === undefined ? undefined : listed(list),
    reply: sections.get("REPLY")!,
    cost: sections.get("COST")!,
    rules: sections.get("RULES")!.split(/\s+/),
  };
}

/** `1 meta  2 holds (why)` as its names; throws unless they are numbered from 1. */
function numbered(text: string): string[] {
  const entries = [...text.replace(/\([^)]*\)/g, "").matchAll(/(\d+) ([a-z_:-]+)/g)];
  for (const [i, [, number]] of entries.entries()) {
    if (Number(number) !== i + 1) throw new Error(`${number} stands where ${i + 1} should`);
  }
  return entries.map(([, , entry]) => entry!);
}

function listed(text: string) {
  const [, from, names = ""] = /^(\d+)\+ per [a-z]+: (.*)$/.exec(text) ?? [];
  return { from: Number(from), names: names.replace(/\s*\([^)]*\)/g, "").split(/,\s*/) };
}
