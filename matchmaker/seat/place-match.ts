/**
 * A match's seats: one reservation for all of them, by match id, then a token for each. The same for a match whose end somebody lost
 * sight of (`settle`): the index says how it ended, and to everybody the same.
 */
import type { LobbyIndex, ReplacedBecause, Reservation, Reserved } from "@frontrow/lobby/lobby.ts";
import type { JoinOptionsValue } from "@frontrow/shared/config/check-options.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { base62, roomCodeOf } from "@frontrow/shared/metro.ts";
import type { RoundTrip, Seat } from "@frontrow/shared/protocol/words.ts";
import type { MatchPlacer, MatchToPlace } from "../match/commit.ts";
import { REFUSALS } from "./place.ts";
import { readRoster, rosterText } from "./roster.ts";
import type { Servers } from "./servers.ts";
import type { SignSeat } from "./sign-seat.ts";

export interface MatchPlaceOptions {
  readonly metro: string;
  /** Seats of a mode's room. */
  readonly seatsOf: (mode: string) => number;
  /** Options of a seat that is asked for again, as its mode's schema returns them. Throws INVALID_ATTRIBUTES. */
  readonly optionsOf?: (mode: string, options: JoinOptionsValue) => JoinOptionsValue;
  readonly index: LobbyIndex;
  readonly servers: Servers;
  readonly sign: SignSeat;
  readonly limits: Pick<Limits, "seatAgainRetryMs" | "placeRetryMs" | "settleRetryMs">;
  readonly random: (bytes: number) => Uint8Array;
  /** The index's clock, Unix milliseconds, as far as it is known. */
  readonly indexNowMs: () => number;
  /** Told of a match that was placed again, or cannot be: once each, by whichever replica was asked first. */
  readonly replaced?: (event: MatchReplaced) => void;
  /** Told of a match that turned out to have its seats. */
  readonly settled?: (match: string, mode: string, players: readonly { playerId: string; team: number }[]) => void;
}

/** `CUT`: its server left with it; `REFUSED`: it let nobody in. `given-up`: from now on it is aborted. */
export interface MatchReplaced {
  readonly kind: "match-replaced";
  readonly match: string;
  readonly mode: string;
  readonly because: ReplacedBecause;
  readonly outcome: "placed" | "given-up";
  /** Where it was, and where it is. */
  readonly from: string;
  readonly to: string | undefined;
}

export interface Settled {
  readonly seat: Seat;
  readonly place: number;
  readonly team: number;
  /** It is not where the asker was refused any more; `why`, where the index knows it. */
  readonly moved?: { readonly why: ReplacedBecause | undefined };
}
/** "STAYS": it was to be placed again, and somebody of it has sat down. */
export type Settlement = Settled | "ABORTED" | "STAYS" | { readonly retryInMs: number };

/** Of one match in the index. */
export const matchKey = (match: string) => `m:${match}`;

export interface SeatAsker {
  readonly match: string;
  readonly playerId: string;
  readonly options: Record<string, unknown>;
  readonly rtt: RoundTrip;
  /** The room whose server let the player not in, as he says. */
  readonly refusedIn?: string | undefined;
}

/** Whoever gives out the seats of matches: the metro's game servers, or an embedding server's own. */
export interface MatchSeats extends MatchPlacer {
  /** How a match ended for one of its players; with `refusedIn` it is placed again, if the server of that room let nobody in. */
  settle(asker: SeatAsker): Promise<Settlement>;
  giveBack(match: string, place: number): Promise<void>;
}

