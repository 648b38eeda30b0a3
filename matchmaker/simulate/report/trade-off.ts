/**
 * The picture of what waiting buys: a curve a crowd, through schedules that widen ever later. Below is more equal, left is sooner. It
 * is an image of its own, so it brings its colours, light and dark.
 */
import { escaped } from "./chart.ts";

export interface TradeOff {
  /** The line above the picture. */
  readonly title: string;
  readonly subtitle: string;
  /** Median skill spread of the games as they were really played. */
  readonly asPlayed: { readonly says: string; readonly spread: number };
  readonly crowds: readonly {
    readonly says: string;
    readonly schedules: readonly { readonly name: string; readonly waitP95Ms: number; readonly spreadP50: number }[];
  }[];
}

const SIZE = { width: 860, height: 460 };
const PLOT = { left: 76, right: 36, top: 92, bottom: 58 };
const X_TICKS: readonly (readonly [ms: number, word: string])[] = [
  [100, "0.1 s"],
  [1_000, "1 s"],
  [10_000, "10 s"],
  [60_000, "1 min"],
  [600_000, "10 min"],
];
const Y_TICKS = [0, 50, 100, 150, 200, 250];

const plotWidth = SIZE.width - PLOT.left - PLOT.right;
const plotHeight = SIZE.height - PLOT.top - PLOT.bottom;
const [firstMs, lastMs] = [X_TICKS[0]![0], X_TICKS.at(-1)![0]];
/** Waits of four orders of magnitude: the axis is logarithmic, and what is shorter than its beginning stands there. */
const atX = (ms: number) =>
  round(PLOT.left + (Math.log(Math.max(ms, firstMs) / firstMs) / Math.log(lastMs / firstMs)) * plotWidth);
const atY = (spread: number) => round(PLOT.top + plotHeight - (spread / Y_TICKS.at(-1)!) * plotHeight);

const shapes = [
  (x: number, y: number) => `<circle cx="${x}" cy="${y}" r="6.5"/>`,
  (x: number, y: number) => `<rect x="${x - 6}" y="${y - 6}" width="12" height="12"/>`,
  (x: number, y: number) => `<path d="M${x} ${y - 8}L${x + 8} ${y + 6}L${x - 8} ${y + 6}Z"/>`,
  (x: number, y: number) => `<path d="M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z"/>`,
];

export function drawTradeOff({ title, subtitle, asPlayed, crowds }: TradeOff): string {
  const says = crowds.flatMap((crowd) =>
    crowd.schedules.map(
      ({ name, waitP95Ms, spreadP50 }) =>
        `${crowd.says}, ${name}: ${Math.round(spreadP50)} points, p95 wait ${round(waitP95Ms / 1_000)} s`,
    ),
  );
  const names = crowds[0]?.schedules.map(({ name }) => name) ?? [];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escaped(`${title}. ${says.join("; ")}`)}">
<style>${STYLE}</style>
<rect class="page" width="${SIZE.width}" height="${SIZE.height}" rx="12"/>
<text class="title" x="24" y="34">${escaped(title)}</text>
<text x="24" y="56">${escaped(subtitle)}</text>
${key(names)}
${grid()}
<line class="played" x1="${PLOT.left}" x2="${PLOT.left + plotWidth}" y1="${atY(asPlayed.spread)}" y2="${atY(asPlayed.spread)}"/>
<text x="${PLOT.left + plotWidth}" y="${atY(asPlayed.spread) - 7}" text-anchor="end">${escaped(asPlayed.says)}</text>
${crowds.map(curve).join("\n")}
</svg>
`;
}

/** Which shape is which schedule. */
function key(names: readonly string[]): string {
  const step = 112;
  const from = SIZE.width - PLOT.right - step * names.length + 30;
  return names
    .map((name, at) => {
      const x = from + at * step;
      return `<g class="key">${shapes[at % shapes.length]!(x, 30)}</g><text x="${x + 14}" y="34">${escaped(name)}</text>`;
    })
    .join("");
}

function grid(): string {
  const rows = Y_TICKS.map(
    (tick) =>
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.left + plotWidth}" y1="${atY(tick)}" y2="${atY(tick)}"/><text x="${PLOT.left - 10}" y="${atY(tick) + 4}" text-anchor="end">${tick}</text>`,
  );
  const columns = X_TICKS.map(
    ([ms, word]) =>
      `<line class="grid" x1="${atX(ms)}" x2="${atX(ms)}" y1="${PLOT.top}" y2="${PLOT.top + plotHeight}"/><text x="${atX(ms)}" y="${PLOT.top + plotHeight + 20}" text-anchor="middle">${word}</text>`,
  );
  const middle = PLOT.top + plotHeight / 2;
  return `${[...rows, ...columns].join("\n")}
<text class="name" x="${PLOT.left + plotWidth / 2}" y="${SIZE.height - 14}" text-anchor="middle">p95 wait</text>
<text class="name" transform="translate(22 ${middle}) rotate(-90)" text-anchor="middle">median skill spread, rating points</text>`;
}

function curve({ says, schedules }: TradeOff["crowds"][number], at: number): string {
  const places = schedules.map(({ waitP95Ms, spreadP50 }) => [atX(waitP95Ms), atY(spreadP50)] as const);
  const path = places.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const dots = places.map(([x, y], index) => shapes[index % shapes.length]!(x, y)).join("");
  const [x, y] = places[0] ?? [0, 0];
  return `<g class="c${at}"><path class="line" d="${path}"/>${dots}<text x="${x}" y="${y - 14}" text-anchor="middle">${escaped(says)}</text></g>`;
}

const STYLE = `
.page { fill: #ffffff; } text { fill: #5c574e; font: 13px system-ui, sans-serif; } .title { fill: #23211d; font-size: 18px; font-weight: 600; }
.name { fill: #23211d; } .grid { stroke: #e9e5dc; } .played { stroke: #8a8478; stroke-dasharray: 5 4; } .key { fill: #5c574e; } .line { fill: none; stroke-width: 2.5; }
.c0 { fill: #0b5cad; stroke: #0b5cad; } .c1 { fill: #b4540a; stroke: #b4540a; } .c2 { fill: #0f7a63; stroke: #0f7a63; } g text { stroke: none; }
.c0 text { fill: #0b5cad; } .c1 text { fill: #b4540a; } .c2 text { fill: #0f7a63; }
@media (prefers-color-scheme: dark) {
.page { fill: #14161b; } text, .key { fill: #a5acba; } .title, .name { fill: #eceef3; } .grid { stroke: #282d38; } .played { stroke: #8d95a5; }
.c0 { fill: #7db4ff; stroke: #7db4ff; } .c1 { fill: #f5a45d; stroke: #f5a45d; } .c2 { fill: #57cfae; stroke: #57cfae; }
.c0 text { fill: #7db4ff; } .c1 text { fill: #f5a45d; } .c2 text { fill: #57cfae; }
}
`;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
