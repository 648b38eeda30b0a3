/** Line charts as SVG text. Colours are CSS variables of the page, so that light and dark need one drawing; lines differ in dashes, too. */
import type { Axis } from "./axis.ts";

export interface Line {
  readonly name: string;
  /** Which of the page's styles: 0 to 4; "reference": thin and grey. */
  readonly style: number | "reference";
  /** Left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Emphasised, with words that show on touch. */
  readonly marks?: readonly { readonly x: number; readonly y: number; readonly says: string }[];
}

export interface Chart {
  /** What it shows, in a sentence: for who cannot see it. */
  readonly says: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** The first line is an area. */
  readonly filled?: boolean;
}

const WIDTH = 640;
const HEIGHT = 310;
const PLOT = { left: 72, top: 32, right: 34, bottom: 50 };

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[each]!);

export function chart({ says, x, y, lines, filled = false }: Chart): string {
  const [width, height] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const atX = (value: number) => round(PLOT.left + ((value - x.min) / (x.max - x.min)) * width);
  const atY = (value: number) => round(PLOT.top + height - ((value - y.min) / (y.max - y.min)) * height);
  const base = atY(y.min);
  const grid = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.left + width}" y1="${atY(tick)}" y2="${atY(tick)}"/>` +
      `<text x="${PLOT.left - 8}" y="${atY(tick) + 4}" text-anchor="end">${y.word(tick)}</text>`,
  );
  const xTicks = x.ticks.map(
    (tick) =>
      `<line class="tick" x1="${atX(tick)}" x2="${atX(tick)}" y1="${base}" y2="${base + 4}"/>` +
      `<text x="${atX(tick)}" y="${base + 18}" text-anchor="middle">${x.word(tick)}</text>`,
  );
  const drawn = lines.map(({ name, style, points, marks = [] }, index) => {
    const inside = within(points, x.max);
    if (inside.length === 0) return "";
    const path = inside.map(([px, py], at) => `${at === 0 ? "M" : "L"}${atX(px)} ${atY(py)}`).join("");
    const area =
      filled && index === 0
        ? `<path class="area" d="${path}L${atX(inside.at(-1)![0])} ${base}L${atX(inside[0]![0])} ${base}Z"/>`
        : "";
    const dots = marks
      .filter((mark) => mark.x <= x.max)
      .map((mark) => {
        const title = escaped(`${name}: ${mark.says}`);
        return `<circle class="dot s-${style}" cx="${atX(mark.x)}" cy="${atY(mark.y)}" r="4.5"><title>${title}</title></circle>`;
      });
    return `${area}<path class="line s-${style}" d="${path}"><title>${escaped(name)}</title></path>${dots.join("")}`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(says)}">
${grid.join("")}
<line class="axis" x1="${PLOT.left}" x2="${PLOT.left + width}" y1="${base}" y2="${base}"/>
${xTicks.join("")}
<text class="name" x="${PLOT.left + width / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(x.name)}</text>
<text class="name" x="4" y="16">${escaped(y.name)}</text>
${drawn.join("\n")}
</svg>`;
}

/** A legend for more than one line; lines of one style are named once. */
export function legend(lines: readonly Pick<Line, "name" | "style">[]): string {
  const items = lines.map(
    ({ name, style }) =>
      `<li><svg viewBox="0 0 28 10" aria-hidden="true"><path class="line s-${style}" d="M1 5L27 5"/></svg>${escaped(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

/** The points up to `xMax`, the line cut where it leaves the picture. */
function within(points: Line["points"], xMax: number): Line["points"] {
  const beyond = points.findIndex(([x]) => x > xMax);
  if (beyond <= 0) return beyond === 0 ? [] : points;
  const [[ax, ay], [bx, by]] = [points[beyond - 1]!, points[beyond]!];
  return [...points.slice(0, beyond), [xMax, ay + ((by - ay) * (xMax - ax)) / (bx - ax)]];
}

const round = (value: number) => Math.round(value * 10) / 10;
