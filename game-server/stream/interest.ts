/**
 * Which cells a viewer sees, and how often: around a point (or a rectangle around it) rings of cells at every tick, every second and every
 * fourth. A cell counts with its margin, so that whoever is within `near` is in a cell of every tick.
 */
import { RATES } from "@frontrow/shared/stream/layout.ts";
import type { World } from "./world.ts";

/** Distances in the game's unit; what is left out has no ring. */
export type Interest = Rings | Rectangle;
interface Rings {
  /** Seen at every tick within this distance of the point looked at. */
  readonly near: number;
  /** At every second within this, at every fourth within the next. */
  readonly half?: number;
  readonly quarter?: number;
}
interface Rectangle {
  /** Seen at every tick: this rectangle, its middle at the point looked at. */
  readonly width: number;
  readonly height: number;
  /** Distances from the rectangle. */
  readonly half?: number;
  readonly quarter?: number;
}

/** In steps: half the sides of what is near, and squared distances from it up to which each rate is seen. */
export interface Reach {
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly most: number;
  readonly squared: readonly number[];
  /** The same for cells that are seen at that rate or a faster one already: so nothing flickers at a ring's edge. */
  readonly squaredKept: readonly number[];
}

/** No rate: what is not seen. */
export const UNSEEN = RATES.length;
/** What is seen stays seen for so much of a cell beyond. */
const KEPT = 1 / 4;

/** `square` steps wide is the square whose middle stands for the point looked at: so much farther must be seen. */
export function reachOf(interest: Interest, { layout }: World, square: number): Reach {
  const perUnit = 1 / layout.step;
  const isRings = "near" in interest;
  const near = isRings ? interest.near : 0;
  const half = Math.max(near, interest.half ?? 0);
  const distances = [near, half, Math.max(half, interest.quarter ?? 0)].map(
    (distance) => distance * perUnit + square * Math.SQRT1_2,
  );
  const sides = isRings ? [0, 0] : [interest.width, interest.height];
  for (const value of [...distances, ...sides]) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError("An interest's distances must be numbers from 0.");
  }
  const kept = layout.cell * KEPT;
  return {
    halfWidth: (sides[0]! * perUnit) / 2,
    halfHeight: (sides[1]! * perUnit) / 2,
    most: distances.at(-1)! + kept,
    squared: distances.map((distance) => distance ** 2),
    squaredKept: distances.map((distance) => (distance + kept) ** 2),
  };
}

/** How far a point is outside of a cell's span on one axis: `from` is where the span begins, seen from the point. */
export const outsideOf = (from: number, span: number, half: number): number =>
  Math.max(0, from - half, -from - span - half);

/** The ring of a cell at a squared distance: its place among RATES, or UNSEEN. `before` is the ring that it was in. */
export function ringOf(reach: Reach, squared: number, before: number): number {
  for (let ring = 0; ring < UNSEEN; ring++) {
    if (squared <= (ring >= before ? reach.squaredKept : reach.squared)[ring]!) return ring;
  }
  return UNSEEN;
}
