/**
 * What this server knows of one room beside Colyseus' own room object: who made it, its places, and what the lobby index has
 * still to be told. A record exists from the first valid token on, before its room is made.
 */
import type { Room } from "@colyseus/core";
import type { RoomReport, SatSeat, SeatRef } from "@frontrow/lobby/lobby.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { internalsOf } from "../colyseus/internals.ts";
import { companyOf } from "./backfill.ts";
import { type Place, placeKey } from "./place.ts";

/** Players of one match that are remembered: its own, who come first, and many times as many that backfilled it. */
const CAME_IN_MAX = 1_024;

export class RoomRecord {
  /** The token that made the room. */
  readonly origin: SeatClaims;
  /** Settles once, when the room is made or could not be; set as soon as the record is. */
  declare made: Promise<Room>;
  /** While it is made and open. */
  room: Room | undefined;
  /** Nobody new comes in: the room is over. */
  isOver = false;
  readonly #places = new Map<string, Place>();
  readonly #bySession = new Map<string, Place>();
  /** Since when nobody sits in it or is arriving; our monotonic clock, ms. */
  emptySinceMs: number;
  /** When room code locked it, on the index's clock. */
  lockedAtMs: number | undefined;
  /** Free seats for which it wants players, by team; empty: none. */
  wanted: number[] = [];
  /** The index has to be told. */
  isChanged = true;
  readonly sat = new Set<Place>();
  /** Of a match: everybody who ever sat in it, by player id, while its places come and go. */
  readonly cameIn = new Map<string, { readonly team: number; readonly match: string | undefined }>();
  readonly left = new Map<string, SeatRef>();
  /** Places for those who only look on. */
  readonly spectatorsMax: number;
  /** Types of messages that room code takes from spectators; what the hot state asks of whoever sees it, always. */
  readonly spectatorMessages = new Set<string | number>([STREAM_MESSAGE]);

  constructor(origin: SeatClaims, nowMs: number, spectatorsMax = 0) {
    this.origin = origin;
    this.spectatorsMax = spectatorsMax;
    this.emptySinceMs = nowMs;
  }

  get roomId(): string {
    return this.origin.room;
  }

  /** The place of a ticket's seat. */
  place(seat: Pick<SeatClaims, "ticket" | "seat">): Place | undefined {
    return this.#places.get(placeKey(seat));
  }

  placeOf(sessionId: string): Place | undefined {
    return this.#bySession.get(sessionId);
  }

  addPlace(claims: SeatClaims): Place {
    const place: Place = { claims, state: "vacant", client: undefined, isCounted: false, queue: Promise.resolve() };
    this.#places.set(placeKey(claims), place);
    this.#bySession.set(claims.sid, place);
    return place;
  }

  /** Spectators' places, too. */
  places(): Iterable<Place> {
    return this.#places.values();
  }

  /** Those of players: what counts for capacity, results and whether anybody is there. */
  seats(): Place[] {
    return [...this.#places.values()].filter(({ claims }) => !claims.spectator);
  }

  /** Spectators who are there or arriving. */
  watching(): number {
    let count = 0;
    for (const { state, claims } of this.#places.values()) if (state !== "vacant" && claims.spectator) count++;
    return count;
  }

  seated(): number {
    let count = 0;
    for (const { state, claims } of this.#places.values()) if (state === "seated" && !claims.spectator) count++;
    return count;
  }

  /** Without players; whoever looks on keeps no room. */
  isEmpty(): boolean {
    for (const { state, claims } of this.#places.values()) if (state !== "vacant" && !claims.spectator) return false;
    return true;
  }

  markSat(place: Place): void {
    place.state = "seated";
    this.isChanged = true;
    if (place.claims.spectator) return;
    this.#remember(place.claims);
    this.#takeOff(place);
    this.left.delete(placeKey(place.claims));
    this.sat.add(place);
  }

  #remember({ player, team = 0, match }: SeatClaims): void {
    if (this.origin.match === undefined || this.cameIn.has(player) || this.cameIn.size >= CAME_IN_MAX) return;
    this.cameIn.set(player, { team, match });
  }

  /** Somebody came who was not of the match: one of those who were wanted. */
  #takeOff(place: Place): void {
    const { match, team = 0 } = place.claims;
    if (place.isCounted || match === this.origin.match) return;
    place.isCounted = true;
    this.wanted = this.wanted.map((seats, at) => (at === team ? Math.max(0, seats - 1) : seats));
  }

  /** Vacant from now on; told to the index if somebody had sat there. */
  markLeft(place: Place, nowMs: number): void {
    if (place.claims.spectator) this.isChanged = true;
    else if (place.state === "seated") {
      const { ticket, seat } = place.claims;
      this.left.set(placeKey(place.claims), { ticket, seat, ...sitterOf(place.claims) });
      this.isChanged = true;
    }
    this.sat.delete(place);
    place.state = "vacant";
    place.client = undefined;
    if (!place.claims.spectator && this.isEmpty()) this.emptySinceMs = nowMs;
  }

  /** Forgets vacant places whose tokens have all expired at `indexNowMs`. */
  forgetPlaces(indexNowMs: number): void {
    for (const [key, place] of this.#places) {
      if (place.state !== "vacant" || place.claims.exp >= indexNowMs) continue;
      this.#places.delete(key);
      this.#bySession.delete(place.claims.sid);
    }
  }

  satSeats(): SatSeat[] {
    const seats: SatSeat[] = [];
    for (const place of this.seats()) if (place.state === "seated") seats.push(satSeatOf(place));
    return seats;
  }

  /** The absolute truth about a made room; `isFull`: nobody new is to come in, whatever is free. */
  report(room: Room, metadata: string, isFull = false): RoomReport {
    const { mode, compat, code = "", private: isPrivate, match } = this.origin;
    const { _lockedExplicitly, _listing } = internalsOf(room);
    return {
      roomId: this.roomId,
      mode,
      compat,
      capacity: isFull ? Math.min(room.maxClients, this.seated()) : room.maxClients,
      seated: this.seated(),
      locked: _lockedExplicitly || this.isOver,
      private: isPrivate || _listing.private,
      ...(match === undefined ? {} : { match: true }),
      ...(this.wanted.length > 0 && !isFull ? { wanted: this.wanted, company: companyOf(this) } : {}),
      code,
      metadata,
      ...this.#watch(_listing.private),
    };
  }

  /** A match's room is private, because nobody joins it; looking on is another matter, unless room code hides it. */
  #watch(isHidden: boolean): Pick<RoomReport, "watch"> {
    if (this.spectatorsMax === 0) return {};
    const { private: isPrivate, match } = this.origin;
    const listed = !this.isOver && !isHidden && (!isPrivate || match !== undefined);
    return { watch: { free: Math.max(0, this.spectatorsMax - this.watching()), listed } };
  }
}

export const satSeatOf = ({ claims }: Place): SatSeat => ({
  ticket: claims.ticket,
  seat: claims.seat,
  roomId: claims.room,
  generation: claims.gen,
  ...sitterOf(claims),
  ...(claims.team === undefined ? {} : { team: claims.team }),
});

/** A guest's name is good for one visit: nobody looks for him by it. */
const sitterOf = ({ player, guest, match }: SeatClaims) => ({
  ...(guest ? {} : { player }),
  ...(match === undefined ? {} : { match: true }),
});
