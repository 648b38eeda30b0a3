/** An entity as somebody hears of it who did not know it: in a keyframe, or entering a cell. */
import { zigzag } from "@frontrow/shared/stream/bits.ts";
import { GENERATION_BITS, SPEED_ORDER, SPIN_ORDER } from "@frontrow/shared/stream/layout.ts";
import { NOW } from "./entities.ts";
import { putIn, ROW, SLOT } from "./slots.ts";
import type { Chain, World } from "./world.ts";

/** 16 fields of 20 bits, and less than as much again. */
export const RECORD_BYTES_MAX = 96;

/** Takes a row into the chain's slots as it is now, moving at this speed. */
export function hold(world: World, chain: Chain, row: number, vx: number, vy: number, spin: number): number {
  const { now, tables } = world.entities;
  const table = tables[chain.ring]!;
  table.heldBy[row] = chain.cell;
  table.changes[row] = 0;
  const at = putIn(chain, table, row);
  const { slots } = chain;
  const t = at * SLOT;
  const n = row * NOW;
  slots[t] = now[n]!;
  slots[t + 1] = now[n + 1]!;
  slots[t + 2] = vx;
  slots[t + 3] = vy;
  slots[t + 4] = now[n + 2]!;
  slots[t + 5] = spin;
  return at;
}

export function encodeRecord(world: World, chain: Chain, at: number, moves: boolean): void {
  const { entities, layout, writer } = world;
  const { slots } = chain;
  const t = at * SLOT;
  const row = slots[t + ROW]!;
  const kind = entities.kind[row]!;
  const { angleBits, fields } = layout.kinds[kind]!;
  writer.write(row, layout.indexBits);
  writer.write(entities.generation[row]!, GENERATION_BITS);
  writer.write(kind, layout.kindBits);
  writer.write(slots[t]! - world.cornerX[chain.cell]!, layout.spanBits);
  writer.write(slots[t + 1]! - world.cornerY[chain.cell]!, layout.spanBits);
  if (moves) {
    writer.writeCount(zigzag(slots[t + 2]!), SPEED_ORDER);
    writer.writeCount(zigzag(slots[t + 3]!), SPEED_ORDER);
  }
  writer.write(slots[t + 4]!, angleBits);
  if (moves && angleBits > 0) writer.writeCount(zigzag(slots[t + 5]!), SPIN_ORDER);
  const first = row * layout.fieldsMost;
  for (let field = 0; field < fields.length; field++) {
    writer.write(entities.fields[first + field]!, fields[field]!.bits);
  }
}
