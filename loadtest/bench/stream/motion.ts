/**
 * Who moves, and how, from a seed: of ten, six steer smoothly, three turn at random, one stops and goes on; or all go straight on. All at
 * 12 pixels a tick (240 a second at 20 Hz) in an area that reflects them. Angles are where they go; one in a hundred changes its hp.
 */
import { seeded } from "@frontrow/matchmaker/simulate/seeded.ts";

export interface Swarm {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly angle: Float64Array;
  readonly hp: Uint8Array;
  step(): void;
}

export type Motion = "mix" | "straight";

const SPEED = 12;
const STEER_MAX = 0.08;
const TURN_MAX = 0.4;
const HP_CHANGES = 0.01;
const [STEERING, TURNING] = [6, 9];

export function createSwarm(count: number, side: number, motion: Motion): Swarm {
  const dice = seeded(17);
  const within = (size: number) => Float64Array.from({ length: count }, () => dice() * size);
  const [x, y, angle] = [within(side), within(side), within(2 * Math.PI)];
  const steer = new Float64Array(count);
  const still = new Uint8Array(count);
  const hp = new Uint8Array(count).fill(100);

  function turn(at: number): void {
    const kind = at % 10;
    if (kind < STEERING) {
      steer[at] = Math.max(-STEER_MAX, Math.min(STEER_MAX, steer[at]! + (dice() - 0.5) * 0.01));
      angle[at]! += steer[at]!;
    } else if (kind < TURNING) angle[at]! += (dice() - 0.5) * 2 * TURN_MAX;
    else if (dice() < 0.05) still[at] = 1 - still[at]!;
  }

  function step(): void {
    for (let at = 0; at < count; at++) {
      if (motion === "mix") turn(at);
      if (dice() < HP_CHANGES) hp[at] = Math.floor(dice() * 101);
      if (still[at] === 1) continue;
      x[at]! += Math.cos(angle[at]!) * SPEED;
      y[at]! += Math.sin(angle[at]!) * SPEED;
      if (x[at]! < 0 || x[at]! > side) angle[at] = Math.PI - angle[at]!;
      if (y[at]! < 0 || y[at]! > side) angle[at] = -angle[at]!;
      x[at] = Math.max(0, Math.min(side, x[at]!));
      y[at] = Math.max(0, Math.min(side, y[at]!));
    }
  }
  return { x, y, angle, hp, step };
}
