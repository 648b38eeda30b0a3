/** Ships come, are hit, and come back. */
import { BERTH_DISTANCE, BERTHS, SHIP, sideOf } from "./rules.ts";
import { type ArenaState, Ship } from "./state.ts";

export interface Newcomer {
  readonly name: string;
  readonly look: number;
  readonly bot: boolean;
  /** From 1; 0 flies for itself. */
  readonly team?: number;
}

export function launch(state: ArenaState, id: string, { name, look, bot, team = 0 }: Newcomer): Ship {
  const ship = new Ship();
  Object.assign(ship, { name, look, bot, team, score: 0 });
  berth(state, ship);
  state.ships.set(id, ship);
  return ship;
}

/** Team mates cannot hurt each other. */
export const areFoes = (a: Ship, b: Ship) => a !== b && (a.team === 0 || a.team !== b.team);

/** Puts a ship, whole again, where nobody is too near and nobody too far; a team's ship on its own side. */
export function berth(state: ArenaState, ship: Ship): void {
  const places = BERTHS.filter((place) => ship.team === 0 || sideOf(place) === ship.team);
  let best = places[0]!;
  let bestMiss = Number.POSITIVE_INFINITY;
  for (const place of places) {
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
