/** Where entities are: quantized positions, the cells' lists, and who must hear that something changed. */
import { NOW } from "./entities.ts";
import { chainId, type World } from "./world.ts";

/** Whole steps from 0 to `max`; what is no number is 0. */
export function stepsOf(value: number, perUnit: number, max: number): number {
  const steps = value * perUnit + 0.5;
  return steps > 0 ? (steps < max ? steps | 0 : max) : 0;
}

export const cellAt = ({ layout }: World, x: number, y: number): number =>
  Math.floor(y / layout.cell) * layout.columns + Math.floor(x / layout.cell);

/** Puts a row at a position, into its cell's list where it comes or has crossed a border by more than the margin. */
export function placeRow(world: World, row: number, x: number, y: number): void {
  const { now } = world.entities;
  const at = row * NOW;
  now[at] = x;
  now[at + 1] = y;
  const cell = now[at + 3]!;
  if (cell >= 0) {
    const { span } = world.layout;
    if ((x - world.cornerX[cell]!) >>> 0 < span && (y - world.cornerY[cell]!) >>> 0 < span) return;
    leaveCell(world, row);
  }
  enterCell(world, row, cellAt(world, x, y));
}

function enterCell(world: World, row: number, cell: number): void {
  const { now, next, previous, arrivedAt } = world.entities;
  const first = world.newest[cell]!;
  now[row * NOW + 3] = cell;
  next[row] = first;
  previous[row] = -1;
  if (first >= 0) previous[first] = row;
  world.newest[cell] = row;
  arrivedAt[row] = world.step + 1;
}

export function leaveCell(world: World, row: number): void {
  const { now, next, previous } = world.entities;
  const cell = now[row * NOW + 3]!;
  const [before, after] = [previous[row]!, next[row]!];
  if (before >= 0) next[before] = after;
  else world.newest[cell] = after;
  if (after >= 0) previous[after] = before;
  world.departedAt[cell] = world.step + 1;
}

/** Something of the row has changed: chains in which it rests hear of it. */
export function touch(world: World, row: number): void {
  const { entities } = world;
  entities.changedAt[row] = world.step + 1;
  if (entities.asleep[row] !== 0) stir(world, row);
}

function stir(world: World, row: number): void {
  const { entities } = world;
  for (let ring = 0; ring < entities.tables.length; ring++) {
    if ((entities.asleep[row]! >> ring) % 2 === 0) continue;
    const { heldBy, nextStirred } = entities.tables[ring]!;
    const chain = world.chains[chainId(world, ring, heldBy[row]!)]!;
    nextStirred[row] = chain.stirred;
    chain.stirred = row;
  }
  entities.asleep[row] = 0;
}
