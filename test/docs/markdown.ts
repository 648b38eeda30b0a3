/** The few shapes that the generated pages have. */
export const notice = (source: string) =>
  `<!-- Generated from ${source} by \`npm run generate\`. Changes here are lost, and a test finds them. -->\n`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** A bar would end the cell, also inside code. */
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

export const code = (text: string) => (text === "" ? "" : `\`${text}\``);

/** 4194304 as 4,194,304. */
export const grouped = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
