/** One round: tickets -> proposals, oldest first. */
import { type MatchMode, widened } from "@frontrow/shared/config/match-mode.ts";
import { assignRoles } from "./match/teams/roles.ts";
import type { Pool } from "./pool/pool.ts";
import type { Backfill, MatchProposal, PoolTicket, RoundInput, RoundResult } from "./pool/words.ts";

const STEPS_MAX = 3_000;

export function runRound(pool: Pool, { nowMs, anchorsMax }: RoundInput): RoundResult {
  const proposals: MatchProposal[] = [];
  pool.dirty = false;
  pool.nowMs = nowMs;
  const take = (proposal: MatchProposal | undefined) => {
    if (!proposal) return;
    for (const { key, sinceMs } of proposal.tickets) {
      pool.tickets.delete(key);
      pool.waits = (pool.waits ?? nowMs - sinceMs) * 0.9 + (nowMs - sinceMs) * 0.1;
    }
    if (proposal.roomId) pool.offers.delete(proposal.roomId);
    proposals.push(proposal);
  };
  for (const offer of [...pool.offers.values()].sort((a, b) => a.sinceMs - b.sinceMs)) {
    take(search(pool, undefined, offer, nowMs));
  }
  const anchors = [...pool.tickets.values()].sort((a, b) => ageMs(pool.mode, b, nowMs) - ageMs(pool.mode, a, nowMs));
  let left = anchorsMax;
  for (const anchor of anchors) {
    if (!pool.tickets.has(anchor.key)) continue;
    if (left-- === 0) {
      pool.dirty = true;
      break;
    }
    take(search(pool, anchor, undefined, nowMs));
  }
  return { proposals, more: pool.dirty };
}

function ageMs(mode: MatchMode, ticket: PoolTicket, nowMs: number): number {
  const { priority } = mode;
  const start = priority && ticket.attributes[priority.attribute] === true ? priority.headStartMs : 0;
  return nowMs - ticket.sinceMs + start;
}

function metrosOf(mode: MatchMode, ticket: PoolTicket, nowMs: number): string[] {
  const limit = widened(mode.latency, ageMs(mode, ticket, nowMs));
  return ticket.metros
    .filter(({ metro, rttMs }) => rttMs <= limit && (!mode.allowedMetros || mode.allowedMetros.includes(metro)))
    .map(({ metro }) => metro);
}

const ratings = (tickets: readonly PoolTicket[], offer?: Backfill) => [
  ...tickets.flatMap(({ players }) => players.map(({ rating }) => rating)),
  ...(offer ? [offer.rating] : []),
];
const range = (numbers: readonly number[]) => Math.max(...numbers) - Math.min(...numbers);
const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length);

/** Whether these may be in one match, as far as teams do not matter. */
function agree(mode: MatchMode, tickets: readonly PoolTicket[], offer: Backfill | undefined, nowMs: number): boolean {
  const ages = [...tickets.map((ticket) => ageMs(mode, ticket, nowMs)), ...(offer ? [nowMs - offer.sinceMs] : [])];
  if (range(ratings(tickets, offer)) > Math.min(...ages.map((age) => widened(mode.skill, age)))) return false;
  const everybody = [...tickets.map((ticket) => ticket.attributes), ...(offer ? [offer.attributes] : [])];
  for (const name of mode.same ?? []) {
    if (new Set(everybody.map((attributes) => JSON.stringify(attributes[name]))).size > 1) return false;
  }
  for (const { attribute, steps } of mode.ranges ?? []) {
    const values = everybody.map((attributes) => attributes[attribute]).filter((value) => typeof value === "number");
    if (values.length === 0) continue;
    if (values.length < everybody.length) return false;
    if (range(values) > Math.min(...ages.map((age) => widened(steps, age)))) return false;
  }
  const last = tickets.at(-1)!;
  const others = tickets.slice(0, -1);
  const avoids = (avoid: readonly string[], ids: readonly string[]) => ids.some((id) => avoid.includes(id));
  const ids = (ticket: PoolTicket) => ticket.players.map(({ playerId }) => playerId);
  if (offer && avoids(last.avoid, offer.playerIds)) return false;
  return !others.some((other) => avoids(other.avoid, ids(last)) || avoids(last.avoid, ids(other)));
}

function search(
  pool: Pool,
  anchor: PoolTicket | undefined,
  offer: Backfill | undefined,
  nowMs: number,
): MatchProposal | undefined {
  const { mode } = pool;
  const center = mean(ratings(anchor ? [anchor] : [], offer));
  const distance = (ticket: PoolTicket) => Math.abs(mean(ratings([ticket])) - center);
  for (const metro of offer ? [offer.metro] : metrosOf(mode, anchor!, nowMs)) {
    const near = [...pool.tickets.values()]
      .filter((ticket) => ticket !== anchor && metrosOf(mode, ticket, nowMs).includes(metro))
      .filter((ticket) => agree(mode, anchor ? [anchor, ticket] : [ticket], offer, nowMs))
      .sort((a, b) => distance(a) - distance(b) || a.sinceMs - b.sinceMs)
      .slice(0, 40);
    const found = compose(mode, anchor, offer, near, metro, nowMs);
    if (found) return found;
  }
  return undefined;
}

