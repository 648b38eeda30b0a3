/**
 * From what a look found to a proposal: the metro that is best for the worst placed player, teams with roles, and what can be said about
 * its quality. Its tickets leave the pool here. Sides are drawn by lot: who looked first would otherwise always be the first team.
 */
import { assignRoles } from "../match/teams/roles.ts";
import type { Core } from "./core.ts";
import { effectiveSinceMs, type Rules, stageAt } from "./rules.ts";
import type { Found } from "./search.ts";
import { why } from "./why.ts";
import type { Backfill, MatchProposal, MatchQuality, PoolTicket, TeamMember } from "./words.ts";

export function propose(core: Core, found: Found, nowMs: number, rng: () => number): MatchProposal {
  const { rules, columns } = core;
  const room = found.room >= 0 ? (columns.entries[found.room] as Backfill) : undefined;
  const tickets: PoolTicket[] = [];
  for (let k = 0; k < found.count; k++) tickets.push(columns.entries[found.slots[k]!] as PoolTicket);
  if (!room) drawSides(rules, found, rng);
  const metro = room?.metro ?? bestMetro(rules, tickets, nowMs);
  const teams = seat(rules, found, tickets, room);
  const bots = rules.teams.map(({ seats }, team) => (found.hasBots ? seats - teams[team]!.length : 0));
  const proposal: MatchProposal = {
    tickets,
    teams,
    bots,
    metro,
    roomId: room?.roomId,
    quality: qualityOf(rules, { tickets, teams, metro, room, hasBots: found.hasBots }, nowMs),
    why: () => why(rules, proposal, room, nowMs),
  };
  for (let k = 0; k < found.count; k++) core.drop(found.slots[k]!);
  if (found.room >= 0) core.drop(found.room);
  return proposal;
}

/** Teams of the same shape change places at random (Fisher and Yates). */
function drawSides({ teams }: Rules, found: Found, rng: () => number): void {
  for (let last = teams.length - 1; last > 0; last--) {
    const other = Math.min(last, Math.floor(rng() * (last + 1)));
    if (other === last || !isSameShape(teams[last]!, teams[other]!)) continue;
    for (let k = 0; k < found.count; k++) {
      const team = found.teams[k];
      if (team === last) found.teams[k] = other;
      else if (team === other) found.teams[k] = last;
    }
  }
}

const isSameShape = (a: Rules["teams"][number], b: Rules["teams"][number]) =>
  a === b ||
  (a.seats === b.seats && a.roles.length === 0 && b.roles.length === 0) ||
  JSON.stringify(a) === JSON.stringify(b);

/** Round trip of a ticket to a metro that it accepts now; Infinity: it does not. */
function acceptedRttMs(rules: Rules, ticket: PoolTicket, metro: string, nowMs: number): number {
  for (const each of ticket.metros) {
    if (each.metro === metro) return each.rttMs <= latencyLimitMs(rules, ticket, nowMs) ? each.rttMs : Infinity;
  }
  return Number.POSITIVE_INFINITY;
}

function latencyLimitMs(rules: Rules, ticket: PoolTicket, nowMs: number): number {
  if (!rules.mode.latency) return Number.POSITIVE_INFINITY;
  return rules.latencyMs[stageAt(rules, nowMs - effectiveSinceMs(rules, ticket.sinceMs, ticket.attributes))]!;
}

/** Of all metros that everybody accepts the one whose worst round trip is best; ties by code, so that neighbours meet. */
function bestMetro(rules: Rules, tickets: readonly PoolTicket[], nowMs: number): string {
  let best = "";
  let bestMs = Number.POSITIVE_INFINITY;
  for (const { metro } of tickets[0]!.metros) {
    if (rules.mode.allowedMetros && !rules.mode.allowedMetros.includes(metro)) continue;
    let worstMs = 0;
    for (let k = 0; k < tickets.length && worstMs <= bestMs; k++) {
      worstMs = Math.max(worstMs, acceptedRttMs(rules, tickets[k]!, metro, nowMs));
    }
    if (worstMs < bestMs || (worstMs === bestMs && worstMs < Infinity && metro < best))
      [best, bestMs] = [metro, worstMs];
  }
  return best;
}

