/**
 * The tickets of one session: one open at a time, the newest wish counts; seats that came of them can be given back by their ticket.
 * A fill ticket is asked for here and now (`ticket.ts`), one of a match mode is held until others are found (`match-ticket.ts`).
 */
import { checkOptionsSize } from "@frontrow/shared/config/check-options.ts";
import { type ErrorCode, type Refusal, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { TicketRequest, Up } from "@frontrow/shared/protocol/up.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { HeldTicket, TicketWish } from "@frontrow/shared/ticket/holders.ts";
import type { EdgeWorld } from "../edge.ts";
import type { PartEnd } from "../party/membership.ts";
import type { MatchPlace } from "../ports.ts";
import { findSeat } from "./find-seat.ts";
import { openMatchTicket } from "./match-ticket.ts";
import { problemOf, targetOf } from "./problem-of.ts";
import { openTicket, type TicketEnd, type TicketOutcome } from "./ticket.ts";

/** Seats that a session can still give back or ask for again by their ticket. */
const SEATS_REMEMBERED = 8;
/** A metro no longer believes the session's token: the session ends, so that its client comes again with a fresh one. */
const TOKEN_SPENT: ReadonlySet<ErrorCode> = new Set(["AUTH_EXPIRED", "AUTH_INVALID"]);

export interface Player {
  readonly playerId: string;
  readonly guest: boolean;
  readonly compat: string;
}

/** What tickets need of their session. */
export interface TicketSession {
  readonly sid: string;
  readonly address: string;
  isReady(): boolean;
  rtt(): RoundTrip;
  tell(message: Down): void;
  tellSoon(message: Down): void;
  complain(why: Refusal, id: string): void;
  /** Ends the session. */
  fail(code: ErrorCode): void;
}

export interface Tickets {
  play(request: TicketRequest, player: Player): Promise<void>;
  cancel(id: string): void;
  /** Another token for the seat of a match, that came of a ticket or that the player says he has. */
  again(request: Again, player: Player): Promise<void>;
  /** Back to where the player sits. */
  resume(id: string, player: Player): Promise<void>;
  /** The player's answer to a ready check. */
  ready(id: string, yes: boolean): void;
  /** A part of a party's ticket, in place of what is open; `ended` is told exactly once. */
  openPart(part: PartWish, ended: (end: PartEnd) => void): OpenPart;
  /** Ends what is open. */
  end(code: TicketEnd): void;
}

type Play = Extract<TicketRequest, { t: "play" }>;
type Again = Extract<Up, { t: "again" }>;

/** A seat that came of a ticket. */
interface TakenSeat {
  readonly metro: string;
  readonly roomId: string;
  readonly options: NonNullable<TicketRequest["options"]>;
  readonly of: MatchPlace | undefined;
}

export interface PartWish {
  readonly request: Play;
  readonly player: Player;
  readonly party: NonNullable<TicketWish["party"]>;
}

export interface OpenPart {
  /** Somebody else's part has ended: so does this one, unless it is promised to a match that has its seats. */
  over(): void;
  /** Its own player will not have it. */
  cancel(): void;
}

interface Open {
  readonly id: string;
  /** It has a seat already, and asks for it again. */
  readonly hasSeat?: boolean;
  end(code: TicketEnd): void;
  ready?(yes: boolean): void;
}

export function createTickets(session: TicketSession, world: EdgeWorld): Tickets {
  const { sid, address, tell, tellSoon, complain } = session;
  const seats = new Map<string, TakenSeat>();
  let open: Open | undefined;
  let previousMetro: string | undefined;

  async function play(request: TicketRequest, player: Player): Promise<void> {
    const { id } = request;
    open?.end("SUPERSEDED");
    const target = targetOf(request);
    // Open before the first await: a cancel, or a newer ticket, may come in the same tick, and ends this one before it starts.
    let ended = false;
    const current: Open = {
      id,
      end(code) {
        ended = true;
        open = undefined;
        finish(request, { ok: false, refusal: refusal(code) });
      },
    };
    open = current;
    const problem = await problemOf({ request, target, address, player }, world);
    if (ended) return;
    if (problem) {
      open = undefined;
      return complain(problem, id);
    }
    if (request.t === "play" && world.modes[request.mode]?.kind === "match")
      return void wait({ request, player }, current);
    const ticket = openTicket(
      {
        sid,
        id,
        target,
        compat: player.compat,
        options: request.options ?? {},
        previous: previousMetro,
        rtt: session.rtt,
      },
      world,
      (now, metro, why) => {
        if (session.isReady()) tellSoon({ t: "state", id, state: now, why: [...why], ...(metro ? { metro } : {}) });
      },
    );
    current.end = ticket.end;
    const outcome = await ticket.outcome;
    if (open === current) open = undefined;
    if ("code" in target && (outcome.ok || outcome.refusal.code !== "CODE_UNKNOWN")) {
      world.rates.rightCode(address);
    }
    finish(request, outcome);
  }

  /** In a pool, for as long as it takes. */
  function wait(
    { request, player, party }: Omit<PartWish, "party"> & Partial<PartWish>,
    current: Open,
    ended: (end: PartEnd) => void = () => {},
  ): HeldTicket {
    const held = openMatchTicket({ session, request, player, party }, world, (outcome) => {
      if (open === current) open = undefined;
      finish(request, outcome, outcome.ok ? outcome : undefined);
      ended(outcome.ok ? "seated" : outcome.refusal.code === "DECLINED" ? "left" : "failed");
    });
    current.ready = held.ready;
    current.end = (code) => {
      open = undefined;
      held.cancel();
      finish(request, { ok: false, refusal: refusal(code) });
      ended("left");
    };
    return held;
  }

  /** A seat that the ticket has is looked for again; another wish, or a cancel, ends that. */
  async function again({ id, refused, seat: said }: Again, { playerId }: Player): Promise<void> {
    const seat = matchSeatOf(seats.get(id), said);
    if (!seat || !world.links.has(seat.metro)) return complain(refusal("TICKET_UNKNOWN"), id);
    const { metro, roomId, options, match } = seat;
    try {
      checkOptionsSize(options, world.limits.joinOptionsBytes);
    } catch (error) {
      return complain(refusalOf(error), id);
    }
    open?.end("SUPERSEDED");
    let asked = { cancel: () => {} };
    let ended = false;
    const current: Open = {
      id,
      hasSeat: true,
      end(code) {
        ended = true;
        open = undefined;
        asked.cancel();
        // A cancel is answered once the seat is given back.
        if (code !== "CANCELLED") finish({ id }, { ok: false, refusal: refusal(code) });
      },
    };
    open = current;
    const waitMs = await world.rates.play(playerId);
    if (ended) return;
    if (waitMs > 0) {
      open = undefined;
      return complain(refusal("RATE_LIMITED", undefined, { retryAfterMs: waitMs }), id);
    }
    tellSoon({ t: "state", id, state: "placing", metro, why: [] });
    const wanted = { sid, metro, match, options, refusedIn: refused ? roomId : undefined, rtt: session.rtt };
    asked = world.seatsAgain.ask(wanted, (outcome) => {
      open = undefined;
      if (!outcome.ok && outcome.refusal.code === "MATCH_GONE") seats.delete(id);
      finish({ id, options }, outcome, outcome.ok ? outcome : undefined);
    });
  }

  async function resume(id: string, { playerId, guest }: Player): Promise<void> {
    open?.end("SUPERSEDED");
    const ended = (code: ErrorCode) => {
      open = undefined;
      if (session.isReady()) complain(refusal(code), id);
    };
    const current: Open = { id, end: ended };
    open = current;
    if (guest) return ended("NOTHING_TO_RESUME");
    const waitMs = await world.rates.play(playerId);
    if (open !== current) return;
    const links = [...world.links.values()];
    const search =
      waitMs > 0
        ? { ok: false as const, refusal: refusal("RATE_LIMITED", undefined, { retryAfterMs: waitMs }) }
        : await findSeat(links, { sid, rtt: session.rtt() });
    if (open !== current) return;
    open = undefined;
    if (!session.isReady()) return;
    if (!search.ok) return complain(search.refusal, id);
    const { metro, seat, match, team } = search;
    const of = { ...(match === undefined ? {} : { match }), ...(team === undefined ? {} : { team }) };
    tell({ t: "seat", id, metro, why: ["The player sits there."], seat, ...of });
  }

  function finish(
    { id, options = {} }: Pick<TicketRequest, "id" | "options">,
    outcome: TicketOutcome,
    inMatch?: MatchPlace & { team: number },
  ): void {
    if (!session.isReady()) return;
    if (!outcome.ok) {
      complain(outcome.refusal, id);
      if (TOKEN_SPENT.has(outcome.refusal.code)) session.fail(outcome.refusal.code);
      return;
    }
    const { metro, why, seat } = outcome;
    previousMetro = metro;
    if (seats.size >= SEATS_REMEMBERED) seats.delete(seats.keys().next().value!);
    seats.delete(id);
    seats.set(id, {
      metro,
      roomId: seat.roomId,
      options,
      of: inMatch && { match: inMatch.match, place: inMatch.place },
    });
    const match = inMatch ? { match: inMatch.match, team: inMatch.team } : {};
    tell({ t: "seat", id, metro, why: [...why], seat, ...match });
  }

  return {
    play,
    cancel(id) {
      const ending = open?.id === id ? open : undefined;
      ending?.end("CANCELLED");
      if (ending && !ending.hasSeat) return;
      const seat = seats.get(id);
      if (!seat) return;
      seats.delete(id);
      const gone = () => complain(refusal("CANCELLED"), id);
      void world.links
        .get(seat.metro)
        ?.giveBack(sid, id, seat.of)
        .then(gone, (error) => complain(refusalOf(error), id));
    },
    again,
    resume,
    ready(id, yes) {
      if (open?.id === id) open.ready?.(yes);
    },
    openPart(part, ended) {
      open?.end("SUPERSEDED");
      const current: Open = { id: part.request.id, end: () => {} };
      open = current;
      const held = wait(part, current, ended);
      return {
        over: () => held.endWhenFree("PARTY_CHANGED"),
        cancel: () => void (open === current && current.end("CANCELLED")),
      };
    },
    end: (code) => open?.end(code),
  };
}

/** Of a ticket, or as the player says: the match's own metro looks whether he is in it. */
function matchSeatOf(taken: TakenSeat | undefined, said: Again["seat"]) {
  if (taken?.of) return { ...taken, match: taken.of.match };
  const metro = said && parseRoomId(said.roomId)?.metro;
  return metro ? { metro, roomId: said.roomId, options: said.options ?? {}, match: said.match } : undefined;
}