interface Found {
  readonly teams: PoolTicket[][];
  readonly tickets: PoolTicket[];
  readonly players: number;
}

function compose(
  mode: MatchMode,
  anchor: PoolTicket | undefined,
  offer: Backfill | undefined,
  near: readonly PoolTicket[],
  metro: string,
  nowMs: number,
): MatchProposal | undefined {
  const free = offer?.free ?? mode.teams.map(({ seats }) => seats);
  const wanted = free.reduce((a, b) => a + b, 0);
  const teams: PoolTicket[][] = free.map(() => []);
  const chosen: PoolTicket[] = [];
  const order = anchor ? [anchor, ...near] : near;
  let best: Found | undefined;
  let steps = 0;
  const count = (list: readonly PoolTicket[]) => list.reduce((sum, { players }) => sum + players.length, 0);
  const rolesOf = (list: readonly PoolTicket[], team: number, others: number) => {
    const rule = mode.teams[team]!;
    if (!rule.roles) return count(list) === 0 ? [] : new Array<string | undefined>(count(list)).fill(undefined);
    return assignRoles(
      rule,
      list.flatMap(({ players }) => players.map(({ roles }) => roles)),
      others,
    );
  };
  const isGood = (players: number) => {
    if (players === 0) return false;
    const fits = (others: (team: number) => number) => teams.every((list, team) => rolesOf(list, team, others(team)));
    const empty = (team: number) => free[team]! - count(teams[team]!);
    if (offer) return fits((team) => mode.teams[team]!.seats);
    if (players === wanted) return fits(() => 0);
    const oldest = Math.max(...chosen.map((ticket) => ageMs(mode, ticket, nowMs)));
    if (mode.bots && oldest >= mode.bots.afterMs) return fits(empty);
    if (!mode.start || oldest < mode.start.afterMs || players < mode.start.playersMin) return false;
    const empties = free.map((_, team) => empty(team));
    return teams.every((list) => list.length > 0) && range(empties) <= 1 && fits(() => 0);
  };
  const visit = (at: number, players: number): void => {
    if (players > (best?.players ?? 0) && isGood(players)) {
      best = { teams: teams.map((list) => [...list]), tickets: [...chosen], players };
    }
    if (best?.players === wanted || at === order.length || steps++ > STEPS_MAX) return;
    const ticket = order[at]!;
    if (chosen.length === 0 || agree(mode, [...chosen, ticket], offer, nowMs)) {
      chosen.push(ticket);
      const byRoom = free
        .map((_, team) => team)
        .sort((a, b) => free[b]! - count(teams[b]!) - free[a]! + count(teams[a]!));
      for (const team of byRoom) {
        if (count(teams[team]!) + ticket.players.length > free[team]!) continue;
        teams[team]!.push(ticket);
        visit(at + 1, players + ticket.players.length);
        teams[team]!.pop();
        if (best?.players === wanted) break;
      }
      chosen.pop();
    }
    if (ticket !== anchor) visit(at + 1, players);
  };
  visit(0, 0);
  return best ? propose(mode, best, offer, metro, nowMs, rolesOf) : undefined;
}

function propose(
  mode: MatchMode,
  { tickets, teams }: Found,
  offer: Backfill | undefined,
  metroTried: string,
  nowMs: number,
  rolesOf: (list: readonly PoolTicket[], team: number, others: number) => (string | undefined)[] | undefined,
): MatchProposal {
  const rtt = (ticket: PoolTicket, metro: string) => ticket.metros.find((each) => each.metro === metro)!.rttMs;
  const shared = offer
    ? [metroTried]
    : metrosOf(mode, tickets[0]!, nowMs).filter((metro) =>
        tickets.every((t) => metrosOf(mode, t, nowMs).includes(metro)),
      );
  const worst = (metro: string) => Math.max(...tickets.map((ticket) => rtt(ticket, metro)));
  const metro = shared.sort((a, b) => worst(a) - worst(b) || (a < b ? -1 : 1))[0]!;
  const rtts = tickets.map((ticket) => rtt(ticket, metro));
  const players = teams.map((list) =>
    list.flatMap((ticket) => ticket.players.map((_, player) => ({ ticket, player }))),
  );
  const bots = players.map((team, index) => (offer ? 0 : mode.teams[index]!.seats - team.length));
  const oldest = Math.max(...tickets.map((ticket) => ageMs(mode, ticket, nowMs)));
  const isBots = mode.bots !== undefined && oldest >= mode.bots.afterMs;
  const means = teams.filter((list) => list.length > 0).map((list) => mean(ratings(list)));
  return {
    tickets,
    teams: players.map((team, index) => {
      const roles = rolesOf(teams[index]!, index, 64)!;
      return team.map((member, at) => ({ ...member, role: roles[at] }));
    }),
    bots: isBots ? bots : bots.map(() => 0),
    metro,
    roomId: offer?.roomId,
    quality: {
      spread: range(ratings(tickets, offer)),
      imbalance: range(means),
      rttMsMax: Math.max(...rtts),
      rttMsSpread: range(rtts),
      waitMs: Math.max(...tickets.map(({ sinceMs }) => nowMs - sinceMs)),
      widened: [],
    },
    why: () => [`${tickets.length} tickets meet in ${metro}`],
  };
}