export function createMatchPlace(options: MatchPlaceOptions): MatchSeats {
  const { metro, index, servers, sign, random, limits } = options;
  const told = options.replaced ?? (() => {});

  function reservationOf({ match, mode, compat, roomId, seats, bots, withinMs }: MatchToPlace): Reservation {
    return {
      ticket: matchKey(match),
      seats: seats.length,
      compat,
      target: roomId === undefined ? { kind: "match", mode } : { kind: "room", roomId, backfill: true },
      fresh: { seats: options.seatsOf(mode), suffix: base62(random(8)), code: roomCodeOf(metro, random(8)) },
      avoid: servers.distrusted(),
      roster: rosterText({
        compat,
        bots: [...bots],
        seats: seats.map(({ playerId, guest, team, rating }) =>
          rating === undefined ? [playerId, guest, team] : [playerId, guest, team, rating],
        ),
      }),
      players: seats.flatMap(({ playerId, guest }) => (guest ? [] : [playerId])),
      notAfterMs: options.indexNowMs() + withinMs,
    };
  }

  async function signAll(placing: MatchToPlace, held: Reserved): Promise<Seat[] | undefined> {
    const server = await servers.trusted(held.server, held.boot);
    if (!server) return undefined;
    const { match, compat, bots } = placing;
    return placing.seats.map(({ playerId: player, guest, team, rating, options, rtt }, place) =>
      sign(
        { ticket: matchKey(match), place, player, guest, compat, options, rtt, of: { match, team, rating, bots } },
        held,
        server,
      ),
    );
  }

  /** Undefined: the index knows no seats of the match. */
  async function replace(match: string, refusedIn: string) {
    const asked = { match: matchKey(match), refusedIn, suffix: base62(random(8)), avoid: servers.distrusted() };
    const reply = await index.replace(asked);
    if (reply.kind === "GONE") return undefined;
    if (reply.kind === "ABORTED") {
      const { mode, why: because } = reply;
      told({ kind: "match-replaced", match, mode, because, outcome: "given-up", from: refusedIn, to: undefined });
      return reply;
    }
    if (reply.kind === "RESERVED") {
      const { mode, roomId: to, why: because, generation } = reply;
      // Who asks later finds it there, with a higher one.
      if (because && generation === 1) {
        told({ kind: "match-replaced", match, mode, because, outcome: "placed", from: refusedIn, to });
      }
      return reply;
    }
    if (reply.kind === "SEATED") return reply;
    const retryInMs = reply.kind === "UNREFUSED" ? limits.seatAgainRetryMs : limits.placeRetryMs;
    return { kind: "WAIT", retryInMs } as const;
  }

  /**
   * Seats on a server that nobody vouches for are given back before anybody hears that there are none: another replica may still
   * know the server, and a copy of the reservation may be under way. Whether it is so; nobody knows while the index is in a gap.
   */
  async function abandon(match: string): Promise<boolean> {
    const released = await index.release(matchKey(match));
    return released === "SEATED" || (await index.settle(matchKey(match))).kind === "ABORTED";
  }

  return {
    async place(placing) {
      if (placing.metro !== metro)
        return { refused: new FrontrowError("NO_METRO", `The match is for ${placing.metro}.`) };
      const held = await index.reserve(reservationOf(placing));
      if (held.kind === "CODE_TAKEN") return { refused: new FrontrowError("NO_CAPACITY") };
      if (held.kind === "SEATED") {
        const refused = new FrontrowError("ALREADY_SEATED", `Who does: ${held.players.join(", ")}.`);
        return { refused, seated: held.players };
      }
      if (held.kind !== "RESERVED") return { refused: new FrontrowError(REFUSALS[held.kind]) };
      const seats = await signAll(placing, held);
      if (seats) return { seats };
      // The server is nobody's that we know; it is avoided from now on.
      if (await abandon(placing.match)) return { refused: new FrontrowError("NO_CAPACITY") };
      throw new FrontrowError("INDEX_BUSY", "The match has seats on a server that nobody vouches for.");
    },

    async settle(asker) {
      const { match, playerId, options: joinOptions, rtt, refusedIn } = asker;
      const replaced = refusedIn === undefined ? undefined : await replace(match, refusedIn);
      const settled = replaced ?? (await index.settle(matchKey(match)));
      if (settled.kind === "ABORTED") return "ABORTED";
      if (settled.kind === "SEATED") return "STAYS";
      if (settled.kind === "WAIT") return { retryInMs: settled.retryInMs };
      const roster = readRoster(settled.roster);
      const place = roster?.seats.findIndex(([player]) => player === playerId) ?? -1;
      const server = await servers.trusted(settled.server, settled.boot);
      // A match without a roster, learned from its server, or one that the asker is not in: nothing to sit in.
      if (!roster || place < 0) return "ABORTED";
      if (!server) return (await abandon(match)) ? "ABORTED" : { retryInMs: limits.settleRetryMs };
      options.settled?.(
        match,
        settled.mode,
        roster.seats.map(([playerId, , team]) => ({ playerId, team })),
      );
      const [player, guest, team, rating] = roster.seats[place]!;
      const { compat, bots } = roster;
      const seat = {
        ticket: matchKey(match),
        place,
        player,
        guest,
        compat,
        options: options.optionsOf?.(settled.mode, joinOptions) ?? joinOptions,
        rtt,
        of: { match, team, rating, bots },
      };
      const moved = replaced?.kind === "RESERVED" ? { moved: { why: replaced.why } } : {};
      return { seat: sign(seat, settled, server), place, team, ...moved };
    },

    async giveBack(match, place) {
      await index.release(matchKey(match), [place]);
    },
  };
}
