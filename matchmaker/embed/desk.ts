/**
 * Tickets that a server submits for its players, held here as an edge holds its sockets' (`shared/ticket/holders.ts`): one part a
 * player, all parts of a party promised to the same match. `matchmaker.ts` puts a promise over it, `api/` a long poll.
 */
import type { SessionRecords } from "@frontrow/lobby/lobby.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import { FrontrowError, type Refusal, refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import { createHolders } from "@frontrow/shared/ticket/holders.ts";
import type { Member } from "../match/intake.ts";
import type { Matches, MatchPeer } from "../matches.ts";
import { ownerOf } from "../replica/owner-of.ts";
import { type DeskTicket, openDeskTicket, type Told, ticketOfSid } from "./desk-ticket.ts";
import { checkSubmission, type Submission, type SubmissionRules } from "./submission.ts";

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

export function createDesk(options: DeskOptions): Desk {
  const { clock, sessions, matches } = options;
  const tickets = new Map<string, DeskTicket>();
  const { holders, members, replicaSet, disconnect } = createLocalHolders(options, () => {
    for (const moved of [...tickets.values()].filter((ticket) => !isOurs(ticket))) moved.end(MOVED);
  });
  const world = { clock, holders, members, sessions, giveBack: matches.giveBack };
  let closed: Refusal | undefined;
  const stopListening = sessions?.onSuperseded(({ owner }) => {
    tickets.get(ticketOfSid(owner))?.end(refusal("SUPERSEDED"));
  });

  /** What is promised to a match stays with it, wherever its pool has gone. */
  function isOurs({ mode, compat, news }: DeskTicket): boolean {
    const owner = ownerOf(mode, compat, replicaSet());
    return news.state !== "waiting" || owner === undefined || owner === options.replica;
  }

  return {
    submit(submission, told) {
      if (closed) throw asError(closed);
      const wish = checkSubmission(submission, options);
      const watched: Told = {
        changed: (ticket) => (isOurs(ticket) ? told.changed(ticket) : ticket.end(MOVED)),
        ended(ticket, end) {
          tickets.delete(ticket.id);
          told.ended(ticket, end);
        },
      };
      const ticket = openDeskTicket(options.newTicketId(), wish, watched, world);
      tickets.set(ticket.id, ticket);
      return ticket;
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
