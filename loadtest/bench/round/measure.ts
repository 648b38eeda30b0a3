/** What the `round` bench times: draining a pool, and rounds of a standing one. */
import { createPool, type Pool } from "@frontrow/matchmaker/pool/pool.ts";
import type { MatchProposal, PoolTicket } from "@frontrow/matchmaker/pool/words.ts";
import { runRound } from "@frontrow/matchmaker/round.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { naiveRound } from "./naive.ts";
import { createCrowd, createDice } from "./world.ts";

/** Looks in one slice: what the matchmaker's owner gives. */
const ANCHORS_MAX = 256;
/** Between two rounds of a standing pool, ms. */
const ROUND_MS = 10;
const NOW_MS = 1_000_000;

/** Tickets whose private hold has passed, oldest first. */
export function crowdOf(mode: MatchMode, tickets: number): PoolTicket[] {
  const next = createCrowd(mode, 7);
  return Array.from({ length: tickets }, (_, at) => next(NOW_MS - mode.holdMs - (tickets - at) / 1_000));
}

/**
 * µs per ticket: everybody is added and matched in slices, by which they leave the pool; the few who are left are removed untimed. The
 * pool is empty and has been in use before, as one that lives as long as its process.
 */
export function drain(pool: Pool, crowd: readonly PoolTicket[]): number {
  const rng = createDice(1);
  const begun = performance.now();
  for (const ticket of crowd) pool.add(ticket, NOW_MS);
  let matched = 0;
  for (let more = true; more; ) {
    const round = runRound(pool, { nowMs: NOW_MS, rng, anchorsMax: ANCHORS_MAX });
    for (const proposal of round.proposals) matched += proposal.tickets.length;
    more = round.more;
  }
  const us = ((performance.now() - begun) * 1_000) / crowd.length;
  for (const { key } of crowd) pool.remove(key);
  if (pool.size > 0 || matched < crowd.length * 0.8) throw new Error(`only ${matched} of ${crowd.length} were matched`);
  return us;
}

/** The same of the naive round. */
export function drainNaively(mode: MatchMode, crowd: readonly PoolTicket[]): number {
  const begun = performance.now();
  const waiting = new Map(crowd.map((ticket) => [ticket.key, ticket]));
  naiveRound(mode, waiting, NOW_MS);
  return ((performance.now() - begun) * 1_000) / crowd.length;
}

export interface Standing {
  /** One round: `arrivals` tickets whose hold has passed come and everybody whose turn it is looks; its time in ms. */
  round(): number;
  matched: number;
}

/**
 * Tickets that come back some time after they were matched, in another order, or those who met would always meet again: making new ones
 * would put the bench's own garbage into the rounds' times.
 */
function createReturning(mode: MatchMode, count: number) {
  const next = createCrowd(mode, 11);
  const away: PoolTicket[] = Array.from({ length: count }, () => next(0));
  const dice = createDice(3);
  let first = 0;
  let waiting = count;
  return {
    come(sinceMs: number): PoolTicket {
      const ticket = away[first]!;
      first = (first + 1) % count;
      waiting--;
      (ticket as { sinceMs: number }).sinceMs = sinceMs;
      return ticket;
    },
    go(tickets: readonly PoolTicket[]) {
      for (const ticket of tickets) {
        const last = (first + waiting++) % count;
        const other = (first + Math.floor(dice() * waiting)) % count;
        away[last] = away[other]!;
        away[other] = ticket;
      }
    },
  };
}

/**
 * A pool that is kept at `size` tickets by newcomers who are still within a hold of five seconds: others may choose them, they do not
 * look yet. Filling up is not timed.
 */
export function createStanding(given: MatchMode, size: number, arrivals: number): Standing {
  const mode: MatchMode = { ...given, holdMs: 5_000 };
  const pool: Pool = createPool(mode, { ticketsMax: 2 * size });
  const rng = createDice(1);
  const players = createReturning(mode, 4 * size);
  const coming: PoolTicket[] = [];
  const leaving: MatchProposal[] = [];
  let nowMs = NOW_MS;
  const standing: Standing = {
    matched: 0,
    round() {
      nowMs += ROUND_MS;
      while (pool.size < size) pool.add(players.come(nowMs), nowMs);
      for (let n = 0; n < arrivals; n++) coming[n] = players.come(nowMs - mode.holdMs);
      leaving.length = 0;
      const begun = performance.now();
      for (const ticket of coming) pool.add(ticket, nowMs);
      for (let more = true; more; ) {
        const round = runRound(pool, { nowMs, rng, anchorsMax: ANCHORS_MAX });
        leaving.push(...round.proposals);
        more = round.more;
      }
      const ms = performance.now() - begun;
      standing.matched += leaving.length;
      for (const { tickets } of leaving) players.go(tickets);
      return ms;
    },
  };
  return standing;
}

export function createNaiveStanding(mode: MatchMode, size: number, arrivals: number): Standing {
  const waiting = new Map<string, PoolTicket>();
  const next = createCrowd(mode, 11);
  let nowMs = NOW_MS;
  const add = (ticket: PoolTicket) => waiting.set(ticket.key, ticket);
  const standing: Standing = {
    matched: 0,
    round() {
      nowMs += ROUND_MS;
      while (waiting.size < size) add(next(nowMs));
      const begun = performance.now();
      for (let n = 0; n < arrivals; n++) add(next(nowMs));
      standing.matched += naiveRound(mode, waiting, nowMs);
      return performance.now() - begun;
    },
  };
  return standing;
}
