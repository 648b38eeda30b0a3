/** The tickets of one pool: mode x compat x scope. `runRound` takes matches out of it. */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { type Core, createCore } from "./core.ts";
import { createEstimates, type Estimates } from "./estimates.ts";
import { explain } from "./explain.ts";
import { createSearch, type Search } from "./search.ts";
import type { PoolState } from "./words.ts";

export interface Pool extends PoolState {
  readonly id: string;
  readonly mode: MatchMode;
  /** For rounds. */
  readonly core: Core;
  readonly search: Search;
  readonly estimates: Estimates;
}

/** A pool of at most `ticketsMax` tickets, and as many running rooms. */
export function createPool(
  mode: MatchMode,
  { ticketsMax, poolId = "" }: { ticketsMax: number; poolId?: string },
): Pool {
  const core = createCore(mode, ticketsMax);
  const sawNow = (nowMs: number) => {
    if (nowMs > core.nowMs) core.nowMs = nowMs;
  };
  return {
    id: poolId,
    mode,
    core,
    search: createSearch(core),
    estimates: createEstimates(),
    get size() {
      return core.keys.size;
    },
    get players() {
      return core.players;
    },
    add(ticket, nowMs) {
      sawNow(nowMs);
      const before = core.keys.find(ticket.key);
      if (before >= 0) core.drop(before);
      else if (core.keys.size >= ticketsMax) return false;
      core.insert(ticket);
      return true;
    },
    remove(key) {
      const slot = core.keys.find(key);
      if (slot < 0) return false;
      core.drop(slot);
      return true;
    },
    has: (key) => core.keys.find(key) >= 0,
    offer(backfill) {
      const before = core.rooms.get(backfill.roomId);
      if (before !== undefined) core.drop(before);
      if (core.rooms.size < ticketsMax) core.insertRoom(backfill);
    },
    withdrawOffer(roomId) {
      const slot = core.rooms.get(roomId);
      if (slot !== undefined) core.drop(slot);
    },
    nextDueMs: () => (core.looks.count > 0 ? core.nowMs : core.wheel.nextMs()),
    explain: (key, nowMs) => explain(core, key, nowMs),
  };
}

/** What waiting players are told: who waits with them, and how long it takes; of those near `rating` where it is given. */
export function estimate(pool: Pool, rating?: number): { players: number; waitMs: number | undefined } {
  return { players: pool.players, waitMs: pool.estimates.waitMs(rating) };
}
