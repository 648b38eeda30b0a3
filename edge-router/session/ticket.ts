/**
 * One ticket on its way from the wish to the seat: route, ask the metros in order, wait while nobody has capacity, and end
 * within the fill deadline with exactly one outcome. Cancelling wins over an answer that is still on its way.
 */
import { checkOptionsSize } from "@frontrow/shared/config/check-options.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { FrontrowError, type Refusal, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { metroOfRoomCode, normaliseRoomCode, parseRoomId } from "@frontrow/shared/metro.ts";
import type { RoundTrip, Seat, Target } from "@frontrow/shared/protocol/words.ts";
import type { MetroLink } from "../ports.ts";
import { type Route, route } from "../route.ts";

export interface TicketWish {
  readonly sid: string;
  readonly id: string;
  readonly target: Target;
  readonly compat: string;
  readonly options: Record<string, unknown>;
  /** Metro of the last seat. */
  readonly previous: string | undefined;
  /** The player's round trip to this edge, as it is now. */
  rtt(): RoundTrip;
}

export type TicketOutcome =
  | { readonly ok: true; readonly metro: string; readonly why: readonly string[]; readonly seat: Seat }
  | { readonly ok: false; readonly refusal: Refusal };

export interface TicketWorld {
  readonly links: ReadonlyMap<string, MetroLink>;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly limits: Limits;
  readonly clockMs: () => number;
  readonly observe: (event: { kind: "ticket"; mode: string; outcome: string; ms: number }) => void;
}

export type TicketEnd = "CANCELLED" | "SUPERSEDED" | "DEADLINE";

export interface Ticket {
  readonly outcome: Promise<TicketOutcome>;
  /** Ends the ticket with `code` unless it has ended; a seat that still arrives is given back. */
  end(code: TicketEnd): void;
}

/** Refusals after which the next metro, or the same a little later, may still have a seat. */
const WORTH_WAITING = new Set(["NO_CAPACITY", "MATCHMAKER_AWAY", "INDEX_AWAY", "INDEX_BUSY", "DEADLINE"]);

type Told = (state: "searching" | "placing", metro: string | undefined, why: readonly string[]) => void;

export function openTicket(wish: TicketWish, world: TicketWorld, told: Told): Ticket {
  const { links, limits, clockMs } = world;
  const openedMs = clockMs();
  const deadlineMs = openedMs + limits.fillDeadlineMs;
  let ended: TicketEnd | undefined;
  let wake: () => void = () => {};
  let finish: (outcome: TicketOutcome) => void = () => {};

  /** Whichever comes first, the metros' answer or the ticket's end. */
  const outcome = new Promise<TicketOutcome>((resolve) => {
    finish = resolve;
  });
  const deadline = setTimeout(() => end("DEADLINE"), limits.fillDeadlineMs);

  function end(code: TicketEnd): void {
    if (ended) return;
    ended = code;
    clearTimeout(deadline);
    finish({ ok: false, refusal: refusal(code) });
    wake();
  }

  async function askMetro(link: MetroLink, why: readonly string[]): Promise<TicketOutcome> {
    told("placing", link.metro, why);
    try {
      const seat = await link.place({
        sid: wish.sid,
        ticket: wish.id,
        target: wish.target,
        compat: wish.compat,
        options: wish.options,
        rtt: wish.rtt(),
      });
      if (ended) void link.giveBack(wish.sid, wish.id).catch(() => {});
      return { ok: true, metro: link.metro, why, seat };
    } catch (error) {
      return refused(error);
    }
  }

  /** Asks each metro of the route once; the last refusal if none has a seat. */
  async function askAll({ order, why }: Route): Promise<TicketOutcome> {
    let last: TicketOutcome = { ok: false, refusal: refusal("NO_METRO") };
    for (const metro of order) {
      last = await askMetro(links.get(metro)!, why);
      if (last.ok || ended || !mayGoOn(last.refusal, wish.target)) return last;
    }
    return last;
  }

  async function run(): Promise<TicketOutcome> {
    checkOptionsSize(wish.options, limits.joinOptionsBytes);
    for (;;) {
      const way = routeOf(wish, world);
      const outcome = await askAll(way);
      if (outcome.ok || ended) return outcome;
      const waits = WORTH_WAITING.has(outcome.refusal.code) || outcome.refusal.code === "NO_METRO";
      if (!waits || clockMs() + limits.fillRetryMs >= deadlineMs) return outcome;
      told("searching", undefined, [...way.why, outcome.refusal.message]);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limits.fillRetryMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (ended) return { ok: false, refusal: refusal(ended) };
    }
  }

  run().then(finish, (error) => finish(refused(error)));
  void outcome.then((reached) => {
    clearTimeout(deadline);
    world.observe({ kind: "ticket", ...labelsOf(wish, reached, world), ms: clockMs() - openedMs });
  });
  return { outcome, end };
}

/** Labels have few values: a mode of the config and a code of the catalogue, nothing that a client chose. */
function labelsOf({ target }: TicketWish, outcome: TicketOutcome, { modes }: TicketWorld) {
  const asked = "mode" in target ? target.mode : "";
  const mode = outcome.ok ? outcome.seat.mode : asked;
  return { mode: Object.hasOwn(modes, mode) ? mode : "", outcome: outcome.ok ? "seat" : outcome.refusal.code };
}

const refused = (error: unknown): TicketOutcome => ({ ok: false, refusal: refusalOf(error) });

/** A mode that is paused here may be open in the next metro, and an open room may be there. */
const mayGoOn = ({ code }: Refusal, target: Target) =>
  WORTH_WAITING.has(code) || code === "MODE_PAUSED" || (code === "ROOM_NOT_FOUND" && target.kind === "open");

/** A room says its metro itself; for all else the nearest metro that the mode allows. */
function routeOf({ target, previous, rtt }: TicketWish, { links, modes }: TicketWorld): Route {
  if (!("mode" in target)) {
    const metro = "roomId" in target ? parseRoomId(target.roomId)?.metro : metroOfCode(target.code);
    const notFound = "roomId" in target ? "ROOM_NOT_FOUND" : "CODE_UNKNOWN";
    if (!metro || !links.has(metro)) throw new FrontrowError(notFound);
    return { order: [metro], why: [`The room is in ${metro}.`] };
  }
  const mode = modes[target.mode];
  const toEdge = rtt();
  return route({
    metros: [...links.values()].map((link) => ({
      metro: link.metro,
      up: link.isUp(),
      edgeToMetroMs: measured(link.roundTrip()),
    })),
    playerToEdgeMs: measured(toEdge),
    isUnverified: !toEdge.verified,
    allowedMetros: mode?.allowedMetros,
    latencyMsMax: mode?.latencyMsMax,
    previous,
  });
}

const measured = (roundTrip: RoundTrip | undefined) =>
  roundTrip && roundTrip.samples > 0 ? roundTrip.minMs : undefined;

function metroOfCode(typed: string): string | undefined {
  const code = normaliseRoomCode(typed);
  return code && metroOfRoomCode(code);
}
