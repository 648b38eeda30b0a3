/** What a session and the table of memberships have to do with one another, and the table with the links. */
import type { Refusal } from "@frontrow/shared/errors.ts";
import type { ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { MemberMessage, PartyMember, PartyMessage, PartyResume } from "@frontrow/shared/protocol/party-link.ts";
import type { Membership, PartEnd } from "./membership.ts";

export interface MembershipWish {
  readonly sid: string;
  readonly code: string;
  readonly how: "create" | "join";
  readonly resume: PartyResume | undefined;
  readonly compat: string;
  readonly options: Membership["options"];
}

export interface PartCall {
  readonly id: string;
  readonly mode: string;
  readonly part: number;
  readonly parts: number;
}

export interface ToldMember {
  state(news: { members: readonly PartyMember[]; resume: PartyResume }): void;
  /** Not a member, or not any more. The last that is told. */
  refused(why: Refusal): void;
  /** The wish to play came to nothing. */
  notPlayed(id: string, why: Refusal): void;
  /** The player's part of the party's ticket is to be opened. */
  call(part: PartCall): void;
  /** The part that is open is to be ended: somebody else's was. */
  over(id: string): void;
}

export interface HeldMembership {
  ready(yes: boolean, options?: Membership["options"]): void;
  /** Wishes to play; the answer names the play. */
  want(mode: string, options?: Membership["options"]): string;
  unwant(id: string): void;
  partEnded(id: string, end: PartEnd): void;
  leave(): void;
  /** The player's connection is gone; the owner keeps the member for a lease, should it come back on another. */
  lose(): void;
}

export interface MembershipLinks {
  /** To one replica of a metro; false: there is no link. */
  send(metro: string, replica: string, message: MemberMessage): boolean;
  replicas(metro: string): ReplicaSet | undefined;
}

export interface Memberships {
  open(wish: MembershipWish, told: ToldMember): HeldMembership;
  hear(metro: string, replica: string, message: PartyMessage): void;
  /** A metro's replica set changed, or a link came or went. */
  replicasChanged(metro: string): void;
  readonly size: number;
  stop(): void;
}
