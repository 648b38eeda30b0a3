/** What a holder of tickets is asked for, what it tells, and what it needs: `holders.ts` is the one implementation. */
import type { ErrorCode, Refusal } from "../errors.ts";
import type { Enlist, HolderMessage, OwnerMessage, ReplicaSet } from "../protocol/match-link.ts";
import type { RoundTrip, Seat } from "../protocol/words.ts";

export interface TicketWish {
  readonly sid: string;
  readonly ticket: string;
  readonly party?: Enlist["party"];
  readonly mode: string;
  readonly compat: string;
  readonly options: Record<string, unknown>;
  readonly avoid: readonly string[];
  /** From an earlier holder. */
  readonly receipt: string | undefined;
  readonly timeoutMs: number;
  rtt(): RoundTrip;
  /** Nearest first, of those that can be reached now. */
  metros(): readonly { readonly metro: string; readonly rttMs: number }[];
}

export type HeldOutcome =
  | {
      readonly ok: true;
      readonly metro: string;
      readonly match: string;
      readonly team: number;
      /** With `match` the name under which the seat is given back. */
      readonly place: number;
      readonly why: readonly string[];
      readonly seat: Seat;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Told {
  waiting(news: {
    metro: string | undefined;
    players?: number;
    waitMs?: number | undefined;
    receipt: string | undefined;
    why: readonly string[];
  }): void;
  asked(askMs: number): void;
  /** A match was found and takes its seats. */
  locked(metro: string): void;
  /** Exactly once, unless the holder itself cancelled. */
  ended(outcome: HeldOutcome): void;
}

export interface OwnerLinks {
  /** To one replica of a metro, or to any; false: there is no link. */
  send(metro: string, replica: string | undefined, message: HolderMessage): boolean;
  /** The set with the highest epoch that any replica of the metro said. */
  replicas(metro: string): ReplicaSet | undefined;
}

export interface HeldTicket {
  /** The ticket yields no seat to its caller from now on; nothing more is told. */
  cancel(): void;
  ready(yes: boolean): void;
  /** Ends with `code` as soon as it is promised to no match: one that it is promised to may have its seats already. */
  endWhenFree(code: ErrorCode): void;
}

export interface Holders {
  open(wish: TicketWish, told: Told): HeldTicket;
  hear(metro: string, replica: string, message: OwnerMessage): void;
  /** A metro's replica set changed, or a link came or went. */
  replicasChanged(metro: string): void;
  readonly size: number;
  stop(): void;
}
