/**
 * Running rooms that ask for players, offered to the pools that this replica owns. The index lists them; every heartbeat the list is
 * read again, and what is not in it any more is withdrawn. A room from which a proposal has taken seats is not offered before a list
 * that was asked for afterwards says what it still wants, and none is while somebody is on the way to it: nothing is promised twice.
 */
import type { WantedRoom } from "@frontrow/lobby/lobby.ts";
import { type Clock, every } from "@frontrow/shared/clock.ts";
import * as z from "zod";
import type { Backfill, PoolState } from "../pool/words.ts";

export interface PoolOfMode {
  readonly compat: string;
  readonly pool: Pick<PoolState, "size" | "offer" | "withdrawOffer">;
}

export interface BackfillsOptions {
  readonly metro: string;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Those that take backfill. */
  readonly modes: readonly string[];
  readonly list: (mode: string) => Promise<readonly WantedRoom[]>;
  /** Owned now. */
  readonly poolsOf: (mode: string) => readonly PoolOfMode[];
  /** Something is new for a pool's next round. */
  readonly offered: (pool: PoolOfMode) => void;
}

export interface Backfills {
  /** A proposal is to bring players to the room. */
  taken(roomId: string): void;
  /** It has, or it never will. */
  settled(roomId: string): void;
  stop(): void;
}

interface Known {
  readonly mode: string;
  readonly sinceMs: number;
  /** The pool that has it, and as what; undefined: none. */
  offer: { readonly to: PoolOfMode["pool"]; readonly text: string } | undefined;
  /** Proposals under way. */
  flights: number;
  settledMs: number;
}

/** What a room's server says of those who are there. */
const Company = z.object({
  rating: z.number(),
  attributes: z.record(z.string(), z.unknown()),
  playerIds: z.array(z.string()).max(64),
});

export function createBackfills(options: BackfillsOptions): Backfills {
  const { metro, clock, modes, list, poolsOf, offered } = options;
  const rooms = new Map<string, Known>();
  const asking = new Set<string>();

  function withdraw(roomId: string, known: Known): void {
    known.offer?.to.withdrawOffer(roomId);
    known.offer = undefined;
  }

  async function ask(mode: string): Promise<void> {
    const isOffered = [...rooms.values()].some((known) => known.mode === mode);
    if (asking.has(mode) || (!isOffered && poolsOf(mode).every(({ pool }) => pool.size === 0))) return;
    asking.add(mode);
    const askedMs = clock.nowMs();
    try {
      const wanted = await list(mode);
      for (const room of wanted) hear(mode, room, askedMs);
      const listed = new Set(wanted.map(({ roomId }) => roomId));
      for (const [roomId, known] of rooms) {
        if (known.mode !== mode || known.flights > 0 || listed.has(roomId)) continue;
        withdraw(roomId, known);
        rooms.delete(roomId);
      }
    } catch {
      // The index is away, and nothing is placed until it is back.
    } finally {
      asking.delete(mode);
    }
  }

  function hear(mode: string, room: WantedRoom, askedMs: number): void {
    const { roomId, compat } = room;
    const known = rooms.get(roomId) ?? newcomer(mode);
    rooms.set(roomId, known);
    if (known.flights > 0 || known.settledMs >= askedMs) return;
    const owned = poolsOf(mode).find((one) => one.compat === compat);
    const backfill = owned && owned.pool.size > 0 ? backfillOf(room, metro, known.sinceMs) : undefined;
    if (!owned) rooms.delete(roomId);
    if (!owned || !backfill) return withdraw(roomId, known);
    const text = JSON.stringify(backfill);
    if (known.offer?.to === owned.pool && known.offer.text === text) return;
    withdraw(roomId, known);
    owned.pool.offer(backfill);
    known.offer = { to: owned.pool, text };
    offered(owned);
  }

  const newcomer = (mode: string): Known => ({
    ...{ mode, sinceMs: clock.nowMs(), offer: undefined, flights: 0 },
    settledMs: Number.NEGATIVE_INFINITY,
  });

  const stop =
    modes.length > 0 ? every(clock, options.everyMs, () => modes.forEach((mode) => void ask(mode))) : () => {};
  return {
    taken(roomId) {
      const known = rooms.get(roomId);
      if (!known) return;
      known.flights++;
      // The pool has given it away.
      known.offer = undefined;
    },
    settled(roomId) {
      const known = rooms.get(roomId);
      if (!known) return;
      known.flights--;
      known.settledMs = clock.nowMs();
    },
    stop,
  };
}

/** Undefined: there is nothing to fill now, or its server says nothing that can be read. */
function backfillOf(room: WantedRoom, metro: string, sinceMs: number): Backfill | undefined {
  const { roomId, seated, held, capacity } = room;
  // Who is on the way may be one of those who are wanted.
  if (held > 0) return undefined;
  let left = capacity - seated;
  const free = room.wanted.map((wanted) => {
    const seats = Math.max(0, Math.min(wanted, left));
    left -= seats;
    return seats;
  });
  const company = free.some((seats) => seats > 0) ? companyOf(room.company) : undefined;
  return company && { roomId, metro, free, sinceMs, ...company };
}

function companyOf(text: string): z.infer<typeof Company> | undefined {
  try {
    return Company.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
