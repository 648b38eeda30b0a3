import { createStream } from "@frontrow/game-server/stream/stream.ts";
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";
import { describe, expect, it } from "vitest";
import { BLOCKS, DRONE, SHIP, SHOT, STEP_S, WORLD } from "./rules.ts";
import { launch } from "./ships.ts";
import { ArenaState, type Intent, type Ship } from "./state.ts";
import { stepArena } from "./step.ts";
import { createSwarm } from "./swarm.ts";
import { swarmStream } from "./swarm-stream.ts";

function createSky(count = 240) {
  const stream = createStream(swarmStream);
  const swarm = createSwarm(stream, count, seeded(1));
  let tick = 0;
  return {
    stream,
    swarm,
    run(steps: number) {
      for (let i = 0; i < steps; i++) {
        swarm.step();
        stream.encode(++tick);
      }
    },
    places: () => [...stream.all()].map(({ id, x, y }) => ({ id, x: x / 8, y: y / 8 })),
  };
}

describe("the swarm", () => {
  it("[AR21] hundreds of drones drift on and on, outside the blocks, each at its own pace", () => {
    const sky = createSky();
    sky.run(1);
    const before = new Map(sky.places().map(({ id, ...at }) => [id, at]));
    const [way, steps] = [new Map<number, number>(), 400];
    for (let step = 0; step < steps; step++) {
      sky.run(1);
      for (const { id, x, y } of sky.places()) {
        const was = before.get(id)!;
        const moved = Math.hypot(x - was.x, y - was.y);
        expect(moved).toBeLessThan(DRONE.fastest * STEP_S + 2 * DRONE.radius);
        way.set(id, (way.get(id) ?? 0) + moved);
        before.set(id, { x, y });
        expect(x).toBeGreaterThanOrEqual(DRONE.radius);
        expect(x).toBeLessThanOrEqual(WORLD.width - DRONE.radius);
        expect(BLOCKS.some((b) => x > b.x && x < b.x + b.width && y > b.y && y < b.y + b.height)).toBe(false);
      }
    }
    expect(way.size).toBe(240);
    expect(Math.min(...way.values())).toBeGreaterThan(DRONE.slowest * STEP_S * steps * 0.5);
  });

  it("[AR21] one that is shot bursts where it was, and another comes after a while", () => {
    const sky = createSky(20);
    sky.run(1);
    const { id } = sky.places()[0]!;
    sky.swarm.shoot(id);
    sky.swarm.shoot(id);
    expect([sky.swarm.size, sky.stream.has(id)]).toEqual([19, false]);
    sky.run(DRONE.repair - 1);
    expect(sky.swarm.size).toBe(19);
    sky.run(1);
    expect(sky.swarm.size).toBe(20);
  });

  it("[AR22] a shot meets a drone where its shooter saw it, not where it is by now", () => {
    const sky = createSky(1);
    const history = sky.stream.history(10);
    sky.run(10);
    const { id } = sky.places()[0]!;
    const [then, now] = [history.at(id, 3)!, history.at(id, 10)!];
    expect(Math.hypot(then.x - now.x, then.y - now.y)).toBeGreaterThan(DRONE.radius + SHOT.radius);
    const across = ({ x, y }: { x: number; y: number }) => [
      { x: x - 40, y },
      { x: x + 40, y },
    ];
    const [from, to] = across(then) as [{ x: number; y: number }, { x: number; y: number }];
    expect(sky.swarm.firstHit(from, to, (of, out) => history.at(of, 3, out))).toMatchObject({ id });
    const isStillThere = Math.abs(now.y - then.y) < DRONE.radius + SHOT.radius;
    if (!isStillThere) expect(sky.swarm.firstHit(from, to, (of, out) => history.at(of, 10, out))).toBeUndefined();
  });
});

describe("shots at ships", () => {
  /** A ship that flies down while another shoots along the line on which it was. */
  function duel(agoMs: number) {
    const state = new ArenaState();
    const [shooter, target] = ["shooter", "target"].map((name) =>
      Object.assign(launch(state, name, { name, look: 0, bot: false }), { wait: 0 }),
    ) as [Ship, Ship];
    Object.assign(shooter, { x: 100, y: 100 });
    Object.assign(target, { x: 250, y: 100 });
    const past: { x: number; y: number }[] = [];
    let nowMs = 0;
    const intents: Record<string, Intent> = {
      shooter: { x: 0, y: 0, aim: 0, fire: false },
      target: { x: 0, y: 1, aim: 0, fire: false },
    };
    for (let step = 0; step < 30; step++) {
      nowMs += 50;
      // It fires while the target crosses its line, as it sees it; by now the target is well below.
      intents.shooter = { ...intents.shooter!, fire: step === 4 };
      stepArena(state, {
        nowMs,
        take: (id) => [intents[id]!],
        newShotId: () => "s",
        sight: () => ({ agoMs, agoSteps: 0 }),
        targets: {
          shipAt: (ship, ago) => (ship === target ? (past.at(-1 - ago / 50) ?? past[0] ?? ship) : ship),
        },
      });
      past.push({ x: target.x, y: target.y });
    }
    return target.health;
  }

  it("[AR22] a ship is hit where its foe saw it", () => {
    expect(duel(0)).toBe(SHIP.health);
    expect(duel(400)).toBe(SHIP.health - 1);
  });
});
