/**
 * What a game's backend does at first: every round each waiting ticket, oldest first, looks at every other one, sorts who would fit by
 * rating and fills the teams. Skill, latency and parties only; no attempt at fair teams. Quadratic, so it is measured in smaller pools.
 */

import type { PoolTicket } from "@frontrow/matchmaker/pool/words.ts";
import { type MatchMode, widened } from "@frontrow/shared/config/match-mode.ts";

interface Waiting {
  readonly ticket: PoolTicket;
  readonly rating: number;
  taken: boolean;
}

/** Takes matches out of `waiting`; gives how many. */
export function naiveRound(mode: MatchMode, waiting: Map<string, PoolTicket>, nowMs: number): number {
  const all: Waiting[] = [...waiting.values()]
    .sort((a, b) => a.sinceMs - b.sinceMs)
    .map((ticket) => ({ ticket, rating: meanOf(ticket), taken: false }));
  let matches = 0;
  for (const anchor of all) {
    if (anchor.taken) continue;
    const near = all.filter((other) => !other.taken && other !== anchor && areNear(mode, anchor, other, nowMs));
    near.sort((a, b) => Math.abs(a.rating - anchor.rating) - Math.abs(b.rating - anchor.rating));
    const members = fill(mode, [anchor, ...near], nowMs);
    if (!members) continue;
    matches++;
    for (const member of members) {
      member.taken = true;
      waiting.delete(member.ticket.key);
    }
  }
  return matches;
}

const meanOf = ({ players }: PoolTicket) => players.reduce((sum, { rating }) => sum + rating, 0) / players.length;

function areNear(mode: MatchMode, a: Waiting, b: Waiting, nowMs: number): boolean {
  const apart = Math.abs(a.rating - b.rating);
  if (apart > widened(mode.skill, nowMs - a.ticket.sinceMs)) return false;
  if (apart > widened(mode.skill, nowMs - b.ticket.sinceMs)) return false;
  const limitA = widened(mode.latency, nowMs - a.ticket.sinceMs);
  const limitB = widened(mode.latency, nowMs - b.ticket.sinceMs);
  return a.ticket.metros.some(
    ({ metro, rttMs }) =>
      rttMs <= limitA && b.ticket.metros.some((other) => other.metro === metro && other.rttMs <= limitB),
  );
}

function fill(mode: MatchMode, list: readonly Waiting[], nowMs: number): Waiting[] | undefined {
  const free = mode.teams.map(({ seats }) => seats);
  const members: Waiting[] = [];
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let window = Number.POSITIVE_INFINITY;
  for (const each of list) {
    const ratings = each.ticket.players.map(({ rating }) => rating);
    const low = Math.min(lowest, ...ratings);
    const high = Math.max(highest, ...ratings);
    const narrowest = Math.min(window, widened(mode.skill, nowMs - each.ticket.sinceMs));
    const team = free.findIndex((seats) => seats >= ratings.length);
    if (high - low > narrowest || team < 0) continue;
    [lowest, highest, window] = [low, high, narrowest];
    free[team]! -= ratings.length;
    members.push(each);
    if (free.every((seats) => seats === 0)) return members;
  }
  return undefined;
}
