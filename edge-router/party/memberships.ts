/**
 * All memberships in parties that one edge holds: said in full to whichever replica owns the party now whenever they change, renewed
 * while they do not, and said again (paced) when the party changes hands. What one membership may become is `membership.ts`; this file
 * keeps the table, looks at the clock and talks.
 */
import { type Clock, every } from "@frontrow/shared/clock.ts";
import { type ErrorCode, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { metroOfRoomCode } from "@frontrow/shared/metro.ts";
import {
  type MemberMessage,
  type PartyMessage,
  type PartyState,
  partyKey,
} from "@frontrow/shared/protocol/party-link.ts";
import { rendezvous } from "@frontrow/shared/rendezvous.ts";
import { createResend } from "@frontrow/shared/ticket/resend.ts";
import { entering, type Membership, onLost, onPartEnd, onReady, onState, onUnwant, onWant } from "./membership.ts";
import type { MembershipLinks, Memberships, MembershipWish, ToldMember } from "./words.ts";

/** How often the clock is looked at. */
const TICK_MS = 100;
/** Renewals in one message: what its schema takes. */
const RENEWALS = 512;

interface Held {
  readonly n: number;
  readonly wish: MembershipWish;
  readonly told: ToldMember;
  readonly metro: string;
  /** Names the membership. */
  readonly id: string;
  is: Membership;
  own: number;
  seen: number;
  peers: number;
  owner: string | undefined;
  readonly sinceMs: number;
  /** When it is to be said again, in full or not. */
  dueMs: number;
  /** The owner's answer to what was asked last, coming in or playing, is waited for until then. */
  answerMs: number;
  /** Set when the connection is gone: forgotten by then. */
  lostMs: number | undefined;
}

export function createMemberships(options: {
  clock: Clock;
  limits: Limits;
  links: MembershipLinks;
  nonce: () => string;
}): Memberships {
  const { clock, limits, links, nonce } = options;
  const table = new Map<number, Held>();
  let next = 0;

  const resend = createResend<Held>({
    clock,
    limits,
    send(held) {
      if (table.has(held.n) && held.owner === undefined) attend(held);
    },
  });

  // ---- saying -------------------------------------------------------------------------------------------------------

  const ownerOf = ({ metro, wish }: Held) => rendezvous(partyKey(wish.code), links.replicas(metro)?.members ?? []);

  function become(held: Held, now: Membership): void {
    if (now === held.is) return;
    held.is = now;
    held.own++;
    attend(held);
  }

  function attend(held: Held): void {
    const { n, wish, id, own, seen, peers, is } = held;
    const { how, order, ready, want, play, options } = is;
    held.owner = ownerOf(held);
    const message: MemberMessage = {
      ...{ t: "party-attend", n, sid: wish.sid, code: wish.code, member: id, how, order, own, seen, peers },
      ...{ compat: wish.compat, options, ready },
      ...(how === "join" && wish.resume ? { resume: wish.resume } : {}),
      ...(want ? { want } : {}),
      ...(play ? { play } : {}),
    };
    const reached = held.owner !== undefined && links.send(held.metro, held.owner, message);
    if (!reached) held.owner = undefined;
    // A party that has just changed hands says nothing to who is new: asked again, it soon does.
    held.dueMs = clock.nowMs() + (reached && how === "stay" ? limits.ticketRenewMs : limits.fillRetryMs);
  }

  function forget(held: Held): void {
    table.delete(held.n);
  }

  function depart({ n, metro, owner }: Pick<Held, "n" | "metro" | "owner">): void {
    if (owner !== undefined) links.send(metro, owner, { t: "party-depart", n });
  }

  // ---- hearing ------------------------------------------------------------------------------------------------------

  function hear(metro: string, replica: string, message: PartyMessage): void {
    if (message.t === "party-unknown") {
      for (const n of message.ns) {
        const held = table.get(n);
        if (held?.owner === replica && held.lostMs === undefined) resend.add([held]);
      }
      return;
    }
    const held = table.get(message.n);
    // Said late, or twice: without this a member that left would stay for a lease.
    if (!held) return message.t === "party-state" ? depart({ n: message.n, metro, owner: replica }) : undefined;
    if (held.owner !== replica || held.lostMs !== undefined) return;
    if (message.t === "party-state") return hearState(held, message);
    const { t: _t, n: _n, play, ...why } = message;
    if (play !== undefined) return unwant(held, play, why as Refusal);
    forget(held);
    held.told.refused(why as Refusal);
  }

  function hearState(held: Held, message: PartyState): void {
    const { now, asked } = onState(held.is, message);
    const isSame = now.play === held.is.play && now.want === held.is.want;
    held.seen = message.rev;
    held.peers = message.members.length;
    // Where it stands is the owner's own word, of which the owner need not be told.
    if (isSame) held.is = now;
    const { members, receipt } = message;
    held.told.state({ members, resume: { member: held.id, receipt } });
    if (asked?.do === "open") {
      const { mode, part, parts } = now.play!;
      held.is = now;
      held.told.call({ id: asked.id, mode, part, parts });
      // Its end may have been said already.
      if (held.is === now) become(held, { ...now });
      return;
    }
    if (!isSame) become(held, now);
    if (asked?.do === "end") held.told.over(asked.id);
    else if (asked) held.told.notPlayed(asked.id, refusal("PARTY_CHANGED"));
  }

  function unwant(held: Held, id: string, why: Refusal): void {
    if (held.is.want?.id !== id) return;
    become(held, onUnwant(held.is, id));
    held.told.notPlayed(id, why);
  }

  // ---- time ---------------------------------------------------------------------------------------------------------

  function tick(): void {
    const nowMs = clock.nowMs();
    const renewals = new Map<string, { metro: string; owner: string; members: Renewal[] }>();
    for (const held of table.values()) {
      if (held.lostMs !== undefined) {
        if (nowMs >= held.lostMs) forget(held);
      } else if (nowMs >= held.answerMs && held.is.how !== "stay") fail(held, "DEADLINE");
      else if (nowMs >= held.answerMs && held.is.want) unwant(held, held.is.want.id, refusal("DEADLINE"));
      else if (nowMs >= held.dueMs) renew(held, nowMs, renewals);
    }
    for (const { metro, owner, members } of renewals.values()) {
      for (let from = 0; from < members.length; from += RENEWALS) {
        links.send(metro, owner, { t: "party-renew", members: members.slice(from, from + RENEWALS) });
      }
    }
  }

  function fail(held: Held, code: ErrorCode): void {
    forget(held);
    depart(held);
    held.told.refused(refusal(code));
  }

  type Renewal = { n: number; own: number; seen: number };
  function renew(
    held: Held,
    nowMs: number,
    renewals: Map<string, { metro: string; owner: string; members: Renewal[] }>,
  ): void {
    const { n, metro, owner, own, seen, is } = held;
    if (owner === undefined || is.how !== "stay") return attend(held);
    held.dueMs = nowMs + limits.ticketRenewMs;
    const to = `${metro}|${owner}`;
    const group = renewals.get(to);
    if (group) group.members.push({ n, own, seen });
    else renewals.set(to, { metro, owner, members: [{ n, own, seen }] });
  }

  const stopTicking = every(clock, TICK_MS, tick);

  return {
    open(wish, told) {
      const held: Held = {
        ...{ n: next++, wish, told, metro: metroOfRoomCode(wish.code), id: nonce() },
        ...{ is: entering(wish.how, wish.options), own: 0, seen: 0, peers: 0, owner: undefined, dueMs: 0 },
        sinceMs: clock.nowMs(),
        answerMs: clock.nowMs() + limits.fillDeadlineMs,
        lostMs: undefined,
      };
      table.set(held.n, held);
      attend(held);
      const isHeld = () => table.has(held.n) && held.lostMs === undefined;
      return {
        ready(yes, chosen) {
          if (isHeld()) become(held, onReady(held.is, yes, chosen));
        },
        want(mode, chosen) {
          const id = nonce();
          held.answerMs = clock.nowMs() + limits.fillDeadlineMs;
          if (isHeld()) become(held, onWant(held.is, { id, mode }, chosen));
          return id;
        },
        unwant(id) {
          if (isHeld()) become(held, onUnwant(held.is, id));
        },
        partEnded(id, end) {
          if (isHeld()) become(held, onPartEnd(held.is, id, end));
        },
        leave() {
          if (!isHeld()) return;
          forget(held);
          depart(held);
        },
        lose() {
          if (!isHeld()) return;
          held.lostMs = clock.nowMs() + limits.ticketLeaseMs;
          become(held, onLost(held.is));
        },
      };
    },
    hear,
    replicasChanged(metro) {
      resend.add([...table.values()].filter((held) => held.metro === metro && held.lostMs === undefined));
    },
    get size() {
      return table.size;
    },
    stop() {
      stopTicking();
      resend.stop();
    },
  };
}
