/**
 * What a pool is made of, for those who work on it: rounds, searches, explanations. Its users see `Pool`.
 *
 * A ticket or a running room has a slot (`columns`), tickets stand in lists by metro and rating (`bins`), each slot has one timer
 * for the next thing that time changes about it (`wheel`), and whoever something changed for looks for a match next (`looks`).
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { type Arrivals, createArrivals } from "./arrivals.ts";
import { BINS, type Bins, binOf, createBins, LINKS, NONE } from "./bins.ts";
import {
  AVOIDS,
  type Columns,
  createColumns,
  FACTS,
  GROUP,
  HIGHEST,
  KIND,
  LOWEST,
  MEAN,
  PLAYERS,
  RANGE,
  SEQ,
  SINCE,
  SIZE,
  STAGE,
  WORDS,
} from "./columns.ts";
import { createGroups, type Groups, isNumber } from "./groups.ts";
import { createKinds, type Kinds } from "./kinds.ts";
import { createLooks, type Looks } from "./looks.ts";
import { createRows, type Rows } from "./rows.ts";
import { compileRules, effectiveSinceMs, type Rules, roleMask, stageAt } from "./rules.ts";
import { createWheel, type Wheel } from "./wheel.ts";
import { AVOID_MAX, type Backfill, type PoolTicket } from "./words.ts";

/** Looks of tickets that have left are swept out once they are more than this and twice the pool. */
const STALE_LOOKS = 1_024;

export interface Core {
  readonly rules: Rules;
  readonly columns: Columns;
  readonly bins: Bins;
  readonly rows: Rows;
  readonly kinds: Kinds;
  readonly looks: Looks;
  readonly wheel: Wheel;
  readonly arrivals: Arrivals;
  /** Slots by ticket key, and by room id. */
  readonly slots: Map<string, number>;
  readonly rooms: Map<string, number>;
  /** Running rooms by metro, in the order in which they asked. */
  readonly roomsIn: number[][];
  players: number;
  /** The latest time that anybody named. */
  nowMs: number;
  insert(ticket: PoolTicket): void;
  insertRoom(backfill: Backfill): void;
  /** Takes a ticket or a room out. */
  drop(slot: number): void;
}

