/**
 * The owner of a metro's parties, or of its share of them. It keeps what the members' edges say (`party.ts`), starts what a leader wishes to
 * play (`play.ts`), and tells every member's edge whenever something is different. All of it can be lost: the members say it again.
 */
import { type Clock, every } from "@frontrow/shared/clock.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import {
  type MemberMessage,
  type PartyAttend,
  type PartyState,
  partyKey,
} from "@frontrow/shared/protocol/party-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { createKeptParties, type Kept, type PartyEar, type Seat } from "./kept.ts";
import type { MembershipProofs } from "./membership-proof.ts";
import { attend, depart, lapse, membersSeen, type Party, type PartyRules, renew } from "./party.ts";
import { grant, judge } from "./play.ts";

/** How often leases are looked at; a twentieth of one. */
const SWEEP_MS = 250;
/** Changes within this are told together: what one member can make everybody hear is bounded. */
const TELL_MS = 20;
/** What the messages carry. */
const MEMBERS_MAX = 64;

export interface PartyOwnerOptions {
  /** This replica's name. */
  readonly replica: string;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  readonly rng: () => number;
  readonly limits: Limits;
  readonly proofs: MembershipProofs;
}

export interface PartyOwner {
  /** `playerId`: whose session the message names, where it names one. */
  hear(ear: PartyEar, playerId: string | undefined, message: MemberMessage): void;
  refuse(ear: PartyEar, n: number, why: FrontrowError, play?: string): void;
  /** Who the replicas are now: parties of others are let go. */
  setReplicas(set: Pick<ReplicaSet, "members">): void;
  readonly size: number;
  stop(): void;
}

