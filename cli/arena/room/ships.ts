/** Ships come, are hit, and come back. */
import { BERTH_DISTANCE, BERTHS, SHIP } from "./rules.ts";
import { type ArenaState, Ship } from "./state.ts";

export interface Newcomer {
  readonly name: string;
  readonly look: number;
  readonly bot: boolean;
}

export function launch(state: ArenaState, id: string, { name, look, bot }: Newcomer): Ship {
  const ship = new Ship();
  Object.assign(ship, { name, look, bot, score: 0 });
  berth(state, ship);
  state.ships.set(id, ship);
  return ship;
}

/** Puts a ship, whole again, where nobody is too near and nobody too far. */
export function berth(state: ArenaState, ship: Ship): void {
  let best = BERTHS[0]!;
  let bestMiss = Number.POSITIVE_INFINITY;
  for (const place of BERTHS) {
    let nearest = Number.POSITIVE_INFINITY;
    for (const other of state.ships.values()) {
      if (other !== ship && other.alive) nearest = Math.min(nearest, Math.hypot(other.x - place.x, other.y - place.y));
    }
    const miss = Math.abs(nearest - BERTH_DISTANCE);
    if (miss < bestMiss) [best, bestMiss] = [place, miss];
  }
  ship.x = best.x;
  ship.y = best.y;
  ship.aim = best.x < 800 ? 0 : Math.PI;
  ship.health = SHIP.health;
  ship.alive = true;
  ship.wait = SHIP.reload;
}

/** One shot's worth of damage; the shooter of a wreck scores and is whole again. */
export function damage(victim: Ship, shooter: Ship | undefined): void {
  victim.health -= 1;
  if (victim.health > 0) return;
  victim.alive = false;
  victim.wait = SHIP.repair;
  if (!shooter) return;
  shooter.score += 1;
  if (shooter.alive) shooter.health = SHIP.health;
}
