/** Writes down what the owner of pools says of its tickets, line by line (`lines.ts`). */
import type { Clock } from "@frontrow/shared/clock.ts";
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { EnlistedTicket } from "../match/enlisted.ts";
import type { OwnerEvent } from "../match/owner.ts";
import { type EndLine, TICKET_LOG_VERSION, type TicketLogLine } from "./lines.ts";

/** Holders look at their clocks ten times a second: a ticket that ended so shortly before its timeout ended by it. */
const TIMEOUT_SLACK_MS = 250;

export interface TicketLogOptions {
  readonly modes: Readonly<Record<string, MatchMode>>;
  /** The owner's. */
  readonly clock: Clock;
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  /** The same for the same name wherever the metro's logs are written, and not to be turned back. */
  readonly pseudonym: (name: string) => string;
  readonly write: (line: string) => void;
}

export interface TicketLog {
  hear(event: OwnerEvent): void;
}

/** The line that opens each file. */
export const openLine = (atMs: number): string => lineOf({ t: "open", version: TICKET_LOG_VERSION, atMs });

export function createTicketLog({ modes, clock, wallMs, pseudonym, write }: TicketLogOptions): TicketLog {
  // What is told again is written once; what was never written does not end.
  const begun = new WeakSet<EnlistedTicket>();
  const ageMs = (ticket: EnlistedTicket) => Math.max(0, Math.round(clock.nowMs() - ticket.sinceMs));

  function begin(ticket: EnlistedTicket): void {
    const { key, mode, compat, inPool } = ticket;
    const rules = modes[mode];
    if (!rules || !inPool || begun.has(ticket)) return;
    begun.add(ticket);
    write(
      lineOf({
        t: "begin",
        atMs: wallMs(),
        key: pseudonym(key),
        mode,
        compat,
        ageMs: ageMs(ticket),
        players: inPool.players.map(({ playerId, rating, roles }) => ({
          id: pseudonym(playerId),
          rating: Math.round(rating * 10) / 10,
          roles: [...roles],
        })),
        metros: inPool.metros.map(({ metro, rttMs }) => ({ metro, rttMs: Math.round(rttMs * 10) / 10 })),
        attributes: named(rules, inPool.attributes),
        avoid: inPool.avoid.map(pseudonym),
      }),
    );
  }

  function end({ ticket, how, flight }: Extract<OwnerEvent, { kind: "ended" }>): void {
    if (!begun.delete(ticket)) return;
    const age = ageMs(ticket);
    const isTimeout = how === "withdrawn" && age >= modes[ticket.mode]!.timeoutMs - TIMEOUT_SLACK_MS;
    const line: EndLine = {
      t: "end",
      atMs: wallMs(),
      key: pseudonym(ticket.key),
      how: isTimeout ? "timeout" : how,
      ageMs: age,
    };
    write(lineOf(how === "seated" && flight ? { ...line, match: flight.match, metro: flight.proposal.metro } : line));
  }

  return {
    hear(event) {
      if (event.kind === "enlisted") begin(event.ticket);
      else if (event.kind === "ended") end(event);
    },
  };
}

/** The attributes that a mode's rules look at; players' other options are nobody's business. */
function named({ same = [], ranges = [], priority }: MatchMode, attributes: Readonly<Record<string, unknown>>) {
  const names = [...same, ...ranges.map(({ attribute }) => attribute), ...(priority ? [priority.attribute] : [])];
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(attributes, name)).map((name) => [name, attributes[name]]),
  );
}

const lineOf = (line: TicketLogLine): string => `${JSON.stringify(line)}\n`;
