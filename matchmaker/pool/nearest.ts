/**
 * The nearest partner of a single player: metro by metro, nearest metro first; within one from the player's bin outwards until no
 * bin can hold a nearer rating. Ties go to who waits longer.
 */
import { avoidEachOther } from "./avoids.ts";
import { BIN_POINTS, BINS, BLOCK, binOf, ENTRIES, ENTRIES_MAX, LINKS, NEXT, NONE, PER_POINT, USED } from "./bins.ts";
import { nextBit, previousBit } from "./bits.ts";
import type { Core } from "./core.ts";
import { NODES_MAX, STRANGERS_MAX } from "./gather.ts";
import { FLOATS, GROUP, INTS, MEAN, METRO, PLACE, RANGE, STAGE } from "./records.ts";

/** Partners compared within one bin: a block of them. The nearest of so many is about a point away. */
const COMPARED_MAX = ENTRIES_MAX;

export function createNearest(core: Core): (slot: number) => number {
  const { records, bins, rules } = core;
  let best = NONE;
  let bestDistance = 0;
  let distance = 0;
  let strangersLeft = 0;

  /**
   * The nearest of one list, if it is nearer than the best so far. Whether it accepts is asked last, and of one only if that one does:
   * its record is the dear part.
   */
  const walk = (slot: number, list: number) => {
    const nearest = scan(slot, list, false);
    if (nearest === NONE) return;
    if (accept(slot, nearest)) {
      best = nearest;
      bestDistance = distance;
    } else scan(slot, list, true);
  };
  /** Leaves the distance in `distance`; with `isAsking` everybody nearer than the best so far is asked. */
  const scan = (slot: number, list: number, isAsking: boolean): number => {
    const { blocks } = bins;
    const { isSkilled } = rules;
    const group = records.ints[slot * INTS + GROUP]!;
    const rating = Math.round(records.floats[slot * FLOATS + MEAN]! * PER_POINT);
    let nearest = NONE;
    let looked = 0;
    let compared = 0;
    distance = bestDistance;
    for (
      let block = bins.ends[list * 2]!;
      block !== NONE && compared < COMPARED_MAX;
      block = blocks[block * BLOCK + NEXT]!
    ) {
      const from = block * BLOCK + ENTRIES;
      const end = from + 2 * blocks[block * BLOCK + USED]!;
      for (let at = from; at < end; at += 2) {
        const other = blocks[at]!;
        if (other === NONE || other === slot) continue;
        if (isAsking && records.ints[other * INTS + GROUP] !== group) {
          if (strangersLeft-- <= 0) return nearest;
          continue;
        }
        if (looked++ === NODES_MAX) return nearest;
        const apart = isSkilled ? Math.abs(blocks[at + 1]! - rating) : 0;
        if (apart < distance) {
          if (isAsking && !accept(slot, other)) continue;
          nearest = other;
          distance = apart;
          if (isAsking) {
            best = other;
            bestDistance = apart;
          }
        }
        compared++;
      }
    }
    return nearest;
  };
  const accept = (slot: number, other: number): boolean => {
    const { floats, ints } = records;
    const { skill, ranges } = rules;
    if (ints[other * INTS + GROUP] !== ints[slot * INTS + GROUP]) return false;
    const stage = ints[slot * INTS + STAGE]!;
    const otherStage = ints[other * INTS + STAGE]!;
    const spread = Math.abs(floats[other * FLOATS + MEAN]! - floats[slot * FLOATS + MEAN]!);
    if (spread > skill[stage]! || spread > skill[otherStage]!) return false;
    for (let range = 0; range < ranges.length; range++) {
      const apart = Math.abs(floats[other * FLOATS + RANGE + range]! - floats[slot * FLOATS + RANGE + range]!);
      if (apart > ranges[range]![stage]! || apart > ranges[range]![otherStage]!) return false;
    }
    return !avoidEachOther(records, slot, other);
  };

  const walkOutwards = (slot: number, row: number) => {
    const rating = records.floats[slot * FLOATS + MEAN]!;
    const window = rules.skill[records.ints[slot * INTS + STAGE]!]!;
    const center = rules.isSkilled ? binOf(rating) : 0;
    const first = row * BINS;
    const lowest = first + (rules.isSkilled ? binOf(rating - window) : 0);
    const highest = first + (rules.isSkilled ? binOf(rating + window) : 0);
    let up = nextBit(bins.bits, first + center, highest + 1);
    let down = previousBit(bins.bits, first + center - 1, lowest);
    while (up !== NONE || down !== NONE) {
      const above = up === NONE ? Number.POSITIVE_INFINITY : (up - first) * BIN_POINTS - rating;
      const below = down === NONE ? Number.POSITIVE_INFINITY : rating - (down - first + 1) * BIN_POINTS;
      if (Math.min(above, below) * PER_POINT >= bestDistance) return;
      if (above <= below) {
        walk(slot, up);
        up = nextBit(bins.bits, up + 1, highest + 1);
      } else {
        walk(slot, down);
        down = previousBit(bins.bits, down - 1, lowest);
      }
    }
  };

  return (slot) => {
    best = NONE;
    strangersLeft = STRANGERS_MAX;
    for (let link = 0; link < LINKS && best === NONE && records.ints[slot * INTS + METRO + link] !== NONE; link++) {
      const place = records.ints[slot * INTS + PLACE + link]!;
      if (place === NONE) continue;
      bestDistance = Number.POSITIVE_INFINITY;
      walkOutwards(slot, Math.floor(bins.listOf(place) / BINS));
    }
    return best;
  };
}
