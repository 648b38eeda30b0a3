/** What the arena needs of plane geometry: circles that slide along blocks, and lines that end at them. */
import { BLOCKS, type Block, WORLD } from "./rules.ts";

export interface Point {
  x: number;
  y: number;
}

export const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** Positions live on a grid of 1/16 unit, which float32 carries exactly: what the page predicts equals what the room sends. */
const onGrid = (value: number) => Math.round(value * 16) / 16;

/** Moves a circle by (dx, dy); walls and blocks stop only the part of the motion that runs into them. */
export function slide(at: Point, dx: number, dy: number, radius: number): void {
  let x = at.x + dx;
  let y = at.y + dy;
  for (const block of BLOCKS) {
    const nearX = clamp(x, block.x, block.x + block.width);
    const nearY = clamp(y, block.y, block.y + block.height);
    const distance = Math.hypot(x - nearX, y - nearY);
    if (distance >= radius) continue;
    if (distance > 0) {
      x = nearX + ((x - nearX) / distance) * radius;
      y = nearY + ((y - nearY) / distance) * radius;
    } else {
      ({ x, y } = outOf(block, x, y, radius));
    }
  }
  at.x = onGrid(clamp(x, radius, WORLD.width - radius));
  at.y = onGrid(clamp(y, radius, WORLD.height - radius));
}

/** For a centre inside the block: out by the nearest side. */
function outOf(block: Block, x: number, y: number, radius: number): Point {
  const ways: [number, Point][] = [
    [x - block.x, { x: block.x - radius, y }],
    [block.x + block.width - x, { x: block.x + block.width + radius, y }],
    [y - block.y, { x, y: block.y - radius }],
    [block.y + block.height - y, { x, y: block.y + block.height + radius }],
  ];
  return ways.reduce((best, way) => (way[0] < best[0] ? way : best))[1];
}

/** How far along from `a` to `b` (0 to 1) a line first meets a wall or a block; 1 when it meets none. */
export function freeUntil(a: Point, b: Point): number {
  let free = leaves(a, b);
  for (const block of BLOCKS) free = Math.min(free, enters(block, a, b));
  return free;
}

function leaves(a: Point, b: Point): number {
  let free = 1;
  for (const [from, to, max] of [
    [a.x, b.x, WORLD.width],
    [a.y, b.y, WORLD.height],
  ] as const) {
    if (to < 0) free = Math.min(free, from / (from - to));
    if (to > max) free = Math.min(free, (max - from) / (to - from));
  }
  return Math.max(0, free);
}

/** The slab method: the line is inside the block while it is between both pairs of sides. */
function enters(block: Block, a: Point, b: Point): number {
  let first = 0;
  let last = 1;
  for (const [from, to, min, max] of [
    [a.x, b.x, block.x, block.x + block.width],
    [a.y, b.y, block.y, block.y + block.height],
  ] as const) {
    const way = to - from;
    if (way === 0) {
      if (from < min || from > max) return 1;
      continue;
    }
    first = Math.max(first, Math.min((min - from) / way, (max - from) / way));
    last = Math.min(last, Math.max((min - from) / way, (max - from) / way));
  }
  return first <= last ? first : 1;
}

/** How far along from `a` to `b` (0 to 1) a line first comes within `radius` of `centre`; undefined when it never does. */
export function touches(a: Point, b: Point, centre: Point, radius: number): number | undefined {
  const wayX = b.x - a.x;
  const wayY = b.y - a.y;
  const fromX = a.x - centre.x;
  const fromY = a.y - centre.y;
  const inside = fromX * fromX + fromY * fromY - radius * radius;
  if (inside <= 0) return 0;
  const length = wayX * wayX + wayY * wayY;
  const towards = -(fromX * wayX + fromY * wayY);
  const root = towards * towards - length * inside;
  if (length === 0 || towards <= 0 || root < 0) return undefined;
  const along = (towards - Math.sqrt(root)) / length;
  return along <= 1 ? along : undefined;
}
