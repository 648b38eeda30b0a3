/**
 * Shots fly straight and end at the first wall, which is known when they are fired. Their way is checked in stretches from
 * one step to the next, so that a fast shot cannot pass through a ship between two steps. Whom they meet is judged by where the
 * shooter saw them as it fired.
 */
import { freeUntil, type Point, touches } from "./geometry.ts";
import { SHIP, SHOT } from "./rules.ts";
import { areFoes, damage } from "./ships.ts";
import { type ArenaState, type Ship, Shot } from "./state.ts";

/** How long ago was what a shooter sees: ships in ms, drones in steps of the swarm. */
export interface Sight {
  readonly agoMs: number;
  readonly agoSteps: number;
}
const SEES_NOW: Sight = { agoMs: 0, agoSteps: 0 };

/** What shots may meet. */
export interface Targets {
  /** Where a ship was so long ago. */
  shipAt(ship: Ship, agoMs: number): Point;
  /** What else is met on a stretch of a shot's way: how far along (0 to 1), and what happens then; undefined: nothing. */
  other?(shot: Shot, from: Point, to: Point): { readonly along: number; hit(): void } | undefined;
}

type Flight = Pick<Shot, "x" | "y" | "angle" | "from">;

/** Where a shot is at a time of the room's clock. */
export function shotAt({ x, y, angle, from }: Flight, ms: number): Point {
  const way = (SHOT.speed * (ms - from)) / 1_000;
  return { x: x + Math.cos(angle) * way, y: y + Math.sin(angle) * way };
}

/** A shot from the ship's centre along its aim. */
export function fire(state: ArenaState, id: string, owner: string, ship: Ship, nowMs: number, sight = SEES_NOW): void {
  const shot = new Shot();
  Object.assign(shot, { ...sight, owner, x: ship.x, y: ship.y, angle: ship.aim, from: nowMs, checked: nowMs });
  shot.until = nowMs + Math.round(SHOT.life * freeUntil(ship, shotAt(shot, nowMs + SHOT.life)));
  state.shots.set(id, shot);
  ship.wait = SHIP.reload;
}

/** Flies every shot up to `nowMs`: hits are scored, and what hit something or has ended is gone. */
export function fly(state: ArenaState, nowMs: number, targets: Targets): void {
  for (const [id, shot] of [...state.shots.entries()]) {
    const upTo = Math.min(nowMs, shot.until);
    const [from, to] = [shotAt(shot, shot.checked), shotAt(shot, upTo)];
    const ship = firstHit(state, shot, from, to, targets);
    const other = targets.other?.(shot, from, to);
    const isOther = other !== undefined && other.along < (ship?.along ?? Number.POSITIVE_INFINITY);
    if (isOther) other.hit();
    else if (ship) damage(ship.hit, state.ships.get(shot.owner));
    if (isOther || ship || nowMs >= shot.until) state.shots.delete(id);
    shot.checked = upTo;
  }
}

function firstHit(
  state: ArenaState,
  shot: Shot,
  from: Point,
  to: Point,
  { shipAt }: Targets,
): { along: number; hit: Ship } | undefined {
  let first: { along: number; hit: Ship } | undefined;
  const shooter = state.ships.get(shot.owner);
  for (const [id, ship] of state.ships.entries()) {
    if (id === shot.owner || !ship.alive || (shooter && !areFoes(shooter, ship))) continue;
    const along = touches(from, to, shipAt(ship, shot.agoMs), SHIP.radius + SHOT.radius);
    if (along !== undefined && along < (first?.along ?? Number.POSITIVE_INFINITY)) first = { along, hit: ship };
  }
  return first;
}