export function createCore(mode: MatchMode): Core {
  const rules = compileRules(mode);
  const kinds = createKinds(rules);
  const bins = createBins(kinds.count);
  const rows = createRows(mode, bins);
  const groups: Groups = createGroups(mode);
  const looks = createLooks();
  const arrivals = createArrivals({ holdMs: rules.isSkilled ? mode.holdMs : 0, seats: mode.seats });
  const wheel = createWheel((slot) => wake(slot));
  const columns = createColumns((capacity) => {
    bins.grow(capacity);
    wheel.grow(capacity);
  });
  const hasRoles = rules.roleNames.length > 0;
  const ranges = mode.ranges ?? [];
  const sinceOf = (node: number) => columns.facts[Math.floor(node / LINKS) * FACTS + SINCE]!;

  /** Lists a ticket in the metros that its stage accepts, beside those where it stands already. */
  const list = (slot: number, ticket: PoolTicket) => {
    const word = slot * WORDS;
    const { words } = columns;
    const stage = words[word + STAGE]!;
    const limitMs = rules.latencyMs[stage]!;
    const kind = words[word + KIND]!;
    const bin = rules.isSkilled ? binOf(columns.facts[slot * FACTS + MEAN]!) : 0;
    const { metros } = ticket;
    let left = rules.metrosMax[stage]!;
    for (let link = 0; link < metros.length && link < LINKS && left > 0; link++) {
      const { metro, rttMs } = metros[link]!;
      const node = slot * LINKS + link;
      if (rttMs > limitMs) continue;
      if (bins.lists[node] === NONE) {
        const number = rows.metro(metro);
        if (number < 0 || isNamedBefore(metros, link)) continue;
        const row = rows.row(number, words[word + GROUP]!);
        rows.enter(row);
        bins.append(node, (row * kinds.count + kind) * BINS + bin, sinceOf);
      }
      left--;
    }
  };
  const unlist = (slot: number) => {
    for (let node = slot * LINKS; node < (slot + 1) * LINKS; node++) {
      const at = bins.lists[node]!;
      if (at === NONE) continue;
      bins.remove(node);
      rows.leave(Math.floor(at / (kinds.count * BINS)));
    }
  };
  const look = (slot: number) => {
    if (looks.count > STALE_LOOKS + 2 * (core.slots.size + core.rooms.size)) looks.compact(columns.isStill);
    looks.push(slot, columns.words[slot * WORDS + SEQ]!, columns.facts[slot * FACTS + SINCE]!);
  };
  /** The next time at which something changes for a slot by itself. */
  const setTimer = (slot: number) => {
    const sinceMs = columns.facts[slot * FACTS + SINCE]!;
    const stage = columns.words[slot * WORDS + STAGE]!;
    const heldUntilMs = columns.heldUntilMs[slot]!;
    const stageMs = stage + 1 < rules.afterMs.length ? sinceMs + rules.afterMs[stage + 1]! : Number.POSITIVE_INFINITY;
    const dueMs = heldUntilMs > core.nowMs ? Math.min(heldUntilMs, stageMs) : stageMs;
    if (dueMs < Number.POSITIVE_INFINITY) wheel.set(slot, dueMs, core.nowMs);
  };
  const wake = (slot: number) => {
    const at = slot * WORDS + STAGE;
    const before = columns.words[at]!;
    const stage = stageAt(rules, core.nowMs - columns.facts[slot * FACTS + SINCE]!, before);
    columns.words[at] = stage;
    const opensMetros =
      rules.latencyMs[stage] !== rules.latencyMs[before] || rules.metrosMax[stage] !== rules.metrosMax[before];
    if (opensMetros && columns.words[slot * WORDS + SIZE] !== 0) list(slot, columns.entries[slot] as PoolTicket);
    if (columns.heldUntilMs[slot]! <= core.nowMs) look(slot);
    setTimer(slot);
  };
  const describe = (slot: number, attributes: Readonly<Record<string, unknown>>, sinceMs: number) => {
    const { facts, words } = columns;
    facts[slot * FACTS + SINCE] = sinceMs;
    words[slot * WORDS + STAGE] = stageAt(rules, core.nowMs - sinceMs);
    words[slot * WORDS + GROUP] = groups.enter(attributes);
    for (let range = 0; range < ranges.length; range++) {
      const value = attributes[ranges[range]!.attribute];
      facts[slot * FACTS + RANGE + range] = isNumber(value) ? value : 0;
    }
  };

  const core: Core = {
    rules,
    columns,
    bins,
    rows,
    kinds,
    looks,
    wheel,
    arrivals,
    slots: new Map(),
    rooms: new Map(),
    roomsIn: [],
    players: 0,
    nowMs: 0,
    insert(ticket) {
      const { players, avoid } = ticket;
      const slot = columns.take(ticket);
      describe(slot, ticket.attributes, effectiveSinceMs(rules, ticket.sinceMs, ticket.attributes));
      const { facts, words } = columns;
      let lowest = Number.POSITIVE_INFINITY;
      let highest = Number.NEGATIVE_INFINITY;
      let sum = 0;
      let bloom = 0;
      for (let at = 0; at < players.length; at++) {
        const { rating, playerId } = players[at]!;
        if (rating < lowest) lowest = rating;
        if (rating > highest) highest = rating;
        sum += rating;
        bloom |= bloomBit(playerId);
      }
      facts[slot * FACTS + LOWEST] = lowest;
      facts[slot * FACTS + HIGHEST] = highest;
      facts[slot * FACTS + MEAN] = sum / players.length;
      let avoids = 0;
      for (let at = 0; at < avoid.length && at < AVOID_MAX; at++) avoids |= bloomBit(avoid[at]!);
      words[slot * WORDS + AVOIDS] = avoids;
      words[slot * WORDS + PLAYERS] = bloom;
      words[slot * WORDS + SIZE] = players.length;
      if (hasRoles) columns.masks[slot] = players.map(({ roles }) => roleMask(rules, roles));
      words[slot * WORDS + KIND] = kinds.of(players.length, hasRoles ? columns.masks[slot]![0]! : 0);
      core.slots.set(ticket.key, slot);
      core.players += players.length;
      arrivals.count(core.nowMs);
      list(slot, ticket);
      const heldUntilMs = facts[slot * FACTS + SINCE]! + arrivals.holdMs(core.nowMs);
      columns.heldUntilMs[slot] = heldUntilMs;
      if (heldUntilMs <= core.nowMs) look(slot);
      setTimer(slot);
    },
    insertRoom(backfill) {
      const slot = columns.take(backfill);
      describe(slot, backfill.attributes, backfill.sinceMs);
      const { facts, words } = columns;
      for (const fact of [LOWEST, HIGHEST, MEAN]) facts[slot * FACTS + fact] = backfill.rating;
      words[slot * WORDS + SIZE] = 0;
      words[slot * WORDS + AVOIDS] = 0;
      words[slot * WORDS + PLAYERS] = backfill.playerIds.reduce((bloom, id) => bloom | bloomBit(id), 0);
      columns.heldUntilMs[slot] = 0;
      core.rooms.set(backfill.roomId, slot);
      const metro = rows.metro(backfill.metro);
      if (metro >= 0) {
        core.roomsIn[metro] ??= [];
        core.roomsIn[metro]!.push(slot);
      }
      look(slot);
      setTimer(slot);
    },
    drop(slot) {
      const entry = columns.entries[slot]!;
      wheel.cancel(slot);
      groups.leave(columns.words[slot * WORDS + GROUP]!);
      if ("roomId" in entry) {
        core.rooms.delete(entry.roomId);
        const there = core.roomsIn[rows.metro(entry.metro)];
        if (there) there.splice(there.indexOf(slot), 1);
      } else {
        unlist(slot);
        core.slots.delete(entry.key);
        core.players -= entry.players.length;
      }
      columns.giveBack(slot);
    },
  };
  return core;
}

function isNamedBefore(metros: PoolTicket["metros"], link: number): boolean {
  for (let at = 0; at < link; at++) if (metros[at]!.metro === metros[link]!.metro) return true;
  return false;
}

/** One of 32 bits; ids end in what tells them apart. */
function bloomBit(id: string): number {
  let hash = id.length;
  for (let at = Math.max(0, id.length - 4); at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return 1 << (Math.imul(hash, 0x9e3779b1) >>> 27);
}
