import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPilot } from "./pilot.ts";
import { BLOCKS, SHIP, SHOT, STEP_S, WORLD } from "./rules.ts";
import { launch } from "./ships.ts";
import { ArenaState, type Intent } from "./state.ts";
import { steer } from "./steer.ts";
import { type Step, stepArena } from "./step.ts";

const STEP_MS = STEP_S * 1_000;
const still: Intent = { x: 0, y: 0, aim: 0, fire: false };

/** An arena whose ships are sent inputs by `send`, and which is stepped by `run`. */
function createArena() {
  const state = new ArenaState();
  const waiting = new Map<string, Intent[]>();
  let nowMs = 0;
  let shots = 0;
  const step: Omit<Step, "nowMs"> = {
    take: (id, limit) => waiting.get(id)?.splice(0, limit) ?? [],
    newShotId: () => `${shots++}`,
  };
  return {
    state,
    ship(id: string, x: number, y: number) {
      return Object.assign(launch(state, id, { name: id, look: 0, bot: false }), { x, y });
    },
    send: (id: string, ...intents: Intent[]) => waiting.set(id, [...(waiting.get(id) ?? []), ...intents]),
    run(steps = 1) {
      for (let i = 0; i < steps; i++) {
        nowMs += STEP_MS;
        stepArena(state, { ...step, nowMs });
      }
    },
  };
}

const inBlock = ({ x, y }: { x: number; y: number }, reach: number) =>
  BLOCKS.some((b) => x > b.x - reach && x < b.x + b.width + reach && y > b.y - reach && y < b.y + b.height + reach);

describe("ships", () => {
  it("[AR1] more inputs do not make a ship faster", () => {
    const arena = createArena();
    const ship = arena.ship("eager", 60, 60);
    arena.run(20);
    const before = ship.x;
    for (let i = 0; i < 40; i++) {
      arena.send("eager", ...Array.from({ length: 10 }, () => ({ ...still, x: 1 })));
      arena.run();
    }
    const fair = SHIP.speed * STEP_S * 40;
    expect(ship.x - before).toBeGreaterThan(fair - 1);
    expect(ship.x - before).toBeLessThanOrEqual(fair + SHIP.arrears * SHIP.speed * STEP_S + 1);
  });

  it("[AR1] a diagonal is not faster than a straight line", () => {
    const ship = { x: 100, y: 100, alive: true };
    steer(ship, { x: 1, y: 1 });
    expect(Math.hypot(ship.x - 100, ship.y - 100)).toBeCloseTo(SHIP.speed * STEP_S, 0);
  });

  it("[AR2] inputs that come late are caught up on, up to 200 ms of them", () => {
    const arena = createArena();
    const ship = arena.ship("late", 100, 60);
    arena.run(10);
    arena.send("late", ...Array.from({ length: 10 }, () => ({ ...still, x: 1 })));
    arena.run();
    expect(ship.x - 100).toBeCloseTo((1 + SHIP.arrears) * SHIP.speed * STEP_S, 0);
  });

  it("[AR3] no walk leads out of the world or into a block, and the page foresees every step exactly", () => {
    const stick = fc.integer({ min: -127, max: 127 }).map((n) => n / 127);
    const leg = fc.record({ x: stick, y: stick, steps: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 30 }), (legs) => {
        const arena = createArena();
        const ship = arena.ship("walker", 480, 460);
        const foreseen = { x: 480, y: 460, alive: true };
        for (const { x, y, steps } of legs) {
          for (let i = 0; i < steps; i++) {
            arena.send("walker", { ...still, x, y });
            arena.run();
            steer(foreseen, { x, y });
            expect([Math.fround(foreseen.x), Math.fround(foreseen.y)]).toEqual([ship.x, ship.y]);
            expect(inBlock(ship, 0)).toBe(false);
            expect(ship.x >= SHIP.radius && ship.x <= WORLD.width - SHIP.radius).toBe(true);
            expect(ship.y >= SHIP.radius && ship.y <= WORLD.height - SHIP.radius).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("shots", () => {
  it("[AR4] a shot hits the first ship on its way, and flies on past wrecks", () => {
    const arena = createArena();
    const shooter = arena.ship("shooter", 500, 60);
    const near = arena.ship("near", 700, 60);
    const far = arena.ship("far", 800, 60);
    shooter.wait = 0;
    arena.send("shooter", { ...still, fire: true });
    arena.run(12);
    expect([near.health, far.health]).toEqual([SHIP.health - 1, SHIP.health]);
    Object.assign(near, { alive: false, wait: 1_000 });
    arena.send("shooter", { ...still, fire: true });
    arena.run(15);
    expect(far.health).toBe(SHIP.health - 1);
  });

  it("[AR5] a shot ends at a block", () => {
    const arena = createArena();
    const block = BLOCKS[0]!;
    const shooter = arena.ship("shooter", block.x - 60, block.y + 100);
    const hidden = arena.ship("hidden", block.x + block.width + 60, block.y + 100);
    shooter.wait = 0;
    arena.send("shooter", { ...still, fire: true });
    arena.run();
    expect(arena.state.shots.size).toBe(1);
    arena.run(Math.ceil(SHOT.life / STEP_MS) + 1);
    expect(arena.state.shots.size).toBe(0);
    expect(hidden.health).toBe(SHIP.health);
  });

  it("[AR6] holding the trigger shoots once per reload, however many inputs hold it", () => {
    const arena = createArena();
    const shooter = arena.ship("shooter", 60, 60);
    shooter.wait = 0;
    let fired = 0;
    for (let i = 0; i < SHIP.reload * 4; i++) {
      arena.send("shooter", { ...still, fire: true }, { ...still, fire: true });
      arena.run();
      if (shooter.wait === SHIP.reload) fired++;
    }
    expect(fired).toBe(4);
  });

  it("[AR7] a wreck scores for the shooter, does nothing, and is back whole after its repair", () => {
    const arena = createArena();
    const shooter = arena.ship("shooter", 500, 60);
    const victim = arena.ship("victim", 600, 60);
    Object.assign(shooter, { wait: 0, health: 1 });
    victim.health = 1;
    arena.send("shooter", { ...still, fire: true });
    arena.run(5);
    expect(victim.alive).toBe(false);
    expect([shooter.score, shooter.health]).toEqual([1, SHIP.health]);
    const wreck = { x: victim.x, y: victim.y };
    arena.send("victim", { x: 1, y: 0, aim: 0, fire: true });
    arena.run(2);
    expect({ x: victim.x, y: victim.y }).toEqual(wreck);
    expect(arena.state.shots.size).toBe(0);
    arena.run(SHIP.repair);
    expect([victim.alive, victim.health]).toEqual([true, SHIP.health]);
  });
});

describe("bots", () => {
  it("[AR8] bots find, hit and wreck each other, and stay out of the blocks", () => {
    // A plain generator (mulberry32), so that the fight is the same every time.
    let seed = 7;
    const rng = () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const arena = createArena();
    const pilots = new Map(["a", "b", "c"].map((id) => [id, createPilot(rng)]));
    for (const id of pilots.keys()) launch(arena.state, id, { name: id, look: 0, bot: true });
    for (let i = 0; i < 1_200; i++) {
      for (const [id, pilot] of pilots) arena.send(id, pilot(arena.state.ships.get(id)!, arena.state));
      arena.run();
      for (const ship of arena.state.ships.values()) expect(inBlock(ship, 0)).toBe(false);
    }
    const scores = [...arena.state.ships.values()].map((ship) => ship.score);
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeGreaterThan(0);
  });
});
