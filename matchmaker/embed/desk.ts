/**
 * Tickets that a server submits for its players, held here as an edge holds its sockets' (`shared/ticket/holders.ts`): one part a
 * player, all parts of a party promised to the same match. `matchmaker.ts` puts a promise over it, `api/` a long poll.
 */
import type { SessionRecords } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import { FrontrowError, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { RoundTrip, Seat } from "@frontrow/shared/protocol/words.ts";
import { createHolders, type HeldOutcome, type HeldTicket } from "@frontrow/shared/ticket/holders.ts";
import type { Member } from "../match/intake.ts";
import type { Matches, MatchPeer } from "../matches.ts";
import { ownerOf } from "../replica/owner-of.ts";
import { checkSubmission, type Submission, type SubmissionRules, type Wish } from "./submission.ts";

/** How a ticket stands. `placing`: a match was found and takes its seats. */
export interface TicketNews {
  readonly state: "waiting" | "asked" | "placing" | "matched" | "ended";
  readonly metro?: string | undefined;
  /** Players in its pool. */
  readonly players?: number | undefined;
  /** How long players like these waited lately, ms. */
  readonly waitMs?: number | undefined;
  /** What keeps it waiting. */
  readonly why: readonly string[];
  /** Proves its age to a later ticket. */
  readonly receipt?: string | undefined;
  /** When asked: how long there is to answer, ms. */
  readonly askMs?: number | undefined;
}

export interface TicketSeat {
  readonly playerId: string;
  /** With the match's id the name under which the seat is given back. */
  readonly place: number;
  readonly seat: Seat;
}

export type TicketEnd =
  | {
      readonly ok: true;
      readonly match: string;
      readonly metro: string;
      readonly team: number;
      readonly seats: readonly TicketSeat[];
      readonly why: readonly string[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

export interface DeskTicket {
  readonly id: string;
  readonly mode: string;
  readonly compat: string;
  readonly playerIds: readonly string[];
  readonly news: TicketNews;
  /** Since it was submitted, ms. */
  ageMs(): number;
  /** It yields no seat from now on, unless it has one; `why` is what its end says. */
  end(why: Refusal): void;
  /** The party's word on a ready check. */
  ready(yes: boolean): void;
}

export interface Told {
  changed(ticket: DeskTicket): void;
  /** Exactly once. */
  ended(ticket: DeskTicket, end: TicketEnd): void;
}

export interface DeskOptions extends SubmissionRules {
  readonly matches: Matches;
  /** The name under which `matches` is one of its metro's replicas. */
  readonly replica: string;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Where players have no session besides their tickets: undefined. */
  readonly sessions: SessionRecords | undefined;
  readonly newTicketId: () => string;
}

export interface Desk {
  /** Throws FrontrowError; a wish that is refused holds nothing. */
  submit(submission: Submission, told: Told): DeskTicket;
  find(id: string): DeskTicket | undefined;
  readonly size: number;
  /** Ends every ticket; whoever submits another is told the same. */
  close(why: Refusal): void;
}

/** Holders here reach owners here: who asks again is led to the other replica, and the receipt keeps the age. */
const MOVED = refusal("MATCHMAKER_AWAY", "Another replica has its pool now: submit it again, with its receipt.");

/** What the server says of its players' distances is their metros; nothing of ours was measured. */
const UNMEASURED: RoundTrip = { minMs: 0, jitterMs: 0, loss: 0, samples: 0, verified: false };

export function createDesk(options: DeskOptions): Desk {
  const { matches, clock, sessions } = options;
  const tickets = new Map<string, DeskTicket>();
  const { holders, members, replicaSet, disconnect } = createLocalHolders(options, () => {
    for (const moved of [...tickets.values()].filter((ticket) => !isOurs(ticket))) moved.end(MOVED);
  });
  let closed: Refusal | undefined;
  const stopListening = sessions?.onSuperseded(({ owner }) => {
    tickets.get(owner.slice(0, owner.lastIndexOf("/")))?.end(refusal("SUPERSEDED"));
  });

  /** What is promised to a match stays with it, wherever its pool has gone. */
  function isOurs({ mode, compat, news }: DeskTicket): boolean {
    const owner = ownerOf(mode, compat, replicaSet());
    return news.state !== "waiting" || owner === undefined || owner === options.replica;
  }

  function open(id: string, wish: Wish, told: Told): DeskTicket {
    const openedMs = clock.nowMs();
    const parts: HeldTicket[] = [];
    const seated: Extract<HeldOutcome, { ok: true }>[] = [];
    let news: TicketNews = { state: "waiting", why: [] };
    let isOver = false;
    const sids = wish.players.map((_, part) => `${id}/${part}`);

    const ticket: DeskTicket = {
      id,
      mode: wish.mode,
      compat: wish.compat,
      playerIds: wish.players.map(({ playerId }) => playerId),
      get news() {
        return news;
      },
      ageMs: () => clock.nowMs() - openedMs,
      end(why) {
        if (isOver) return;
        for (const part of parts) part.cancel();
        for (const { match, place } of seated) void matches.giveBack(match, place).catch(() => {});
        finish({ ok: false, refusal: why });
      },
      ready(yes) {
        if (news.state !== "asked") throw new FrontrowError("NOT_ASKED");
        for (const part of parts) part.ready(yes);
      },
    };

    function tell(now: TicketNews): void {
      if (isOver) return;
      news = now;
      if (!isOurs(ticket)) return ticket.end(MOVED);
      told.changed(ticket);
    }

    function finish(end: TicketEnd): void {
      isOver = true;
      news = { state: end.ok ? "matched" : "ended", why: end.ok ? end.why : [], receipt: news.receipt };
      tickets.delete(id);
      sids.forEach((sid, part) => {
        members.delete(sid);
        void sessions?.end(wish.players[part]!.playerId, sid).catch(() => {});
      });
      told.ended(ticket, end);
    }

    /** A party is seated when all of it is; who is told no takes the others along. */
    function partEnded(part: number, outcome: HeldOutcome): void {
      if (isOver) return;
      if (!outcome.ok) return ticket.end(outcome.refusal);
      seated[part] = outcome;
      if (wish.players.some((_, index) => !seated[index])) return;
      const { match, metro, team, why } = outcome;
      const seats = wish.players.map(({ playerId }, index) => {
        const { place, seat } = seated[index]!;
        return { playerId, place, seat };
      });
      finish({ ok: true, match, metro, team, why, seats });
    }

    tickets.set(id, ticket);
    wish.players.forEach(({ playerId, options: joinOptions }, part) => {
      const sid = sids[part]!;
      members.set(sid, { playerId, guest: false });
      // Off the path of the ticket; a newer session of the player ends it whenever that is known.
      void sessions
        ?.claim(playerId, sid, 0)
        .then(({ isNewest }) => void (isNewest || ticket.end(refusal("SUPERSEDED"))))
        .catch(() => {});
      const { mode, compat, avoid, receipt, rules } = wish;
      parts.push(
        holders.open(
          {
            sid,
            ticket: id,
            party: { key: id, part, parts: wish.players.length },
            mode,
            compat,
            options: joinOptions,
            avoid,
            receipt,
            timeoutMs: rules.timeoutMs,
            rtt: () => UNMEASURED,
            metros: () => wish.metros,
          },
          {
            // The parts stand alike; the first speaks for all.
            waiting: (now) => void (part === 0 && tell({ ...now, state: "waiting" })),
            asked: (askMs) => void (part === 0 && tell({ ...news, state: "asked", askMs })),
            locked: (metro) => void (part === 0 && tell({ ...news, state: "placing", metro })),
            ended: (outcome) => partEnded(part, outcome),
          },
        ),
      );
    });
    return ticket;
  }

  return {
    submit(submission, told) {
      if (closed) throw asError(closed);
      return open(options.newTicketId(), checkSubmission(submission, options), told);
    },
    find: (id) => tickets.get(id),
    get size() {
      return tickets.size;
    },
    close(why) {
      closed = why;
      for (const ticket of tickets.values()) ticket.end(why);
      stopListening?.();
      holders.stop();
      disconnect();
    },
  };
}

/** A refusal as what a caller catches. */
export const asError = (why: Refusal) =>
  Object.assign(new FrontrowError(why.code), { refusal: why, message: why.message });

/** Holders whose owner is in the same process: no bytes and no link, and still never an answer in the asker's own turn. */
function createLocalHolders({ matches, replica, metro, clock, limits }: DeskOptions, changed: () => void) {
  const members = new Map<string, Member>();
  let set: ReplicaSet | undefined;
  const peer: MatchPeer = {
    tell: (message) => queueMicrotask(() => holders.hear(metro, replica, message)),
    replicas(now) {
      set = now;
      queueMicrotask(() => {
        holders.replicasChanged(metro);
        changed();
      });
    },
  };
  const holders = createHolders({
    clock,
    limits,
    links: {
      send(_metro: string, to: string | undefined, message: HolderMessage) {
        if (!set || (to !== undefined && to !== replica)) return false;
        const member = "sid" in message ? members.get(message.sid) : undefined;
        queueMicrotask(() => matches.hear(peer, member, message));
        return true;
      },
      replicas: () => set,
    },
  });
  const { disconnect } = matches.connect(peer);
  return { holders, members, replicaSet: () => set, disconnect };
}
