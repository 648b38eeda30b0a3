/**
 * Hundreds of drones that drift through the arena, each in its own way: small targets, good for a little health. They live on the stream
 * alone. A shot that meets one is judged by where its shooter saw it.
 */

import type { Place } from "@frontrow/game-server/stream/history.ts";
import type { EntityId, Stream } from "@frontrow/game-server/stream/stream.ts";
import { type Point, slide, touches } from "./geometry.ts";
import { DRONE, SHOT, STEP_S, WORLD } from "./rules.ts";
import { LOOKS, type SwarmEvents, type SwarmKinds } from "./swarm-stream.ts";

type SwarmWorld = Pick<Stream<SwarmKinds, SwarmEvents>, "spawn" | "move" | "remove" | "emit">;
/** Where a shooter saw a drone; undefined: it was not there. */
export type SeenPlace = (id: EntityId, out: Place) => Place | undefined;

interface Drone extends Point {
  readonly id: EntityId<"drone">;
  readonly look: number;
  heading: number;
  /** Radians a step. */
  turning: number;
  readonly speed: number;
}

export interface Swarm {
  readonly size: number;
  /** Moves everybody by a step; who was shot comes back after a while. */
  step(): void;
  /** How far along a stretch of a shot's way (0 to 1) it first meets a drone, and which; undefined: it meets none. */
  firstHit(from: Point, to: Point, seen: SeenPlace): { readonly along: number; readonly id: EntityId } | undefined;
  shoot(id: EntityId): void;
}

/** What a step changes its mind with, and how much. */
const TURN = { chance: 0.04, most: 0.12 };

export function createSwarm(world: SwarmWorld, count: number, rng: () => number): Swarm {
  const drones = new Map<EntityId, Drone>();
  /** Steps until the next comes back, for each that is gone. */
  const gone: number[] = [];
  const place: Place = { x: 0, y: 0, angle: 0 };

  function launch(): void {
    const at = { x: rng() * WORLD.width, y: rng() * WORLD.height };
    slide(at, 0, 0, DRONE.radius);
    const [heading, look] = [rng() * 2 * Math.PI, Math.floor(rng() * LOOKS)];
    const id = world.spawn("drone", { ...at, angle: heading, look });
    const speed = DRONE.slowest + rng() * (DRONE.fastest - DRONE.slowest);
    drones.set(id, { ...at, id, look, heading, turning: 0, speed });
  }

  function fly(drone: Drone): void {
    if (rng() < TURN.chance) drone.turning = (rng() * 2 - 1) * TURN.most;
    drone.heading += drone.turning;
    const way = drone.speed * STEP_S;
    const [dx, dy] = [Math.cos(drone.heading) * way, Math.sin(drone.heading) * way];
    const { x, y } = drone;
    slide(drone, dx, dy, DRONE.radius);
    // Something was in the way: back, rather than along it for ever.
    if (Math.hypot(drone.x - x, drone.y - y) < 0.9 * way) drone.heading += Math.PI - (rng() - 0.5);
    world.move(drone.id, drone.x, drone.y, drone.heading);
  }

  for (let i = 0; i < count; i++) launch();
  return {
    get size() {
      return drones.size;
    },
    step() {
      for (let i = gone.length - 1; i >= 0; i--) {
        gone[i]!--;
        if (gone[i]! > 0) continue;
        gone.splice(i, 1);
        launch();
      }
      for (const drone of drones.values()) fly(drone);
    },
    firstHit(from, to, seen) {
      let first: { along: number; id: EntityId } | undefined;
      for (const id of drones.keys()) {
        const where = seen(id, place);
        const along = where && touches(from, to, where, DRONE.radius + SHOT.radius);
        if (along !== undefined && along < (first?.along ?? Number.POSITIVE_INFINITY)) first = { along, id };
      }
      return first;
    },
    shoot(id) {
      const drone = drones.get(id);
      if (!drone) return;
      world.emit("burst", drone.x, drone.y, { look: drone.look });
      world.remove(id);
      drones.delete(id);
      gone.push(DRONE.repair);
    },
  };
}
