/**
 * The nearest partner of a single player: metro by metro, nearest metro first; within one from the player's bin outwards until no
 * bin can hold a nearer rating. Ties go to who waits longer.
 */
import { avoidEachOther } from "./avoids.ts";
import { BIN_POINTS, BINS, binOf, LINKS, NONE } from "./bins.ts";
import { nextBit, previousBit } from "./bits.ts";
import { FACTS, GROUP, MEAN, RANGE, STAGE, WORDS } from "./columns.ts";
import type { Core } from "./core.ts";
import { NODES_MAX } from "./gather.ts";

/** Partners compared within one bin: the nearest of sixteen is about a point away, and each costs a cache line or two. */
const COMPARED_MAX = 16;

export function createNearest(core: Core): (slot: number) => number {
  const { columns, bins, rules } = core;
  let best = NONE;
  let bestDistance = 0;

  const walk = (slot: number, list: number) => {
    const { facts, words } = columns;
    const { links } = bins;
    const { skill, ranges, isSkilled } = rules;
    const rating = facts[slot * FACTS + MEAN]!;
    const group = words[slot * WORDS + GROUP]!;
    const stage = words[slot * WORDS + STAGE]!;
    const window = skill[stage]!;
    let node = bins.ends[list * 2]!;
    let compared = 0;
    for (let looked = 0; node !== NONE && looked < NODES_MAX && compared < COMPARED_MAX; looked++) {
      const other = Math.floor(node / LINKS);
      node = links[node * 2]!;
      const distance = isSkilled ? Math.abs(facts[other * FACTS + MEAN]! - rating) : 0;
      if (other === slot) continue;
      compared++;
      if (distance >= bestDistance || distance > window) continue;
      const otherStage = words[other * WORDS + STAGE]!;
      if (distance > skill[otherStage]! || words[other * WORDS + GROUP] !== group) {
        compared--;
        continue;
      }
      let agrees = true;
      for (let range = 0; range < ranges.length; range++) {
        const apart = Math.abs(facts[other * FACTS + RANGE + range]! - facts[slot * FACTS + RANGE + range]!);
        if (apart > ranges[range]![stage]! || apart > ranges[range]![otherStage]!) agrees = false;
      }
      if (!agrees || avoidEachOther(columns, slot, other)) {
        compared--;
        continue;
      }
      best = other;
      bestDistance = distance;
      if (distance === 0) return;
    }
  };

  const walkOutwards = (slot: number, row: number) => {
    const rating = columns.facts[slot * FACTS + MEAN]!;
    const window = rules.skill[columns.words[slot * WORDS + STAGE]!]!;
    const center = rules.isSkilled ? binOf(rating) : 0;
    const first = row * BINS;
    const lowest = first + (rules.isSkilled ? binOf(rating - window) : 0);
    const highest = first + (rules.isSkilled ? binOf(rating + window) : 0);
    let up = nextBit(bins.bits, first + center, highest + 1);
    let down = previousBit(bins.bits, first + center - 1, lowest);
    while (up !== NONE || down !== NONE) {
      const above = up === NONE ? Number.POSITIVE_INFINITY : (up - first) * BIN_POINTS - rating;
      const below = down === NONE ? Number.POSITIVE_INFINITY : rating - (down - first + 1) * BIN_POINTS;
      if (Math.min(above, below) >= bestDistance) return;
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
    for (let link = 0; link < LINKS && best === NONE; link++) {
      const list = bins.lists[slot * LINKS + link]!;
      if (list === NONE) continue;
      bestDistance = Number.POSITIVE_INFINITY;
      walkOutwards(slot, Math.floor(list / BINS));
    }
    return best;
  };
}
