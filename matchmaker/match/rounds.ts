/**
 * The pools of one owner, and when their rounds run: once the turn is over in which a ticket came, when time changes something in a pool,
 * and a little later where no match may take seats now.
 */
import type { Clock } from "@frontrow/shared/clock.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { createPool, estimate, type Pool } from "../pool/pool.ts";
import type { MatchProposal } from "../pool/words.ts";
import { runRound } from "../round.ts";
import type { EnlistedTicket } from "./enlisted.ts";

export interface OwnedPool {
  readonly poolKey: string;
  readonly mode: MatchMode;
  readonly modeName: string;
  readonly compat: string;
  readonly pool: Pool;
  scheduled: boolean;
  /** The timer of the next thing that time does to it. */
  stopWaiting: (() => void) | undefined;
  /** Added since the last round, to be told that they wait if they then still do. */
  fresh: EnlistedTicket[];
}

export interface RoundsOptions {
  readonly modes: Readonly<Record<string, MatchMode>>;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly rng: () => number;
  /** Runs its argument once the present turn is over: what arrives together is matched together. */
  readonly soon: (run: () => void) => void;
  /** Whether another match may begin now. */
  readonly mayPropose: () => boolean;
  readonly propose: (proposal: MatchProposal, mode: MatchMode) => void;
  /** This ticket was not matched in the round after it came. */
  readonly waits: (ticket: EnlistedTicket, pool: OwnedPool) => void;
}

export interface Rounds {
  /** The pool that the ticket belongs to, made where it is not there yet. */
  poolOf(ticket: EnlistedTicket): OwnedPool;
  find(poolKey: string): OwnedPool | undefined;
  all(): Iterable<OwnedPool>;
  schedule(pool: OwnedPool): void;
  /** It is another owner's now. */
  letGo(pool: OwnedPool): void;
  stop(): void;
}

/** As its players hear it. */
export function standingIn({ pool }: OwnedPool): { players: number; waitMs?: number } {
  const { players, waitMs } = estimate(pool);
  return { players, ...(waitMs === undefined ? {} : { waitMs: Math.round(waitMs) }) };
}

export function createRounds(options: RoundsOptions): Rounds {
  const { modes, clock, limits, rng, soon } = options;
  const pools = new Map<string, OwnedPool>();

  function poolOf({ poolKey, mode, compat }: EnlistedTicket): OwnedPool {
    const known = pools.get(poolKey);
    if (known) return known;
    const rules = modes[mode]!;
    const pool = createPool(rules, { ticketsMax: limits.poolTicketsMax });
    const rest = { scheduled: false, stopWaiting: undefined, fresh: [] };
    const owned: OwnedPool = { poolKey, mode: rules, modeName: mode, compat, pool, ...rest };
    pools.set(poolKey, owned);
    return owned;
  }

  function schedule(owned: OwnedPool): void {
    if (owned.scheduled) return;
    owned.scheduled = true;
    owned.stopWaiting?.();
    owned.stopWaiting = undefined;
    soon(() => {
      owned.scheduled = false;
      round(owned);
    });
  }

  function round(owned: OwnedPool): void {
    const nowMs = clock.nowMs();
    if (!options.mayPropose()) {
      wakeIn(owned, limits.placeRetryMs);
      return tellFresh(owned);
    }
    const { proposals, more } = runRound(owned.pool, { nowMs, rng, anchorsMax: limits.roundAnchorsMax });
    for (const proposal of proposals) options.propose(proposal, owned.mode);
    tellFresh(owned);
    if (more) return schedule(owned);
    const dueMs = owned.pool.nextDueMs();
    if (dueMs < Number.POSITIVE_INFINITY) wakeIn(owned, Math.max(1, dueMs - nowMs));
  }

  function wakeIn(owned: OwnedPool, ms: number): void {
    owned.stopWaiting?.();
    owned.stopWaiting = clock.after(ms, () => schedule(owned));
  }

  /** Who was matched at once needs no receipt. */
  function tellFresh(owned: OwnedPool): void {
    const { fresh } = owned;
    owned.fresh = [];
    for (const ticket of fresh) if (owned.pool.has(ticket.key)) options.waits(ticket, owned);
  }

  return {
    poolOf,
    find: (poolKey) => pools.get(poolKey),
    all: () => pools.values(),
    schedule,
    letGo({ poolKey, stopWaiting }) {
      stopWaiting?.();
      pools.delete(poolKey);
    },
    stop() {
      for (const { stopWaiting } of pools.values()) stopWaiting?.();
    },
  };
}
