/** In which rows of the bins a ticket stands: those of the metros that it accepts at its age. */
import { BINS, type Bins, binOf, LINKS, NONE } from "./bins.ts";
import type { Kinds } from "./kinds.ts";
import { FLOATS, GROUP, INTS, KIND, MEAN, METRO, PLACE, type Records, RTT, SINCE, STAGE } from "./records.ts";
import type { Rows } from "./rows.ts";
import type { Rules } from "./rules.ts";
import type { PoolTicket } from "./words.ts";

export interface Listing {
  /** Notes how far it is to its metros, without those that may not host the mode and without repetitions. */
  measure(slot: number, ticket: PoolTicket): void;
  /** Lists it where its stage accepts, beside where it stands already; false: in no other row. */
  list(slot: number): boolean;
  unlist(slot: number): void;
}

interface Parts {
  readonly rules: Rules;
  readonly records: Records;
  readonly bins: Bins;
  readonly rows: Rows;
  readonly kinds: Kinds;
}

export function createListing({ rules, records, bins, rows, kinds }: Parts): Listing {
  return {
    list(slot) {
      const { ints, floats } = records;
      const int = slot * INTS;
      const stage = ints[int + STAGE]!;
      const limitMs = rules.latencyMs[stage]!;
      const mean = floats[slot * FLOATS + MEAN]!;
      const bin = rules.isSkilled ? binOf(mean) : 0;
      const sinceMs = floats[slot * FLOATS + SINCE]!;
      let left = rules.metrosMax[stage]!;
      let isNew = false;
      for (let link = 0; link < LINKS && left > 0; link++) {
        const metro = ints[int + METRO + link]!;
        if (metro === NONE) break;
        if (floats[slot * FLOATS + RTT + link]! > limitMs) continue;
        left--;
        if (ints[int + PLACE + link] !== NONE) continue;
        const row = rows.row(metro, ints[int + GROUP]!);
        if (rows.isGrouped) rows.enter(row);
        const at = (row * kinds.count + ints[int + KIND]!) * BINS + bin;
        ints[int + PLACE + link] = bins.enter(slot, mean, at, sinceMs);
        isNew = true;
      }
      return isNew;
    },
    unlist(slot) {
      const { ints } = records;
      for (let link = 0; link < LINKS && ints[slot * INTS + METRO + link] !== NONE; link++) {
        const place = ints[slot * INTS + PLACE + link]!;
        if (place === NONE) continue;
        if (rows.isGrouped) rows.leave(Math.floor(bins.listOf(place) / (kinds.count * BINS)));
        bins.leave(place);
      }
    },
    measure(slot, { metros }) {
      const { floats, ints } = records;
      const first = slot * INTS + METRO;
      let link = 0;
      for (let at = 0; at < metros.length && at < LINKS; at++) {
        const { metro, rttMs } = metros[at]!;
        const number = rows.metro(metro);
        let isNew = number !== NONE;
        for (let before = 0; before < link; before++) if (ints[first + before] === number) isNew = false;
        if (!isNew) continue;
        ints[first + link] = number;
        ints[slot * INTS + PLACE + link] = NONE;
        floats[slot * FLOATS + RTT + link] = rttMs;
        link++;
      }
      for (; link < LINKS; link++) {
        ints[first + link] = NONE;
        ints[slot * INTS + PLACE + link] = NONE;
      }
    },
  };
}
