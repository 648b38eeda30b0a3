/** How good a match is, in numbers. */
import { effectiveSinceMs, type Rules, stageAt } from "./rules.ts";
import type { Backfill, MatchQuality, PoolTicket, TeamMember } from "./words.ts";

export interface MatchParts {
  readonly tickets: readonly PoolTicket[];
  readonly teams: readonly (readonly TeamMember[])[];
  readonly bots: readonly number[];
  readonly metro: string;
  readonly room: Backfill | undefined;
  readonly rules: Rules;
  readonly nowMs: number;
}

export function qualityOf(parts: MatchParts): MatchQuality {
  const { tickets, metro, room, nowMs } = parts;
  const ratings = tickets.flatMap(({ players }) => players.map(({ rating }) => rating));
  if (room) ratings.push(room.rating);
  const rtts = tickets.map(({ metros }) => metros.find((each) => each.metro === metro)!.rttMs);
  return {
    spread: Math.max(...ratings) - Math.min(...ratings),
    imbalance: imbalanceOf(parts),
    rttMsMax: Math.max(...rtts),
    rttMsSpread: Math.max(...rtts) - Math.min(...rtts),
    waitMs: nowMs - Math.min(...tickets.map(({ sinceMs }) => sinceMs)),
    widened: widenedBy(parts),
  };
}

/** Who is in a running room already counts with the room's mean. */
function imbalanceOf({ teams, room, rules }: MatchParts): number {
  const means = teams.flatMap((members, team) => {
    const there = room ? rules.teams[team]!.seats - room.free[team]! : 0;
    const ratings = members.map(({ ticket, player }) => ticket.players[player]!.rating);
    const sum = ratings.reduce((a, b) => a + b, there * (room?.rating ?? 0));
    return there + ratings.length > 0 ? [sum / (there + ratings.length)] : [];
  });
  return Math.max(...means) - Math.min(...means);
}

/** The stage of each ticket when it was matched. */
export function stagesOf(rules: Rules, tickets: readonly PoolTicket[], nowMs: number): number[] {
  return tickets.map(({ sinceMs, attributes }) => stageAt(rules, nowMs - effectiveSinceMs(rules, sinceMs, attributes)));
}

function widenedBy({ rules, tickets, teams, bots, room, nowMs }: MatchParts): string[] {
  const { mode, skill, latencyMs, ranges } = rules;
  const stage = Math.max(...stagesOf(rules, tickets, nowMs));
  const names: string[] = [];
  if (skill[stage] !== skill[0]) names.push("skill");
  if (latencyMs[stage] !== latencyMs[0]) names.push("latency");
  for (let range = 0; range < ranges.length; range++) {
    if (ranges[range]![stage] !== ranges[range]![0]) names.push(mode.ranges![range]!.attribute);
  }
  const players = teams.reduce((sum, team) => sum + team.length, 0);
  if (bots.some((each) => each > 0)) names.push("bots");
  else if (!room && players < mode.seats) names.push("start");
  return names;
}