export function createPartyOwner(options: PartyOwnerOptions): PartyOwner {
  const { replica, clock, wallMs, rng, limits, proofs } = options;
  const parties = createKeptParties();
  const dirty = new Set<Kept>();
  let stopTelling: (() => void) | undefined;
  let members: readonly string[] = [replica];
  let ownerSinceMs = clock.nowMs();

  const owns = (code: string) => rendezvous(partyKey(code), members) === replica;
  const playRules = {
    modes: options.modes,
    joinOptionsBytes: limits.joinOptionsBytes,
    leaseMs: limits.ticketLeaseMs,
  };
  const rules = (): PartyRules => ({
    membersMax: Math.min(limits.partyMembersMax, MEMBERS_MAX),
    leaseMs: limits.ticketLeaseMs,
    settleMs: Math.min(2 * limits.ticketRenewMs, limits.ticketLeaseMs),
    ownerSinceMs,
  });

  // ---- hearing ------------------------------------------------------------------------------------------------------

  function hearAttend(ear: PartyEar, playerId: string, message: PartyAttend): void {
    const { n, code, member: id, own, seen } = message;
    // Its edge knows of another set, and both know the same within a heartbeat.
    if (!owns(code)) return;
    const known = parties.get(code);
    const before = known?.seats.get(id);
    if (before?.ear === ear && before.n === n && own < before.own) return;
    const formerly = message.resume && proofs.read(message.resume, code, wallMs());
    const attended = attend(
      known?.party,
      { ...message, id, playerId, formerly, want: message.want, play: message.play },
      clock.nowMs(),
      rules(),
    );
    if (attended === "later") return;
    if ("refused" in attended) return refuse(ear, n, new FrontrowError(attended.refused, detailOf(attended.refused)));
    if (!known && parties.size >= limits.partiesMax) return refuse(ear, n, new FrontrowError("PARTIES_FULL"));
    const kept = known ?? {
      party: attended.party,
      seats: new Map(),
      rev: Math.floor(rng() * 2 ** 31),
      told: undefined,
    };
    kept.party = attended.party;
    parties.seat(kept, id, { ear, n, own, seen, provedMs: before?.provedMs ?? Number.NEGATIVE_INFINITY });
    parties.tidy(kept);
    touch(kept);
  }

  function hearRenew(ear: PartyEar, renewed: Extract<MemberMessage, { t: "party-renew" }>["members"]): void {
    const nowMs = clock.nowMs();
    const unknown: number[] = [];
    for (const { n, own, seen } of renewed) {
      const found = parties.find(ear, n);
      const at = found?.kept.seats.get(found.member);
      if (!found || at?.own !== own) {
        unknown.push(n);
        continue;
      }
      const { kept, member } = found;
      kept.party = renew(kept.party, member, nowMs, rules());
      at.seen = seen;
      if (isBehind(kept, at)) touch(kept);
    }
    if (unknown.length > 0) ear.tell({ t: "party-unknown", ns: unknown });
  }

  function hearDepart(ear: PartyEar, n: number): void {
    const found = parties.find(ear, n);
    if (!found) return;
    found.kept.party = depart(found.kept.party, found.member);
    touch(found.kept);
  }

  // ---- telling ------------------------------------------------------------------------------------------------------

  function refuse(ear: PartyEar, n: number, { refusal }: FrontrowError, play?: string): void {
    const { issues, ...why } = refusal;
    const rest = { ...(issues ? { issues: [...issues].slice(0, 32) } : {}), ...(play ? { play } : {}) };
    ear.tell({ t: "party-refused", n, ...why, ...rest });
  }

  function touch(kept: Kept): void {
    dirty.add(kept);
    stopTelling ??= clock.after(TELL_MS, () => {
      stopTelling = undefined;
      for (const one of dirty) settle(one);
      dirty.clear();
    });
  }

  /** Does what is due to a party, and tells whoever does not know how it stands. */
  function settle(kept: Kept): void {
    const nowMs = clock.nowMs();
    kept.party = judge(lapse(kept.party, nowMs), nowMs, playRules);
    parties.tidy(kept);
    if (kept.party.members.length === 0 || nowMs < kept.party.settledMs) return;
    grantAll(kept, nowMs);
    const view = JSON.stringify([
      membersSeen(kept.party),
      playSeen(kept.party),
      kept.party.members.map(({ id }) => id),
    ]);
    if (view !== kept.told) {
      kept.told = view;
      kept.rev++;
    }
    for (const [member, at] of kept.seats) if (isBehind(kept, at)) tell(kept, member, at);
  }

  function grantAll(kept: Kept, nowMs: number): void {
    for (const member of kept.party.members) {
      const { want } = member;
      const granted = grant(kept.party, member, nowMs, playRules);
      if (!want || granted === "wait") continue;
      if ("party" in granted) {
        kept.party = granted.party;
        continue;
      }
      const at = kept.seats.get(member.id);
      if (at) refuse(at.ear, at.n, granted.refused, want.id);
      const answered = kept.party.members.map((one) => (one.id === member.id ? { ...one, want: undefined } : one));
      kept.party = { ...kept.party, members: answered };
    }
  }

  /** Proofs are told again while they are good, so that the last one that a member has is. */
  const isBehind = (kept: Kept, at: Seat) =>
    kept.told !== undefined && (at.seen !== kept.rev || wallMs() - at.provedMs > limits.receiptMs / 2);

  function tell({ party, rev }: Kept, id: string, at: Seat): void {
    const { order } = party.members.find((member) => member.id === id)!;
    const issuedAtMs = wallMs();
    // Believed heard; the next renewal says so, or that it was not.
    at.seen = rev;
    at.provedMs = issuedAtMs;
    const play = playSeen(party);
    const part = party.play?.parts.indexOf(id) ?? -1;
    const state: PartyState = {
      t: "party-state",
      n: at.n,
      rev,
      order,
      receipt: proofs.sign({ code: party.code, member: id, order, issuedAtMs }),
      members: membersSeen(party),
      ...(play ? { play: { ...play, ...(part < 0 ? {} : { part }) } } : {}),
    };
    at.ear.tell(state);
  }

  // ---- time ---------------------------------------------------------------------------------------------------------

  function sweep(): void {
    const nowMs = clock.nowMs();
    for (const kept of parties.all()) {
      const { party, told } = kept;
      const isDue =
        told === undefined ||
        (party.play && !party.play.over) ||
        party.members.some(({ leaseUntilMs, want }) => want || nowMs >= leaseUntilMs);
      if (isDue) touch(kept);
    }
  }
  const stopSweeping = every(clock, SWEEP_MS, sweep);

  return {
    hear(ear, playerId, message) {
      if (message.t === "party-renew") return hearRenew(ear, message.members);
      if (message.t === "party-depart") return hearDepart(ear, message.n);
      if (playerId !== undefined) hearAttend(ear, playerId, message);
    },
    refuse,
    setReplicas(set) {
      members = set.members;
      ownerSinceMs = clock.nowMs();
      for (const kept of parties.all()) if (!owns(kept.party.code)) parties.letGo(kept);
    },
    get size() {
      return parties.size;
    },
    stop() {
      stopSweeping();
      stopTelling?.();
    },
  };
}

function playSeen({ play }: Party): PartyState["play"] {
  return play && { id: play.id, mode: play.mode, parts: play.parts.length, over: play.over };
}

const detailOf = (code: ErrorCode) =>
  code === "UNSUPPORTED_VERSION" ? "This build may not play with those of the party." : undefined;
