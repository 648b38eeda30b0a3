/** An entity as somebody hears of it who did not know it: in a keyframe, or entering a cell. */
import { zigzag } from "@frontrow/shared/stream/bits.ts";
import { GENERATION_BITS, SPEED_ORDER, SPIN_ORDER } from "@frontrow/shared/stream/layout.ts";
import { BASE, NOW } from "./entities.ts";
import { putIn } from "./slots.ts";
import type { Chain, World } from "./world.ts";

/** 16 fields of 20 bits, and less than as much again. */
export const RECORD_BYTES_MAX = 96;

/** Takes a row into the chain's slots, at rest or moving, as it is now. */
export function hold(world: World, chain: Chain, row: number, vx: number, vy: number, spin: number): void {
  const { now, tables } = world.entities;
  const table = tables[chain.ring]!;
  const { base } = table;
  const b = row * BASE;
  const n = row * NOW;
  base[b] = now[n]!;
  base[b + 1] = now[n + 1]!;
  base[b + 2] = vx;
  base[b + 3] = vy;
  base[b + 4] = now[n + 2]!;
  base[b + 5] = spin;
  base[b + 6] = 0;
  table.heldBy[row] = chain.cell;
  putIn(chain, table, row);
}

export function encodeRecord(world: World, chain: Chain, row: number, moves: boolean): void {
  const { entities, layout, writer } = world;
  const { base } = entities.tables[chain.ring]!;
  const b = row * BASE;
  const kind = entities.kind[row]!;
  const { angleBits, fields } = layout.kinds[kind]!;
  writer.write(row, layout.indexBits);
  writer.write(entities.generation[row]!, GENERATION_BITS);
  writer.write(kind, layout.kindBits);
  writer.write(base[b]! - world.cornerX[chain.cell]!, layout.spanBits);
  writer.write(base[b + 1]! - world.cornerY[chain.cell]!, layout.spanBits);
  if (moves) {
    writer.writeCount(zigzag(base[b + 2]!), SPEED_ORDER);
    writer.writeCount(zigzag(base[b + 3]!), SPEED_ORDER);
  }
  writer.write(base[b + 4]!, angleBits);
  if (moves && angleBits > 0) writer.writeCount(zigzag(base[b + 5]!), SPIN_ORDER);
  const first = row * layout.fieldsMost;
  for (let at = 0; at < fields.length; at++) writer.write(entities.fields[first + at]!, fields[at]!.bits);
}
