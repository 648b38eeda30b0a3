/**
 * What the holder of a ticket says to replicas: that it is there, and still, that it has gone, what it answers a proposal, and what became
 * of a match. Which replica that is, and when it is said again, stands with the ticket.
 */
import type { Clock } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { type Enlist, poolKey } from "../protocol/match-link.ts";
import { rendezvous } from "../rendezvous.ts";
import type { HeldState } from "./held.ts";
import type { OwnerLinks, TicketWish, Told } from "./words.ts";

export interface Held {
  readonly n: number;
  readonly wish: TicketWish;
  readonly told: Told;
  state: HeldState;
  /** On our clock; earlier when an owner proves a greater age. */
  sinceMs: number;
  receipt: string | undefined;
  metro: string | undefined;
  owner: string | undefined;
  /** The replica whose match the ticket is promised to, or is asked about. */
  proposer: string | undefined;
  renewMs: number;
  enlistedMs: number;
  /** Since when no replica of its metro could be reached. */
  lostMs: number | undefined;
  /** What it ends with once it is promised to no match. */
  endsWith: ErrorCode | undefined;
}

/** Renewals in one message: what its schema takes. */
const RENEWALS = 512;

/** An age that only a receipt makes true. */
const AGE_BY_RECEIPT_MS = 1e9;

export interface SayingOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly links: OwnerLinks;
  /** The newest epoch of each metro that was heard of. */
  readonly epochs: ReadonlyMap<string, number>;
}

export function createSaying({ clock, limits, links, epochs }: SayingOptions) {
  /** By owner: who is still there, until it is said. */
  const renewals = new Map<string, { metro: string; owner: string; ns: number[] }>();

  const ageMs = (held: Held) => Math.max(0, clock.nowMs() - held.sinceMs);

  function enlist(held: Held): void {
    const now = clock.nowMs();
    held.renewMs = now + limits.ticketRenewMs;
    // What is promised to a match is in no pool; it is enlisted when the promise ends without seats.
    if (held.state.is !== "waiting") return;
    const metros = held.wish.metros();
    if (held.metro === undefined || (held.lostMs !== undefined && now - held.lostMs >= limits.ticketLeaseMs)) {
      held.metro = metros[0]?.metro ?? held.metro;
    }
    const members = held.metro === undefined ? undefined : links.replicas(held.metro)?.members;
    held.owner = members && rendezvous(poolKey(held.wish), members);
    const reached = held.owner !== undefined && links.send(held.metro!, held.owner, messageOf(held, metros));
    held.lostMs = reached ? undefined : (held.lostMs ?? now);
    if (reached) held.enlistedMs = now;
    else {
      // Somebody takes the pool over within a lease; until then it is asked for more often than it is renewed.
      held.owner = undefined;
      held.renewMs = now + limits.fillRetryMs;
    }
  }

  function messageOf(held: Held, metros: ReturnType<TicketWish["metros"]>): Enlist {
    const { sid, ticket, party, mode, compat, options, avoid } = held.wish;
    const isUnproved = held.receipt !== undefined && held.receipt === held.wish.receipt;
    return {
      t: "enlist",
      n: held.n,
      sid,
      ticket,
      ...(party ? { party } : {}),
      mode,
      compat,
      options: options as Enlist["options"],
      metros: [...metros].slice(0, 8),
      rtt: held.wish.rtt(),
      ageMs: isUnproved ? AGE_BY_RECEIPT_MS : ageMs(held),
      ...(held.receipt === undefined ? {} : { receipt: held.receipt }),
      avoid: [...avoid],
      epoch: epochs.get(held.metro!) ?? 0,
    };
  }

  const answer = ({ metro, n, proposer }: Held, match: string, t: "locked" | "gone" | undefined) =>
    void (t && links.send(metro!, proposer, { t, n, match }));

  function withdraw({ n, metro, owner }: Held): void {
    if (metro !== undefined && owner !== undefined) links.send(metro, owner, { t: "withdraw", n });
  }

  function settle(held: Held): void {
    if (held.state.is !== "settling") return;
    const { sid, options, rtt } = held.wish;
    const { match, metro } = held.state;
    links.send(metro, undefined, {
      t: "settle",
      n: held.n,
      sid,
      match,
      options: options as Enlist["options"],
      rtt: rtt(),
    });
  }

  /** Said with the next `sayRenewals`, where its owner is known. */
  function renew(held: Held): void {
    const { metro, owner } = held;
    if (metro === undefined || owner === undefined) return enlist(held);
    held.renewMs = clock.nowMs() + limits.ticketRenewMs;
    const to = `${metro}|${owner}`;
    const group = renewals.get(to);
    if (group) group.ns.push(held.n);
    else renewals.set(to, { metro, owner, ns: [held.n] });
  }

  function sayRenewals(): void {
    for (const { metro, owner, ns } of renewals.values()) {
      for (let from = 0; from < ns.length; from += RENEWALS) {
        links.send(metro, owner, { t: "renew", ns: ns.slice(from, from + RENEWALS) });
      }
    }
    renewals.clear();
  }

  return { ageMs, enlist, withdraw, answer, settle, renew, sayRenewals };
}
