/**
 * Shots fly straight and end at the first wall, which is known when they are fired. Their way is checked in stretches from
 * one step to the next, so that a fast shot cannot pass through a ship between two steps.
 */
import { freeUntil, type Point, touches } from "./geometry.ts";
import { SHIP, SHOT } from "./rules.ts";
import { areFoes, damage } from "./ships.ts";
import { type ArenaState, type Ship, Shot } from "./state.ts";

type Flight = Pick<Shot, "x" | "y" | "angle" | "from">;

/** Where a shot is at a time of the room's clock. */
export function shotAt({ x, y, angle, from }: Flight, ms: number): Point {
  const way = (SHOT.speed * (ms - from)) / 1_000;
  return { x: x + Math.cos(angle) * way, y: y + Math.sin(angle) * way };
}

/** A shot from the ship's centre along its aim. */
export function fire(state: ArenaState, id: string, owner: string, ship: Ship, nowMs: number): void {
  const shot = new Shot();
  Object.assign(shot, { owner, x: ship.x, y: ship.y, angle: ship.aim, from: nowMs, checked: nowMs });
  shot.until = nowMs + Math.round(SHOT.life * freeUntil(ship, shotAt(shot, nowMs + SHOT.life)));
  state.shots.set(id, shot);
  ship.wait = SHIP.reload;
}

/** Flies every shot up to `nowMs`: hits are scored, and what hit something or has ended is gone. */
export function fly(state: ArenaState, nowMs: number): void {
  for (const [id, shot] of [...state.shots.entries()]) {
    const upTo = Math.min(nowMs, shot.until);
    const victim = firstHit(state, shot, shotAt(shot, shot.checked), shotAt(shot, upTo));
    if (victim) damage(victim, state.ships.get(shot.owner));
    if (victim || nowMs >= shot.until) state.shots.delete(id);
    shot.checked = upTo;
  }
}

function firstHit(state: ArenaState, shot: Shot, from: Point, to: Point): Ship | undefined {
  let first = Number.POSITIVE_INFINITY;
  let hit: Ship | undefined;
  const shooter = state.ships.get(shot.owner);
  for (const [id, ship] of state.ships.entries()) {
    if (id === shot.owner || !ship.alive || (shooter && !areFoes(shooter, ship))) continue;
    const along = touches(from, to, ship, SHIP.radius + SHOT.radius);
    if (along !== undefined && along < first) [first, hit] = [along, ship];
  }
  return hit;
}
