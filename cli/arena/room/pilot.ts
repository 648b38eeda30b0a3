/** A bot: keeps a fighting distance to the nearest ship that it can see, circles it, and shoots a little beside it. */
import { freeUntil, type Point } from "./geometry.ts";
import { areFoes } from "./ships.ts";
import type { ArenaState, Intent, Ship } from "./state.ts";

const SIGHT = 640;
const NEAR = 190;
const FAR = 330;
/** Radians: what makes bots miss. */
const UNSTEADY = 0.5;
/** Chance of a shot in one step. */
const EAGER = 0.12;
/** Chance of a change of mind in one step: about every two seconds. */
const RESTLESS = 0.025;
/** Turns away from a wall that are tried, in this order. */
const TURNS = [0, 0.6, -0.6, 1.2, -1.2, 2, -2, Math.PI];

export type Pilot = (self: Ship, state: ArenaState) => Intent;

export function createPilot(rng: () => number): Pilot {
  let heading = rng() * 2 * Math.PI;
  let side = 1;
  return (self, state) => {
    if (rng() < RESTLESS) side = -side;
    const target = nearestInSight(self, state);
    if (target) heading = circling(self, target, side);
    else if (rng() < RESTLESS) heading += (rng() - 0.5) * Math.PI;
    heading = freeHeading(self, heading);
    const aim = target ? angleTo(self, target) + (rng() - 0.5) * UNSTEADY : heading;
    return { x: Math.cos(heading) * 0.8, y: Math.sin(heading) * 0.8, aim, fire: target !== undefined && rng() < EAGER };
  };
}

function nearestInSight(self: Ship, state: ArenaState): Ship | undefined {
  let nearest = SIGHT;
  let found: Ship | undefined;
  for (const other of state.ships.values()) {
    const distance = Math.hypot(other.x - self.x, other.y - self.y);
    if (!areFoes(self, other) || !other.alive || distance >= nearest || freeUntil(self, other) < 1) continue;
    [nearest, found] = [distance, other];
  }
  return found;
}

function circling(self: Point, target: Point, side: number): number {
  const distance = Math.hypot(target.x - self.x, target.y - self.y);
  const turn = distance > FAR ? 0.3 : distance < NEAR ? 2.6 : Math.PI / 2;
  return angleTo(self, target) + side * turn;
}

function freeHeading(self: Point, heading: number): number {
  const turn = TURNS.find((turn) => {
    const ahead = { x: self.x + Math.cos(heading + turn) * 70, y: self.y + Math.sin(heading + turn) * 70 };
    return freeUntil(self, ahead) === 1;
  });
  return heading + (turn ?? 0);
}

const angleTo = (from: Point, to: Point) => Math.atan2(to.y - from.y, to.x - from.x);
