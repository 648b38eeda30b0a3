/** The report as one page that needs nothing else: no script, no font, no request. Light and dark as the reader's system is. */
import { escaped } from "./chart.ts";
import { figuresOf } from "./figures.ts";
import { style } from "./page-style.ts";
import type { SimulationResult } from "./result.ts";
import { preambleOf, rowsOf } from "./rows.ts";

export function page(result: SimulationResult): string {
  const names = result.modes.map(({ name }) => escaped(name));
  const title = names.length === 1 ? `${names[0]}, simulated` : `${names[0]} against ${names.slice(1).join(", ")}`;
  const head = names.map((name) => `<th scope="col">${name}</th>`).join("");
  const body = rowsOf(result).map(({ label, cells, opens }) => {
    const values = cells.map((cell) => `<td>${escaped(cell)}</td>`).join("");
    return `<tr${opens ? ' class="opens"' : ""}><th scope="row">${escaped(label)}</th>${values}</tr>`;
  });
  const figures = figuresOf(result).map(
    ({ title: what, how, html }) => `<figure><h2>${what}</h2>${html}<figcaption>${how}</figcaption></figure>`,
  );
  const understood = result.input.understood.map((each) => `<li>${escaped(each)}</li>`).join("");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title} · frontrow simulate</title>
<style>
${style}
</style>
<main>
<h1>${title}</h1>
${preambleOf(result)
  .map((sentence) => `<p>${escaped(sentence)}</p>`)
  .join("\n")}
<div class="table" tabindex="0" role="region" aria-label="Figures of each mode">
<table>
<thead><tr><td></td>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>
<div class="figures">
${figures.join("\n")}
</div>
${understood === "" ? "" : `<details><summary>How the columns were understood</summary><ul>${understood}</ul></details>`}
</main>
</html>
`;
}
