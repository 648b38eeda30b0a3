/** The report as text for a terminal: modes side by side. */
import type { SimulationResult } from "./result.ts";
import { preambleOf, rowsOf } from "./rows.ts";

const GAP = "   ";

export function table(result: SimulationResult): string {
  const rows = rowsOf(result);
  const names = result.modes.map(({ name }) => name);
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const widths = names.map((name, at) => Math.max(name.length, ...rows.map(({ cells }) => cells[at]!.length)));
  const line = (label: string, cells: readonly string[]) =>
    `${[label.padEnd(labelWidth), ...cells.map((cell, at) => cell.padStart(widths[at]!))].join(GAP)}\n`;
  const body = rows.map(({ label, cells, opens }) => (opens ? "\n" : "") + line(label, cells));
  return `${preambleOf(result).join("\n")}\n\n${line("", names)}${body.join("").replace(/^\n/, "")}`;
}
