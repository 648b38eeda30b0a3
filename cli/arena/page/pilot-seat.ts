/** From keys, mouse and fingers to the one intent that a ship is steered by. */
import { freeUntil, type Point } from "../room/geometry.ts";
import { WORLD } from "../room/rules.ts";
import { areFoes } from "../room/ships.ts";
import type { Intent } from "../room/state.ts";
import type { Keyboard, Scheme } from "./keys.ts";
import type { SeenShip } from "./mirror.ts";
import { deflection, type PointerInput } from "./pointer.ts";

/** Keys know eight directions; a ship that is seen within this angle (radians) of one of them is meant. */
const MEANT = 0.45;
const SIGHT = 560;

export interface PilotSeat {
  /** `toWorld` turns a place on the canvas into one in the arena. */
  intent(ships: readonly SeenShip[], toWorld: (place: Point) => Point): Intent;
}

export function createPilotSeat(keyboard: Keyboard, scheme: Scheme, pointer: PointerInput): PilotSeat {
  let facing: number | undefined;

  return {
    intent(ships, toWorld) {
      const me = ships.find((ship) => ship.mine) ?? { x: WORLD.width / 2, y: WORLD.height / 2 };
      facing ??= me.x < WORLD.width / 2 ? 0 : Math.PI;
      const keys = keyboard.read(scheme);
      const way = deflection(pointer.moving()) ?? keys;
      if (way.x !== 0 || way.y !== 0) facing = Math.atan2(way.y, way.x);
      const { x, y } = way;

      const mouse = pointer.mouse();
      if (mouse) {
        const target = toWorld(mouse);
        facing = Math.atan2(target.y - me.y, target.x - me.x);
        return { x, y, aim: facing, fire: true };
      }
      const aiming = pointer.aiming();
      const thumb = deflection(aiming);
      if (thumb) facing = Math.atan2(thumb.y, thumb.x);
      return { x, y, aim: meant(me, facing, ships), fire: keys.fire || aiming !== undefined };
    },
  };
}

/** The direction of the ship that is nearest to the direction faced, if one is near enough; else that direction. */
function meant(me: Point, facing: number, ships: readonly SeenShip[]): number {
  const own = ships.find(({ mine }) => mine)?.ship;
  let best = facing;
  let least = MEANT;
  for (const other of ships) {
    const towards = Math.atan2(other.y - me.y, other.x - me.x);
    const off = Math.abs(Math.atan2(Math.sin(towards - facing), Math.cos(towards - facing)));
    const isTarget =
      own && areFoes(own, other.ship) && other.ship.alive && Math.hypot(other.x - me.x, other.y - me.y) < SIGHT;
    if (isTarget && off < least && freeUntil(me, other) === 1) [best, least] = [towards, off];
  }
  return best;
}
