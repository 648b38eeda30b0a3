/** The tickets of one pool: mode x compat x scope. `runRound` takes matches out of it. */
import { type MatchMode, widened } from "@frontrow/shared/config/match-mode.ts";
import type { Backfill, PoolState, PoolTicket } from "./words.ts";

export interface Pool extends PoolState {
  readonly id: string;
  readonly mode: MatchMode;
  readonly tickets: Map<string, PoolTicket>;
  readonly offers: Map<string, Backfill>;
  /** Something changed since the last round. */
  dirty: boolean;
  nowMs: number;
  waits: number | undefined;
}

export function createPool(
  mode: MatchMode,
  { ticketsMax, poolId = "" }: { ticketsMax: number; poolId?: string },
): Pool {
  const tickets = new Map<string, PoolTicket>();
  const offers = new Map<string, Backfill>();
  const pool: Pool = {
    id: poolId,
    mode,
    tickets,
    offers,
    dirty: false,
    nowMs: 0,
    waits: undefined,
    get size() {
      return tickets.size;
    },
    get players() {
      return [...tickets.values()].reduce((sum, ticket) => sum + ticket.players.length, 0);
    },
    add(ticket, nowMs) {
      if (!tickets.has(ticket.key) && tickets.size >= ticketsMax) return false;
      tickets.set(ticket.key, ticket);
      pool.nowMs = nowMs;
      pool.dirty = true;
      return true;
    },
    remove: (key) => tickets.delete(key),
    has: (key) => tickets.has(key),
    offer(backfill) {
      offers.set(backfill.roomId, backfill);
      pool.dirty = true;
    },
    withdrawOffer: (roomId) => void offers.delete(roomId),
    nextDueMs() {
      if (pool.dirty) return pool.nowMs;
      let due = Number.POSITIVE_INFINITY;
      for (const ticket of tickets.values()) due = Math.min(due, nextWidening(mode, ticket.sinceMs, pool.nowMs));
      return due;
    },
    explain(key, nowMs) {
      const ticket = tickets.get(key);
      if (!ticket) return [];
      const window = widened(mode.skill, nowMs - ticket.sinceMs);
      return [`it has waited ${Math.round(nowMs - ticket.sinceMs)} ms; it accepts ${window} rating points`];
    },
  };
  return pool;
}

export function estimate(pool: Pool): { players: number; waitMs: number | undefined } {
  return { players: pool.players, waitMs: pool.waits };
}

function nextWidening(mode: MatchMode, sinceMs: number, nowMs: number): number {
  const lists = [mode.skill, mode.latency, ...(mode.ranges ?? []).map(({ steps }) => steps), [mode.start], [mode.bots]];
  const dues = lists.flatMap((list) => (list ?? []).map((step) => sinceMs + (step?.afterMs ?? 0)));
  return Math.min(...dues.filter((due) => due > nowMs), Number.POSITIVE_INFINITY);
}
