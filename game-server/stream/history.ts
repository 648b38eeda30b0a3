/**
 * Where everything was in the last ticks, as it travelled: what a client that aimed at what it saw is judged by. A ring of the positions
 * of all rows, copied once a tick; an id is looked up with its generation, so that nobody is hit in the place of one who was there before.
 *
 * The same question as Colyseus' `Rewind` answers for schema fields, here for entities of the stream.
 */
import { type Entities, NOW } from "./entities.ts";
import type { World } from "./world.ts";

/** In the game's unit. */
export interface Place {
  x: number;
  y: number;
  /** Radians; not drawn between two ticks. */
  angle: number;
}

export interface History {
  /** Where an entity was at a tick, with its fraction; taken into what is known. Undefined: it was not there, or is nobody's any more. */
  at(id: number, tick: number, out?: Place): Place | undefined;
  /** The ticks that are known; -1: none. */
  readonly oldest: number;
  readonly newest: number;
}

interface Moment {
  tick: number;
  rows: number;
  now: Int32Array;
  generation: Uint8Array;
}

const TURN = 2 * Math.PI;

/** `record` belongs at the end of each encoding. */
export function createHistory(
  world: World,
  ticks: number,
  rowOf: (id: number) => number,
): History & { record(): void } {
  const { entities, layout } = world;
  const moments: Moment[] = Array.from({ length: ticks + 1 }, () => ({
    tick: -1,
    rows: 0,
    now: new Int32Array(0),
    generation: new Uint8Array(0),
  }));
  let next = 0;
  let recorded = 0;

  /** 0: the newest. */
  const back = (by: number) => moments[(next - 1 - by + 2 * moments.length) % moments.length]!;

  function place(moment: Moment, row: number, other: Moment, part: number, out: Place): Place {
    const [at, step] = [row * NOW, layout.step];
    const between = (from: number, to: number) => (from + (to - from) * part) * step;
    const { angleBits } = layout.kinds[entities.kind[row]!]!;
    out.x = between(moment.now[at]!, other.now[at]!);
    out.y = between(moment.now[at + 1]!, other.now[at + 1]!);
    out.angle = (moment.now[at + 2]! * TURN) / 2 ** angleBits;
    return out;
  }

  const wasThere = (moment: Moment, row: number) =>
    row < moment.rows && moment.generation[row] === entities.generation[row] && moment.now[row * NOW + 3]! >= 0;

  return {
    record() {
      const moment = moments[next]!;
      next = (next + 1) % moments.length;
      recorded = Math.min(recorded + 1, moments.length);
      moment.tick = world.tick;
      moment.rows = entities.used;
      if (moment.generation.length < entities.used) grow(moment, entities);
      moment.now.set(entities.now.subarray(0, entities.used * NOW));
      moment.generation.set(entities.generation.subarray(0, entities.used));
    },
    at(id, tick, out = { x: 0, y: 0, angle: 0 }) {
      const row = rowOf(id);
      if (row < 0 || recorded === 0) return undefined;
      for (let by = 0; by < recorded; by++) {
        const moment = back(by);
        if (by + 1 < recorded && moment.tick > tick) continue;
        if (!wasThere(moment, row)) return undefined;
        const after = by > 0 ? back(by - 1) : moment;
        const span = after.tick - moment.tick;
        const part = span > 0 ? Math.max(0, Math.min(1, (tick - moment.tick) / span)) : 0;
        return place(moment, row, wasThere(after, row) ? after : moment, part, out);
      }
      return undefined;
    },
    get oldest() {
      return recorded === 0 ? -1 : back(recorded - 1).tick;
    },
    get newest() {
      return recorded === 0 ? -1 : back(0).tick;
    },
  };
}

function grow(moment: Moment, { rows }: Entities): void {
  moment.now = new Int32Array(rows * NOW);
  moment.generation = new Uint8Array(rows);
}
