/**
 * Tickets through one mode's pools, in virtual time: the clock jumps to the next thing that happens (somebody comes, somebody gives up,
 * a rule widens) and at each stop the rounds run until nothing is left to do. What leaves goes before what comes, and both before rounds.
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { createPool, type Pool } from "../pool/pool.ts";
import type { MatchProposal, PoolTicket } from "../pool/words.ts";
import { runRound } from "../round.ts";
import type { ReplayTicket, UnmatchedWhy } from "./words.ts";

/** Tickets whose distances nobody recorded are all beside one metro. */
const SOMEWHERE = "here";
const ANCHORS_MAX = 2_000;

export interface ReplayEar {
  came(ticket: ReplayTicket): void;
  /** Somebody of it still waits with an earlier one: it does not come in. */
  repeated(ticket: ReplayTicket): void;
  /** `tickets` in the order of the proposal's; `atMs` on their clock. */
  matched(proposal: MatchProposal, tickets: readonly ReplayTicket[], atMs: number): void;
  unmatched(ticket: ReplayTicket, why: UnmatchedWhy): void;
}

/** `tickets` by `atMs`. */
export function replay(mode: MatchMode, tickets: readonly ReplayTicket[], rng: () => number, ear: ReplayEar): void {
  // Pools count from the first ticket on: a log's Unix time is of no use to them.
  const originMs = tickets[0]?.atMs ?? 0;
  const pools = new Map<string, Pool>();
  const waiting = new Map<string, ReplayTicket>();
  const waitingPlayers = new Set<string>();
  const leaves = leavesOf(mode, tickets);
  let coming = 0;
  let leaving = 0;

  function come(ticket: ReplayTicket): void {
    if (ticket.players.some(({ playerId }) => waitingPlayers.has(playerId))) return ear.repeated(ticket);
    ear.came(ticket);
    const metros = reachable(mode, ticket);
    if (metros.length === 0) return ear.unmatched(ticket, "unreachable");
    const { key, players, attributes, avoid, sinceMs, atMs, compat } = ticket;
    poolOf(compat).add({ key, players, metros, attributes, avoid, sinceMs: sinceMs - originMs }, atMs - originMs);
    waiting.set(key, ticket);
    for (const { playerId } of players) waitingPlayers.add(playerId);
  }

  function poolOf(compat: string): Pool {
    const known = pools.get(compat);
    if (known) return known;
    const pool = createPool(mode, { ticketsMax: tickets.length });
    pools.set(compat, pool);
    return pool;
  }

  function forget(ticket: ReplayTicket): void {
    waiting.delete(ticket.key);
    for (const { playerId } of ticket.players) waitingPlayers.delete(playerId);
  }

  function leave({ ticket, why }: Leave): void {
    if (waiting.get(ticket.key) !== ticket) return;
    pools.get(ticket.compat)?.remove(ticket.key);
    forget(ticket);
    ear.unmatched(ticket, why);
  }

  function rounds(pool: Pool, nowMs: number): void {
    for (let more = true; more; ) {
      const result = runRound(pool, { nowMs, rng, anchorsMax: ANCHORS_MAX });
      for (const proposal of result.proposals) {
        const theirs = proposal.tickets.map(({ key }) => waiting.get(key)!);
        theirs.forEach(forget);
        ear.matched(proposal, theirs, nowMs + originMs);
      }
      more = result.more;
    }
  }

  for (let nowMs = 0; ; ) {
    for (; leaving < leaves.length && leaves[leaving]!.atMs - originMs <= nowMs; leaving++) leave(leaves[leaving]!);
    for (; coming < tickets.length && tickets[coming]!.atMs - originMs <= nowMs; coming++) come(tickets[coming]!);
    let dueMs = (tickets[coming]?.atMs ?? Number.POSITIVE_INFINITY) - originMs;
    if (waiting.size > 0) dueMs = Math.min(dueMs, (leaves[leaving]?.atMs ?? Number.POSITIVE_INFINITY) - originMs);
    for (const pool of pools.values()) {
      rounds(pool, nowMs);
      dueMs = Math.min(dueMs, pool.nextDueMs());
    }
    if (dueMs === Number.POSITIVE_INFINITY) return;
    // A pool that is due at once although its rounds are through must not stop the clock.
    nowMs = dueMs > nowMs ? dueMs : nowMs + 1;
  }
}

interface Leave {
  readonly atMs: number;
  readonly ticket: ReplayTicket;
  readonly why: "timedOut" | "left";
}

/** When each ticket ends if nobody matches it, soonest first. */
function leavesOf({ timeoutMs }: MatchMode, tickets: readonly ReplayTicket[]): Leave[] {
  return tickets
    .map((ticket): Leave => {
      const { leavesAfterMs = Number.POSITIVE_INFINITY, sinceMs, atMs } = ticket;
      // It stays for the round of its own moment, however old it came.
      const endsMs = Math.max(atMs + 1, sinceMs + Math.min(leavesAfterMs, timeoutMs));
      return { atMs: endsMs, ticket, why: leavesAfterMs < timeoutMs ? "left" : "timedOut" };
    })
    .sort((a, b) => a.atMs - b.atMs);
}

function reachable({ allowedMetros }: MatchMode, { metros }: ReplayTicket): PoolTicket["metros"] {
  if (metros.length === 0) return [{ metro: allowedMetros?.[0] ?? SOMEWHERE, rttMs: 0 }];
  return allowedMetros ? metros.filter(({ metro }) => allowedMetros.includes(metro)) : metros;
}
