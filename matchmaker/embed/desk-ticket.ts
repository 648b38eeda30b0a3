/**
 * One ticket of a desk: its players' held parts seen as one. It stands as its parts stand, is seated when all of them are, and ends with
 * the first that does.
 */
import type { SessionRecords } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import { FrontrowError, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { RoundTrip, Seat } from "@frontrow/shared/protocol/words.ts";
import type { HeldOutcome, HeldTicket, Holders } from "@frontrow/shared/ticket/holders.ts";
import type { Member } from "../match/intake.ts";
import type { Wish } from "./submission.ts";

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

/** What the tickets of one desk share. */
export interface TicketWorld {
  readonly clock: Clock;
  readonly holders: Holders;
  /** Who each part's session is. */
  readonly members: Map<string, Member>;
  readonly sessions: SessionRecords | undefined;
  readonly giveBack: (match: string, place: number) => Promise<void>;
}

/** What the server says of its players' distances is their metros; nothing of ours was measured. */
const UNMEASURED: RoundTrip = { minMs: 0, jitterMs: 0, loss: 0, samples: 0, verified: false };

type Seated = Extract<HeldOutcome, { ok: true }>;

export function openDeskTicket(id: string, wish: Wish, told: Told, world: TicketWorld): DeskTicket {
  const { clock, holders, members, sessions } = world;
  const openedMs = clock.nowMs();
  const parts: HeldTicket[] = [];
  const seated = new Map<number, Seated>();
  let news: TicketNews = { state: "waiting", why: [] };
  let isOver = false;

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
      for (const { match, place } of seated.values()) void world.giveBack(match, place).catch(() => {});
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
    told.changed(ticket);
  }

  function finish(end: TicketEnd): void {
    isOver = true;
    news = { state: end.ok ? "matched" : "ended", why: end.ok ? end.why : [], receipt: news.receipt };
    wish.players.forEach(({ playerId }, part) => {
      const sid = sidOf(id, part);
      members.delete(sid);
      void sessions?.end(playerId, sid).catch(() => {});
    });
    told.ended(ticket, end);
  }

  /** A party is seated when all of it is; who is told no takes the others along. */
  function partEnded(part: number, outcome: HeldOutcome): void {
    if (isOver) return;
    if (!outcome.ok) return ticket.end(outcome.refusal);
    seated.set(part, outcome);
    if (seated.size < wish.players.length) return;
    const { match, metro, team, why } = outcome;
    const seats = wish.players.map(({ playerId }, index) => {
      const { place, seat } = seated.get(index)!;
      return { playerId, place, seat };
    });
    finish({ ok: true, match, metro, team, why, seats });
  }

  function openPart({ playerId, options }: Wish["players"][number], part: number): HeldTicket {
    const sid = sidOf(id, part);
    members.set(sid, { playerId, guest: false });
    // Off the path of the ticket; a newer session of the player ends it whenever that is known.
    void sessions
      ?.claim(playerId, sid, 0)
      .then(({ isNewest }) => void (isNewest || ticket.end(refusal("SUPERSEDED"))))
      .catch(() => {});
    const { mode, compat, avoid, receipt, rules, metros, players } = wish;
    return holders.open(
      {
        sid,
        ticket: id,
        party: { key: id, part, parts: players.length },
        mode,
        compat,
        options,
        avoid,
        receipt,
        timeoutMs: rules.timeoutMs,
        rtt: () => UNMEASURED,
        metros: () => metros,
      },
      {
        // The parts stand alike; the first speaks for all.
        waiting: (now) => void (part === 0 && tell({ ...now, state: "waiting" })),
        asked: (askMs) => void (part === 0 && tell({ ...news, state: "asked", askMs })),
        locked: (metro) => void (part === 0 && tell({ ...news, state: "placing", metro })),
        ended: (outcome) => partEnded(part, outcome),
      },
    );
  }

  parts.push(...wish.players.map(openPart));
  return ticket;
}

const sidOf = (id: string, part: number) => `${id}/${part}`;
/** The ticket of a part's session. */
export const ticketOfSid = (sid: string) => sid.slice(0, Math.max(0, sid.lastIndexOf("/")));
