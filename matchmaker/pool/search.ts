/**
 * One look: who plays with the ticket, or in the running room, whose turn it is. Metro by metro, nearest first, candidates are
 * gathered and chosen from; a full match ends the search, a short one (bots, fewer players) is kept while a later metro might
 * have a fuller one. Then the teams are made fair. Two single players are simply the nearest pair.
 */
import { createChooseFew } from "../match/teams/choose-few.ts";
import { createChooseMany } from "../match/teams/choose-many.ts";
import { createChooseWithRoles } from "../match/teams/choose-with-roles.ts";
import { createFillStates } from "../match/teams/fill-states.ts";
import { createSplit, type Parties, type SplitGoal } from "../match/teams/split.ts";
import { avoidEachOther } from "./avoids.ts";
import { BINS, LINKS, NONE } from "./bins.ts";
import { type Choice, FEW_MAX, type Goal, MANY_MAX } from "./candidates.ts";
import type { Core } from "./core.ts";
import { createGather } from "./gather.ts";
import { createNearest } from "./nearest.ts";
import { FLOATS, GROUP, INTS, MEAN, PLACE, SIZE, STAGE } from "./records.ts";
import { SEATS_EXACT_MAX } from "./rules.ts";
import type { Backfill } from "./words.ts";

/** What a look found: scratch space, overwritten by the next one. */
export interface Found {
  count: number;
  players: number;
  readonly slots: Int32Array;
  /** A team for each. */
  readonly teams: Int32Array;
  /** The slot of the running room, or -1. */
  room: number;
  /** Bots take the seats that stay empty. */
  hasBots: boolean;
}

/** What a candidate of a chooser costs beside one that is only looked at: roles are tried in depth, many have many pairs. */
const EFFORT_A_CANDIDATE = { few: 4, withRoles: 32, many: 64 };
/** Of every look: a pair is found in a bin or two. */
const EFFORT_A_LOOK = 16;

export interface Search {
  readonly found: Found;
  /** What all looks have cost so far, in entries looked at (some twenty nanoseconds each). */
  readonly effort: number;
  /** Whether the ticket or room in `slot` has a match now; it stands in `found`. */
  look(slot: number): boolean;
}

