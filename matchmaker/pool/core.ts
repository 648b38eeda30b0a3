/**
 * What a pool is made of, for those who work on it: rounds, searches, explanations. Its users see `Pool`.
 *
 * A ticket or a running room has a slot (`records`), tickets stand in lists by metro and rating (`bins`), each slot has one timer
 * for the next thing that time changes about it (`wheel`), and whoever something changed for looks for a match next (`looks`).
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { type Arrivals, createArrivals } from "./arrivals.ts";
import { bloomBit } from "./avoids.ts";
import { type Bins, createBins } from "./bins.ts";
import { createGroups, type Groups, isNumber } from "./groups.ts";
import { createKeys, type Keys } from "./keys.ts";
import { createKinds, type Kinds } from "./kinds.ts";
import { createListing } from "./listing.ts";
import { createLooks, type Looks } from "./looks.ts";
import {
  AVOIDS,
  createRecords,
  FLOATS,
  GROUP,
  HELD_UNTIL,
  HIGHEST,
  INTS,
  KIND,
  LOWEST,
  MEAN,
  PLAYERS,
  PRIORITY,
  RANGE,
  type Records,
  SEQ,
  SINCE,
  SIZE,
  STAGE,
} from "./records.ts";
import { createRows, type Rows } from "./rows.ts";
import { compileRules, effectiveSinceMs, type Rules, roleMask, stageAt } from "./rules.ts";
import { createWheel, type Wheel } from "./wheel.ts";
import { AVOID_MAX, type Backfill, type PoolTicket } from "./words.ts";

/** Looks of tickets that have left are swept out once they are more than this and twice the pool. */
const STALE_LOOKS = 1_024;

/** A bloom of all bits. */
const EVERYBODY = -1;

export interface Core {
  readonly rules: Rules;
  readonly records: Records;
  readonly bins: Bins;
  readonly rows: Rows;
  readonly kinds: Kinds;
  readonly looks: Looks;
  readonly wheel: Wheel;
  readonly arrivals: Arrivals;
  /** Slots by ticket key, and by room id. */
  readonly keys: Keys;
  readonly rooms: Map<string, number>;
  /** Running rooms by metro, in the order in which they asked. */
  readonly roomsIn: number[][];
  players: number;
  /** Tickets with an avoid list. */
  avoiding: number;
  /** The latest time that anybody named. */
  nowMs: number;
  insert(ticket: PoolTicket): void;
  insertRoom(backfill: Backfill): void;
  /** When it began to wait, without its head start. */
  sinceMsOf(slot: number): number;
  /** Takes a ticket or a room out. */
  drop(slot: number): void;
}

