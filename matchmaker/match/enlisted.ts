/**
 * The tickets that an owner holds for others: who enlisted each part of it, until when, and how a message's `n` finds it. A pool's
 * memory is a cache of what the holders keep: a part that is not renewed runs out, and with it its ticket.
 */
import type { Enlist, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { PoolTicket } from "../pool/words.ts";

/** The other end of one link: whoever holds tickets there. */
export interface Holder {
  tell(message: OwnerMessage): void;
}

/** One player's share of a ticket: all of it, unless it is a party's. */
export interface Part {
  readonly holder: Holder;
  readonly n: number;
  readonly playerId: string;
  readonly guest: boolean;
  readonly options: Record<string, unknown>;
  readonly rtt: RoundTrip;
  readonly metros: Enlist["metros"];
  readonly avoid: readonly string[];
  leaseUntilMs: number;
  /** When its holder was last told how the ticket stands. */
  toldMs: number;
  /** When its holder was last given a receipt. */
  provedMs: number;
}

export interface EnlistedTicket {
  readonly key: string;
  readonly mode: string;
  readonly compat: string;
  readonly poolKey: string;
  readonly parts: (Part | undefined)[];
  /** On our clock. */
  sinceMs: number;
  /** What the pool has, or had before a match took it. */
  inPool: PoolTicket | undefined;
  /** The match that it is promised to. */
  match: string | undefined;
}

export interface Enlistments {
  find(holder: Holder, n: number): { ticket: EnlistedTicket; part: Part } | undefined;
  byKey(key: string): EnlistedTicket | undefined;
  /** The ticket that a player is in. */
  ofPlayer(playerId: string): EnlistedTicket | undefined;
  /** Adds a part, in place of an earlier one of the same player. */
  put(ticket: EnlistedTicket, index: number, part: Part): void;
  remove(ticket: EnlistedTicket): void;
  all(): Iterable<EnlistedTicket>;
  readonly size: number;
}

export function createEnlistments(): Enlistments {
  const tickets = new Map<string, EnlistedTicket>();
  const numbers = new Map<Holder, Map<number, EnlistedTicket>>();
  const players = new Map<string, EnlistedTicket>();

  function forget(part: Part | undefined): void {
    if (!part) return;
    const ofHolder = numbers.get(part.holder);
    ofHolder?.delete(part.n);
    if (ofHolder?.size === 0) numbers.delete(part.holder);
    players.delete(part.playerId);
  }

  return {
    find(holder, n) {
      const ticket = numbers.get(holder)?.get(n);
      const part = ticket?.parts.find((one) => one?.n === n && one.holder === holder);
      return ticket && part && { ticket, part };
    },
    byKey: (key) => tickets.get(key),
    ofPlayer: (playerId) => players.get(playerId),
    put(ticket, index, part) {
      forget(ticket.parts[index]);
      ticket.parts[index] = part;
      tickets.set(ticket.key, ticket);
      players.set(part.playerId, ticket);
      const ofHolder = numbers.get(part.holder);
      if (ofHolder) ofHolder.set(part.n, ticket);
      else numbers.set(part.holder, new Map([[part.n, ticket]]));
    },
    remove(ticket) {
      if (tickets.get(ticket.key) !== ticket) return;
      tickets.delete(ticket.key);
      for (const part of ticket.parts) forget(part);
    },
    all: () => tickets.values(),
    get size() {
      return tickets.size;
    },
  };
}

/** Everybody of a ticket is here. */
export const isWhole = ({ parts }: EnlistedTicket) => parts.every((part) => part !== undefined);
export const partsOf = ({ parts }: EnlistedTicket) => parts.filter((part) => part !== undefined);