export function createSearch(core: Core): Search {
  const { rules, records, bins, kinds } = core;
  const { mode, teams } = rules;
  const seats = teams.map((team) => team.seats);
  const isSmall = mode.seats <= SEATS_EXACT_MAX;
  const hasRoles = rules.roleNames.length > 0;
  const isPair = mode.seats === 2 && mode.partyMax === 1 && !hasRoles;
  /** A first try with a few candidates pays: most looks in a crowd end there. */
  const isQuick = isSmall && !hasRoles;
  const dimensions = 1 + rules.ranges.length;
  const gather = createGather(core, isSmall ? FEW_MAX : MANY_MAX);
  const { candidates } = gather;
  const nearest = createNearest(core);
  const states = isSmall ? createFillStates(seats) : undefined;
  let effort = 0;
  const chooserName = !isSmall ? "many" : hasRoles ? "withRoles" : "few";
  const effortACandidate = EFFORT_A_CANDIDATE[chooserName];
  const few = states && createChooseFew(states, dimensions, seats, mode.start !== undefined);
  const many = createChooseMany(teams, dimensions);
  const withRoles = createChooseWithRoles(teams, rules.roleNames.length, dimensions);
  const split = createSplit(teams);
  const choice: Choice = { count: 0, members: new Int32Array(64), teams: new Int32Array(64) };
  const goal: Goal = {
    free: Int32Array.from(seats),
    hasAnchor: true,
    anyNumber: false,
    playersMin: 0,
    rolesLax: false,
    lowest: new Float64Array(dimensions),
    highest: new Float64Array(dimensions),
    windows: new Float64Array(dimensions),
  };
  const found: Found = {
    count: 0,
    players: 0,
    slots: new Int32Array(64),
    teams: new Int32Array(64),
    room: NONE,
    hasBots: false,
  };
  const conflict = (a: number, b: number) => avoidEachOther(records, candidates.slots[a]!, candidates.slots[b]!);
  const ratingOf = (i: number) =>
    records.floats[candidates.slots[i]! * FLOATS + MEAN]! * records.ints[candidates.slots[i]! * INTS + SIZE]!;
  const parties: Parties = { count: 0, sizes: new Int32Array(64), ratings: new Float64Array(64), masks: [] };
  const wantedFills = new Int32Array(seats.length);
  let wantedState = 0;
  /** Of who is in the running room, if one looks. */
  const playersIn = new Int32Array(seats.length);
  const ratingsIn = new Float64Array(seats.length);
  const isWanted = (fills: Int32Array) => {
    for (let team = 0; team < seats.length; team++) wantedFills[team] = fills[team]! + playersIn[team]!;
    return states!.of(wantedFills) === wantedState;
  };

  /** Members of the best set among the candidates, in `choice`; with roles and in large teams with their teams as well. */
  const choose = (): boolean => {
    effort += candidates.count * effortACandidate;
    if (hasRoles && isSmall) return withRoles(candidates, goal, choice);
    if (!few) return many.choose(candidates, goal, conflict, choice);
    if (!few.choose(candidates, goal)) return false;
    choice.count = 0;
    for (let i = 0; i < candidates.count; i++) if ((few.mask >> i) & 1) choice.members[choice.count++] = i;
    wantedState = few.state;
    return true;
  };
  const countPlayers = () => {
    let players = 0;
    for (let k = 0; k < choice.count; k++) players += candidates.sizes[choice.members[k]!]!;
    return players;
  };
  const arrange = (players: number, wanted: number) => {
    if (!isSmall)
      return many.balance(candidates, goal, ratingOf, records.floats[found.room * FLOATS + MEAN] ?? 0, choice);
    if (hasRoles) {
      wantedFills.set(playersIn);
      for (let k = 0; k < choice.count; k++) wantedFills[choice.teams[k]!]! += candidates.sizes[choice.members[k]!]!;
      wantedState = states!.of(wantedFills);
    }
    parties.count = choice.count;
    for (let k = 0; k < choice.count; k++) {
      const i = choice.members[k]!;
      parties.sizes[k] = candidates.sizes[i]!;
      parties.ratings[k] = ratingOf(i);
      if (hasRoles) parties.masks[k] = candidates.masks[i]!;
    }
    const splitGoal: SplitGoal = {
      free: goal.free,
      playersIn,
      ratingsIn,
      isWanted: players === wanted ? undefined : isWanted,
      rolesLax: goal.rolesLax,
      hasBots: found.hasBots,
    };
    split(parties, splitGoal, choice.teams);
  };
  const settle = (players: number, wanted: number) => {
    found.players = players;
    found.hasBots = goal.hasAnchor && goal.anyNumber && players < wanted;
    arrange(players, wanted);
    found.count = choice.count;
    for (let k = 0; k < choice.count; k++) {
      found.slots[k] = candidates.slots[choice.members[k]!]!;
      found.teams[k] = choice.teams[k]!;
    }
  };

  const lookFromRoom = (slot: number): boolean => {
    const room = records.entries[slot] as Backfill;
    const metro = core.rows.metro(room.metro);
    if (metro < 0) return false;
    goal.hasAnchor = false;
    goal.anyNumber = goal.rolesLax = true;
    goal.playersMin = 0;
    for (let team = 0; team < seats.length; team++) {
      goal.free[team] = Math.max(0, Math.min(seats[team]!, room.free[team] ?? 0));
      playersIn[team] = seats[team]! - goal.free[team]!;
      ratingsIn[team] = playersIn[team]! * room.rating;
    }
    gather.around(slot, core.rows.find(metro, records.ints[slot * INTS + GROUP]!), goal, false);
    found.room = slot;
    if (candidates.count === 0 || !choose()) return false;
    settle(
      countPlayers(),
      goal.free.reduce((sum, each) => sum + each, 0),
    );
    return true;
  };

  const lookFromTicket = (slot: number): boolean => {
    const stage = records.ints[slot * INTS + STAGE]!;
    const mayBots = rules.mayBots[stage] === 1;
    goal.hasAnchor = true;
    goal.anyNumber = mayBots;
    goal.rolesLax = false;
    goal.playersMin = mode.start?.playersMin ?? 0;
    goal.free.set(seats);
    playersIn.fill(0);
    ratingsIn.fill(0);
    found.room = NONE;
    found.players = 0;
    for (let link = 0; link < LINKS && found.players < mode.seats; link++) {
      const place = records.ints[slot * INTS + PLACE + link]!;
      if (place === NONE) continue;
      const row = Math.floor(bins.listOf(place) / (kinds.count * BINS));
      if (isQuick) {
        gather.around(slot, row, goal, true);
        if (choose()) {
          settle(mode.seats, mode.seats);
          break;
        }
      }
      gather.around(slot, row, goal, false);
      const players = choose() ? countPlayers() : 0;
      if (players > found.players) settle(players, mode.seats);
    }
    return found.players > 0;
  };

  return {
    found,
    get effort() {
      return effort + gather.effort;
    },
    look(slot) {
      effort += EFFORT_A_LOOK;
      if (records.ints[slot * INTS + SIZE] === 0) return lookFromRoom(slot);
      if (isPair) {
        const other = nearest(slot);
        if (other !== NONE) {
          found.count = found.players = 2;
          found.slots[0] = slot;
          found.slots[1] = other;
          found.teams[0] = 0;
          found.teams[1] = teams.length - 1;
          found.room = NONE;
          found.hasBots = false;
          return true;
        }
        const stage = records.ints[slot * INTS + STAGE]!;
        if (!rules.mayBots[stage] && !rules.mayStart[stage]) return false;
      }
      return lookFromTicket(slot);
    },
  };
}