export function createCore(mode: MatchMode, ticketsMax: number): Core {
  const rules = compileRules(mode);
  // As many rooms as tickets may be in it.
  const records = createRecords(2 * ticketsMax);
  const keys = createKeys(records);
  const kinds = createKinds(rules);
  const bins = createBins(kinds.count, (slot) => records.floats[slot * FLOATS + SINCE]!);
  const rows = createRows(mode, bins);
  const groups: Groups = createGroups(mode);
  const looks = createLooks();
  const arrivals = createArrivals({ holdMs: rules.isSkilled ? mode.holdMs : 0, seats: mode.seats });
  const wheel = createWheel(records, (slot) => wake(slot));
  const listing = createListing({ rules, records, bins, rows, kinds });
  const hasRoles = rules.roleNames.length > 0;
  const ranges = mode.ranges ?? [];

  const look = (slot: number) => {
    if (looks.count > STALE_LOOKS + 2 * (keys.size + core.rooms.size)) looks.compact(records.isStill);
    looks.push(slot, records.ints[slot * INTS + SEQ]!, records.floats[slot * FLOATS + SINCE]!);
  };
  /** The next time at which something changes for a slot by itself. */
  const setTimer = (slot: number) => {
    const sinceMs = records.floats[slot * FLOATS + SINCE]!;
    const stage = records.ints[slot * INTS + STAGE]!;
    const heldUntilMs = records.floats[slot * FLOATS + HELD_UNTIL]!;
    const stageMs = stage + 1 < rules.afterMs.length ? sinceMs + rules.afterMs[stage + 1]! : Number.POSITIVE_INFINITY;
    const dueMs = heldUntilMs > core.nowMs ? Math.min(heldUntilMs, stageMs) : stageMs;
    if (dueMs < Number.POSITIVE_INFINITY) wheel.set(slot, dueMs, core.nowMs);
  };
  const wake = (slot: number) => {
    const { ints, floats } = records;
    const before = ints[slot * INTS + STAGE]!;
    const stage = stageAt(rules, core.nowMs - floats[slot * FLOATS + SINCE]!, before);
    ints[slot * INTS + STAGE] = stage;
    const heldUntilMs = floats[slot * FLOATS + HELD_UNTIL]!;
    const isHeld = heldUntilMs > core.nowMs;
    let hasChanged = heldUntilMs > 0 && !isHeld;
    if (!isHeld) floats[slot * FLOATS + HELD_UNTIL] = 0;
    for (let passed = before + 1; passed <= stage; passed++) if (rules.widens[passed] === 1) hasChanged = true;
    if (stage > before && ints[slot * INTS + SIZE] !== 0 && listing.list(slot)) hasChanged = true;
    if (hasChanged && !isHeld) look(slot);
    setTimer(slot);
  };
  const describe = (slot: number, attributes: Readonly<Record<string, unknown>>, sinceMs: number) => {
    const { floats, ints } = records;
    floats[slot * FLOATS + SINCE] = sinceMs;
    ints[slot * INTS + STAGE] = stageAt(rules, core.nowMs - sinceMs);
    ints[slot * INTS + GROUP] = groups.enter(attributes);
    for (let range = 0; range < ranges.length; range++) {
      const value = attributes[ranges[range]!.attribute];
      floats[slot * FLOATS + RANGE + range] = isNumber(value) ? value : 0;
    }
  };

  const core: Core = {
    rules,
    records,
    bins,
    rows,
    kinds,
    looks,
    wheel,
    arrivals,
    keys,
    rooms: new Map(),
    roomsIn: [],
    players: 0,
    avoiding: 0,
    nowMs: 0,
    insert(ticket) {
      const { players, avoid } = ticket;
      const slot = records.take(ticket);
      const sinceMs = effectiveSinceMs(rules, ticket.sinceMs, ticket.attributes);
      records.ints[slot * INTS + PRIORITY] = sinceMs === ticket.sinceMs ? 0 : 1;
      describe(slot, ticket.attributes, sinceMs);
      listing.measure(slot, ticket);
      const { floats, ints } = records;
      let lowest = Number.POSITIVE_INFINITY;
      let highest = Number.NEGATIVE_INFINITY;
      let sum = 0;
      // While nobody avoids anybody nobody asks; who comes first is asked for in full later.
      let bloom = core.avoiding > 0 || avoid.length > 0 ? 0 : EVERYBODY;
      for (let at = 0; at < players.length; at++) {
        const { rating, playerId } = players[at]!;
        if (rating < lowest) lowest = rating;
        if (rating > highest) highest = rating;
        sum += rating;
        if (bloom !== EVERYBODY) bloom |= bloomBit(playerId);
      }
      floats[slot * FLOATS + LOWEST] = lowest;
      floats[slot * FLOATS + HIGHEST] = highest;
      floats[slot * FLOATS + MEAN] = sum / players.length;
      let avoids = 0;
      for (let at = 0; at < avoid.length && at < AVOID_MAX; at++) avoids |= bloomBit(avoid[at]!);
      ints[slot * INTS + AVOIDS] = avoids;
      if (avoids !== 0) core.avoiding++;
      ints[slot * INTS + PLAYERS] = bloom;
      ints[slot * INTS + SIZE] = players.length;
      if (hasRoles) records.masks[slot] = players.map(({ roles }) => roleMask(rules, roles));
      ints[slot * INTS + KIND] = kinds.of(players.length, hasRoles ? records.masks[slot]![0]! : 0);
      keys.add(ticket.key, slot);
      core.players += players.length;
      arrivals.count(core.nowMs);
      listing.list(slot);
      const heldUntilMs = sinceMs + arrivals.holdMs(core.nowMs);
      const isHeld = heldUntilMs > core.nowMs;
      floats[slot * FLOATS + HELD_UNTIL] = isHeld ? heldUntilMs : 0;
      if (!isHeld) look(slot);
      setTimer(slot);
    },
    insertRoom(backfill) {
      const slot = records.take(backfill);
      describe(slot, backfill.attributes, backfill.sinceMs);
      const { floats, ints } = records;
      for (const fact of [LOWEST, HIGHEST, MEAN]) floats[slot * FLOATS + fact] = backfill.rating;
      ints[slot * INTS + SIZE] = 0;
      ints[slot * INTS + AVOIDS] = 0;
      ints[slot * INTS + PLAYERS] = backfill.playerIds.reduce((bloom, id) => bloom | bloomBit(id), 0);
      floats[slot * FLOATS + HELD_UNTIL] = 0;
      core.rooms.set(backfill.roomId, slot);
      const metro = rows.metro(backfill.metro);
      if (metro >= 0) {
        core.roomsIn[metro] ??= [];
        core.roomsIn[metro]!.push(slot);
      }
      look(slot);
      setTimer(slot);
    },
    sinceMsOf(slot) {
      const sinceMs = records.floats[slot * FLOATS + SINCE]!;
      return records.ints[slot * INTS + PRIORITY] === 1 ? sinceMs + mode.priority!.headStartMs : sinceMs;
    },
    drop(slot) {
      const size = records.ints[slot * INTS + SIZE]!;
      wheel.cancel(slot);
      groups.leave(records.ints[slot * INTS + GROUP]!);
      if (size === 0) {
        const entry = records.entries[slot] as Backfill;
        core.rooms.delete(entry.roomId);
        const there = core.roomsIn[rows.metro(entry.metro)];
        if (there) there.splice(there.indexOf(slot), 1);
      } else {
        listing.unlist(slot);
        if (records.ints[slot * INTS + AVOIDS] !== 0) core.avoiding--;
        keys.remove(slot);
        core.players -= size;
      }
      records.giveBack(slot);
    },
  };
  return core;
}
