/**
 * An edge router: sockets of players on one side, links to metros on the other. This file makes the world that its sessions
 * and doors share; `session/` is a player's socket, `colyseus/` the stock SDK's HTTP, `adapters/` the runtimes.
 */

import type { Clock } from "@frontrow/shared/clock.ts";
import type { CompatRow, Mode } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import type { Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import type { HolderMessage } from "@frontrow/shared/protocol/match-link.ts";
import { isPartyMessage, type MemberMessage } from "@frontrow/shared/protocol/party-link.ts";
import { createHolders, type Holders, type OwnerLinks } from "@frontrow/shared/ticket/holders.ts";
import { createQueues, type Queues } from "./colyseus/queue/queues.ts";
import { createMemberships } from "./party/memberships.ts";
import type { MembershipLinks, Memberships } from "./party/words.ts";
import type { MetroLink } from "./ports.ts";
import { createRates, type Rates } from "./rates.ts";
import { createSeatsAgain, type SeatsAgain } from "./session/seats-again.ts";
import { type ClientSocket, openSession, type Session } from "./session/session.ts";

export interface EdgeOptions {
  /** This edge's name. */
  readonly edge: string;
  readonly links: readonly MetroLink[];
  readonly modes: Readonly<Record<string, Mode>>;
  readonly compat: readonly CompatRow[] | undefined;
  readonly limits: Limits;
  /** Who a JWT belongs to; rejects with AUTH_*. Without it only guests can play. */
  readonly verifyPlayer: ((jwt: string) => Promise<{ playerId: string }>) | undefined;
  readonly guests: boolean;
  readonly clock: Clock;
  /** Cryptographic random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly observe: (event: EdgeEvent) => void;
}

export type EdgeEvent =
  | { readonly kind: "refused"; readonly code: string; readonly requestId: string; readonly sid: string }
  /** A ticket ended: with a seat, or with an error's code. The mode is one of the config's, or "" where it stayed unknown. */
  | { readonly kind: "ticket"; readonly mode: string; readonly outcome: string; readonly ms: number }
  /** An exception that nobody foresaw; its asker is told INTERNAL. */
  | { readonly kind: "threw"; readonly error: unknown }
  /** A client's round trip became verified. */
  | { readonly kind: "verified"; readonly minMs: number };

export interface Identity {
  readonly playerId: string;
  readonly guest: boolean;
}

export interface EdgeWorld extends Omit<EdgeOptions, "links"> {
  readonly links: ReadonlyMap<string, MetroLink>;
  /** Tickets of match modes, of all sessions. */
  readonly holders: Holders;
  /** Seats of matches that are asked for once more. */
  readonly seatsAgain: SeatsAgain;
  /** Memberships in parties, of all sessions. */
  readonly memberships: Memberships;
  /** Monotonic, as fine as the runtime has it; ms. */
  readonly clockMs: () => number;
  readonly rates: Rates;
  readonly nonce: () => string;
  readonly requestId: () => string;
  readonly metroDistances: () => { metro: string; rttMs: number }[];
  /** Makes `sid` known to every metro as the player of `jwt`, or as a new guest. */
  readonly identify: (sid: string, jwt: string | undefined) => Promise<Identity>;
}

export interface Edge {
  readonly world: EdgeWorld;
  newSid(): string;
  /** Rejects nothing: a full edge is told EDGE_FULL by `isFull` before the upgrade. */
  open(client: { socket: ClientSocket; address: string; subprotocol: Subprotocol }): Session;
  /** Where players of stock SDKs wait for a match. */
  readonly queues: Queues;
  isFull(): boolean;
  readonly sessionCount: number;
  /** Ends its timers; sockets and links are their owners' to close. */
  stop(): void;
}

export function createEdge(options: EdgeOptions): Edge {
  const { limits, random } = options;
  const links = new Map(options.links.map((link) => [link.metro, link]));
  /** Those in a queue included. */
  const sessions = new Map<string, Pick<Session, "superseded">>();

  async function identify(sid: string, jwt: string | undefined): Promise<Identity> {
    if (jwt === undefined && !options.guests) throw new FrontrowError("AUTH_REQUIRED");
    if (jwt !== undefined && !options.verifyPlayer)
      throw new FrontrowError("AUTH_INVALID", "This server takes guests only.");
    const guest = jwt === undefined ? `guest_${base62(random(16))}` : undefined;
    const playerId = guest ?? (await options.verifyPlayer!(jwt!)).playerId;
    // Nobody waits for the metros: each refuses the session's tickets if it does not believe in the player, and one that is
    // away now learns of the session when its link is back.
    for (const link of links.values()) link.openSession({ sid, jwt, guest }).catch(() => {});
    return { playerId, guest: guest !== undefined };
  }

  const nonce = () => base62(random(22));
  const owners: OwnerLinks & MembershipLinks = {
    send: (metro: string, replica: string | undefined, message: HolderMessage | MemberMessage) =>
      links.get(metro)?.say(replica, message) ?? false,
    replicas: (metro) => links.get(metro)?.replicas(),
  };
  const holders = createHolders({ clock: options.clock, limits, links: owners });
  const memberships = createMemberships({ clock: options.clock, limits, links: owners, nonce });
  const seatsAgain = createSeatsAgain({
    clock: options.clock,
    limits,
    send: (metro, message) => owners.send(metro, undefined, message),
  });
  for (const link of links.values()) {
    link.onMatch({
      hear(replica, message) {
        if (isPartyMessage(message)) memberships.hear(link.metro, replica, message);
        else if (!seatsAgain.hear(message)) holders.hear(link.metro, replica, message);
      },
      changed() {
        holders.replicasChanged(link.metro);
        memberships.replicasChanged(link.metro);
      },
    });
  }

  const world: EdgeWorld = {
    ...options,
    links,
    holders,
    seatsAgain,
    memberships,
    clockMs: () => options.clock.nowMs(),
    rates: createRates(limits),
    nonce,
    requestId: () => base62(random(10)),
    metroDistances: () =>
      [...links.values()].flatMap((link) => {
        const roundTrip = link.roundTrip();
        return roundTrip && roundTrip.samples > 0 ? [{ metro: link.metro, rttMs: roundTrip.minMs }] : [];
      }),
    identify,
  };

  for (const link of links.values()) link.onSuperseded((sid) => sessions.get(sid)?.superseded());

  const newSid = () => `${options.edge}:${base62(random(12))}`;
  const isFull = () => sessions.size >= limits.edgeSessionsMax;
  const queues = createQueues(world, { sessions, newSid, isFull });
  return {
    world,
    queues,
    newSid,
    open({ socket, address, subprotocol }) {
      const sid = newSid();
      const session = openSession({ sid, address, subprotocol, socket, onClosed: () => sessions.delete(sid) }, world);
      sessions.set(sid, session);
      return session;
    },
    isFull,
    get sessionCount() {
      return sessions.size;
    },
    stop() {
      queues.stop();
      holders.stop();
      seatsAgain.stop();
      memberships.stop();
    },
  };
}
