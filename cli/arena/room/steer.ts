/** One input moves a ship by one step. The page runs this too, ahead of the room, and takes it back where the room disagrees. */
import { slide } from "./geometry.ts";
import { SHIP, STEP_S } from "./rules.ts";
import type { Intent } from "./state.ts";

export interface Steered {
  x: number;
  y: number;
  alive: boolean;
}

export function steer(ship: Steered, { x, y }: Pick<Intent, "x" | "y">): void {
  if (!ship.alive) return;
  // A diagonal is not faster than a straight line, and half a stick is half the speed.
  const reach = SHIP.speed * STEP_S * Math.min(1, 1 / (Math.hypot(x, y) || 1));
  slide(ship, x * reach, y * reach, SHIP.radius);
}
