/** A stream that is known beforehand: where each mote is at each tick, so that what a client shows can be held against it anywhere. */
import { defineStream } from "@frontrow/shared/stream/define.ts";
import { int } from "@frontrow/shared/stream/fields.ts";

export const MOTES = 500;
export const MOTES_HZ = 20;
/** As deep into the world as is needed to see all of it. */
export const MOTES_SIGHT = { near: 2_000 } as const;
const SIDE = 1_000;
const STEP = 1 / 8;

export const motesStream = defineStream({
  area: { width: SIDE, height: SIDE },
  cell: 250,
  step: STEP,
  entitiesMax: 1_024,
  kinds: { mote: { fields: { at: int(0, MOTES - 1), mark: int(0, 65_535) } } },
});

/** They jump, which is the dearest motion there is: some kilobytes a tick. */
export function moteAt(at: number, tick: number): { x: number; y: number; mark: number } {
  const one = mixed(at * 65_536 + tick);
  const other = mixed(one);
  return { x: (one % (SIDE / STEP)) * STEP, y: (other % (SIDE / STEP)) * STEP, mark: mixed(other) & 0xffff };
}

/** The finalizer of MurmurHash3: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp */
function mixed(seed: number): number {
  let hash = seed >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
