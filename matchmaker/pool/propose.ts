/**
 * From what a look found to a proposal: the metro that is best for the worst placed player, and teams with roles. Its tickets leave the
 * pool here. Sides are drawn by lot: who looked first would otherwise always be in the first team.
 */
import { assignRoles } from "../match/teams/roles.ts";
import { LINKS } from "./bins.ts";
import type { Core } from "./core.ts";
import { type MatchParts, qualityOf } from "./quality.ts";
import { FLOATS, INTS, METRO, RTT, SIZE, STAGE } from "./records.ts";
import type { Rules } from "./rules.ts";
import type { Found } from "./search.ts";
import { why } from "./why.ts";
import type { Backfill, MatchProposal, MatchQuality, PoolTicket, TeamMember } from "./words.ts";

export function propose(core: Core, found: Found, rng: () => number): MatchProposal {
  const { rules, records } = core;
  const room = found.room >= 0 ? (records.entries[found.room] as Backfill) : undefined;
  // Arrays of their final length: one that grows takes room for seventeen.
  const tickets = new Array<PoolTicket>(found.count);
  for (let k = 0; k < found.count; k++) tickets[k] = records.entries[found.slots[k]!] as PoolTicket;
  if (!room) drawSides(rules, found, rng);
  const teams = seat(core, found, tickets, room);
  const bots = found.hasBots ? rules.teams.map(({ seats }, team) => seats - teams[team]!.length) : rules.noBots;
  const metro = room?.metro ?? core.rows.metroName(bestMetro(core, found));
  for (let k = 0; k < found.count; k++) core.drop(found.slots[k]!);
  if (found.room >= 0) core.drop(found.room);
  return new Proposal({ tickets, teams, bots, metro, room, rules, nowMs: core.nowMs });
}

/** What is only said about a match is worked out when it is asked for: a round makes thousands of them a second. */
class Proposal implements MatchProposal {
  readonly tickets: readonly PoolTicket[];
  readonly teams: readonly (readonly TeamMember[])[];
  readonly bots: readonly number[];
  readonly metro: string;
  readonly #room: Backfill | undefined;
  readonly #rules: Rules;
  readonly #nowMs: number;
  #quality: MatchQuality | undefined;

  constructor({ tickets, teams, bots, metro, room, rules, nowMs }: MatchParts) {
    this.tickets = tickets;
    this.teams = teams;
    this.bots = bots;
    this.metro = metro;
    this.#room = room;
    this.#rules = rules;
    this.#nowMs = nowMs;
  }
  get roomId(): string | undefined {
    return this.#room?.roomId;
  }
  get quality(): MatchQuality {
    this.#quality ??= qualityOf(this.#parts());
    return this.#quality;
  }
  why(): string[] {
    return why(this.#parts(), this.quality);
  }
  #parts(): MatchParts {
    const { tickets, teams, bots, metro } = this;
    return { tickets, teams, bots, metro, room: this.#room, rules: this.#rules, nowMs: this.#nowMs };
  }
}

/** Teams of the same shape change places at random (Fisher and Yates). */
function drawSides({ teams, twins }: Rules, found: Found, rng: () => number): void {
  for (let last = teams.length - 1; last > 0; last--) {
    const other = Math.min(last, Math.floor(rng() * (last + 1)));
    if (other === last || twins[last] !== twins[other]) continue;
    for (let k = 0; k < found.count; k++) {
      const team = found.teams[k];
      if (team === last) found.teams[k] = other;
      else if (team === other) found.teams[k] = last;
    }
  }
}

/** Of all metros that everybody accepts the one whose worst round trip is best; ties by code, so that neighbours meet. */
function bestMetro(core: Core, found: Found): number {
  const { ints } = core.records;
  const first = found.slots[0]! * INTS + METRO;
  let best = -1;
  let bestMs = Number.POSITIVE_INFINITY;
  for (let link = 0; link < LINKS; link++) {
    const metro = ints[first + link]!;
    if (metro < 0) break;
    let worstMs = 0;
    for (let k = 0; k < found.count && worstMs <= bestMs; k++) {
      const rttMs = acceptedRttMs(core, found.slots[k]!, metro);
      if (rttMs > worstMs) worstMs = rttMs;
    }
    if (worstMs > bestMs || worstMs === Number.POSITIVE_INFINITY) continue;
    if (worstMs < bestMs || core.rows.metroName(metro) < core.rows.metroName(best)) {
      best = metro;
      bestMs = worstMs;
    }
  }
  return best;
}

/** Round trip to a metro that the ticket accepts now; Infinity: it does not. */
function acceptedRttMs({ records: { floats, ints }, rules }: Core, slot: number, metro: number): number {
  for (let link = 0; link < LINKS; link++) {
    const there = ints[slot * INTS + METRO + link]!;
    if (there < 0) break;
    if (there !== metro) continue;
    const rttMs = floats[slot * FLOATS + RTT + link]!;
    return rttMs <= rules.latencyMs[ints[slot * INTS + STAGE]!]! ? rttMs : Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}

type Seated = { ticket: PoolTicket; player: number; role: string | undefined };

function seat(core: Core, found: Found, tickets: readonly PoolTicket[], room: Backfill | undefined): Seated[][] {
  const { rules, records } = core;
  const teams = new Array<Seated[]>(rules.teams.length);
  for (let team = 0; team < teams.length; team++) {
    let seats = 0;
    for (let k = 0; k < found.count; k++) {
      if (found.teams[k] === team) seats += records.ints[found.slots[k]! * INTS + SIZE]!;
    }
    const members = new Array<Seated>(seats);
    for (let k = 0, at = 0; k < found.count; k++) {
      if (found.teams[k] !== team) continue;
      const size = records.ints[found.slots[k]! * INTS + SIZE]!;
      for (let player = 0; player < size; player++) members[at++] = { ticket: tickets[k]!, player, role: undefined };
    }
    if (rules.roleNames.length > 0) giveRoles(rules, team, members, room !== undefined, found.hasBots);
    teams[team] = members;
  }
  return teams;
}

function giveRoles({ mode }: Rules, team: number, members: Seated[], isRoom: boolean, hasBots: boolean): void {
  const rule = mode.teams[team]!;
  if (!rule.roles) return;
  const others = isRoom ? rule.seats : hasBots ? rule.seats - members.length : 0;
  const wishes = members.map(({ ticket, player }) => ticket.players[player]!.roles);
  const roles = assignRoles(rule, wishes, others);
  members.forEach((member, at) => {
    member.role = roles?.[at];
  });
}
