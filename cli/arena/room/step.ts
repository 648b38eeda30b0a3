/**
 * One step of the arena, twenty times a second: shots fly, then each ship takes the inputs that it is due, and shoots.
 * Nothing here waits, looks at a clock or rolls dice; whose input it is makes no difference.
 */
import { SHIP } from "./rules.ts";
import { berth } from "./ships.ts";
import { fire, fly, type Sight, type Targets } from "./shots.ts";
import type { ArenaState, Intent, Ship } from "./state.ts";
import { steer } from "./steer.ts";

export interface Step {
  /** The room's clock, milliseconds. */
  readonly nowMs: number;
  /** At most `limit` inputs of a ship, oldest first, each given once. */
  take(id: string, limit: number): readonly Intent[];
  newShotId(): string;
  /** What the player of a ship sees as it fires; that of a bot sees what is. */
  readonly sight?: (id: string) => Sight;
  readonly targets?: Targets;
}

const SHIPS_AS_THEY_ARE: Targets = { shipAt: (ship) => ship };

export function stepArena(state: ArenaState, step: Step): void {
  fly(state, step.nowMs, step.targets ?? SHIPS_AS_THEY_ARE);
  for (const [id, ship] of state.ships.entries()) {
    const fires = stepShip(ship, (limit) => step.take(id, limit));
    if (fires) fire(state, step.newShotId(), id, ship, step.nowMs, step.sight?.(id));
    if (!ship.alive && ship.wait === 0) berth(state, ship);
  }
}

/**
 * Moves a ship by its inputs and says whether it shoots. A step earns the right to one input; what a late network left
 * over may be caught up on, up to `arrears`. More inputs therefore never make a ship faster.
 */
function stepShip(ship: Ship, take: (limit: number) => readonly Intent[]): boolean {
  ship.credit = Math.min(ship.credit + 1, 1 + SHIP.arrears);
  const intents = take(ship.credit);
  ship.credit -= intents.length;
  ship.wait = Math.max(0, ship.wait - 1);
  let fires = false;
  for (const intent of intents) {
    steer(ship, intent);
    if (ship.alive) ship.aim = intent.aim;
    fires ||= intent.fire;
  }
  return fires && ship.alive && ship.wait === 0;
}
