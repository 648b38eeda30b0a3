/**
 * What the bench's room holds: 10,000 things that all move as in the `stream` bench, 20 times a second, in an area so large that a
 * client who follows one of them sees about a hundred.
 */
import { defineStream, int } from "@frontrow/shared/stream/define.ts";
import { createSwarm, type Swarm } from "../stream/motion.ts";

export const TICK_HZ = 20;
export const TICK_MS = 1_000 / TICK_HZ;
export const ENTITIES = 10_000;
/** Its cells are about a hundred things, at this density. */
export const NEAR = 230;
/** Of the inputs that clients send, beside the stream's own messages. */
export const INPUT_MESSAGE = "i";
/** How far an input turns its sender's thing, radians. */
export const INPUT_TURN = 0.05;

const SIDE = 8_000;
export const arena = defineStream({
  area: { width: SIDE, height: SIDE },
  cell: 270,
  step: 1,
  kinds: { thing: { angle: 8, fields: { hp: int(0, 100) } } },
});

export const createThings = (): Swarm => createSwarm(ENTITIES, SIDE, "mix");

/** Readings of both clocks; of these the closest pair counts, for a process may lose its processor between two readings. */
const READINGS = 100;

/** Milliseconds of the machine's monotonic clock: the same in all its processes. */
export function createMachineClock(): () => number {
  let [closestMs, offsetMs] = [Number.POSITIVE_INFINITY, 0];
  for (let reading = 0; reading < READINGS; reading++) {
    const beforeMs = performance.now();
    const [seconds, nanos] = process.hrtime();
    const afterMs = performance.now();
    if (afterMs - beforeMs >= closestMs) continue;
    closestMs = afterMs - beforeMs;
    offsetMs = seconds * 1_000 + nanos / 1e6 - (beforeMs + afterMs) / 2;
  }
  return () => performance.now() + offsetMs;
}

/** What a thing shows, in whole steps and raw fields, as one row of numbers. */
export const ROW = ["id", "x", "y", "angle", "hp"] as const;

/** The whole world at one tick. */
export interface Truth {
  readonly tick: number;
  readonly rows: Int32Array;
}