function seat(
  { mode }: Rules,
  found: Found,
  tickets: readonly PoolTicket[],
  room: Backfill | undefined,
): TeamMember[][] {
  const teams: { ticket: PoolTicket; player: number; role: string | undefined }[][] = mode.teams.map(() => []);
  for (let k = 0; k < tickets.length; k++) {
    const ticket = tickets[k]!;
    const team = teams[found.teams[k]!]!;
    for (let player = 0; player < ticket.players.length; player++) team.push({ ticket, player, role: undefined });
  }
  for (let team = 0; team < teams.length; team++) {
    const rule = mode.teams[team]!;
    if (!rule.roles) continue;
    const members = teams[team]!;
    const others = room ? rule.seats : found.hasBots ? rule.seats - members.length : 0;
    const roles = assignRoles(
      rule,
      members.map(({ ticket, player }) => ticket.players[player]!.roles),
      others,
    );
    members.forEach((member, at) => {
      member.role = roles?.[at];
    });
  }
  return teams;
}

type Parts = Pick<MatchProposal, "tickets" | "teams" | "metro"> & { room: Backfill | undefined; hasBots: boolean };

function qualityOf(rules: Rules, parts: Parts, nowMs: number): MatchQuality {
  const { tickets, teams, metro, room } = parts;
  let lowest = room?.rating ?? Number.POSITIVE_INFINITY;
  let highest = room?.rating ?? Number.NEGATIVE_INFINITY;
  let [leastMean, mostMean] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [leastMs, mostMs] = [Number.POSITIVE_INFINITY, 0];
  let sinceMs = nowMs;
  for (let team = 0; team < teams.length; team++) {
    const members = teams[team]!;
    const there = room ? rules.teams[team]!.seats - room.free[team]! : 0;
    let sum = there * (room?.rating ?? 0);
    for (let at = 0; at < members.length; at++) {
      const { ticket, player } = members[at]!;
      const { rating } = ticket.players[player]!;
      lowest = Math.min(lowest, rating);
      highest = Math.max(highest, rating);
      sum += rating;
    }
    if (members.length + there === 0) continue;
    const mean = sum / (members.length + there);
    leastMean = Math.min(leastMean, mean);
    mostMean = Math.max(mostMean, mean);
  }
  for (let k = 0; k < tickets.length; k++) {
    const ticket = tickets[k]!;
    const rttMs = acceptedRttMs(rules, ticket, metro, nowMs);
    leastMs = Math.min(leastMs, rttMs);
    mostMs = Math.max(mostMs, rttMs);
    sinceMs = Math.min(sinceMs, ticket.sinceMs);
  }
  return {
    spread: highest - lowest,
    imbalance: mostMean - leastMean,
    rttMsMax: mostMs,
    rttMsSpread: mostMs - leastMs,
    waitMs: nowMs - sinceMs,
    widened: widenedBy(rules, parts, nowMs),
  };
}

/** Of most matches. */
const NOTHING: readonly string[] = Object.freeze([]);

function widenedBy(rules: Rules, { tickets, teams, room, hasBots }: Parts, nowMs: number): readonly string[] {
  const { mode, skill, latencyMs, ranges } = rules;
  let stage = 0;
  for (let k = 0; k < tickets.length; k++) {
    const { sinceMs, attributes } = tickets[k]!;
    stage = stageAt(rules, nowMs - effectiveSinceMs(rules, sinceMs, attributes), stage);
  }
  if (stage === 0 && !hasBots) return NOTHING;
  const names: string[] = [];
  if (skill[stage] !== skill[0]) names.push("skill");
  if (latencyMs[stage] !== latencyMs[0]) names.push("latency");
  for (let range = 0; range < ranges.length; range++) {
    if (ranges[range]![stage] !== ranges[range]![0]) names.push(mode.ranges![range]!.attribute);
  }
  const players = teams.reduce((sum, team) => sum + team.length, 0);
  if (hasBots) names.push("bots");
  else if (!room && players < mode.seats) names.push("start");
  return names;
}
