/**
 * Judges a valid token against its room and place and spends its generation, in one go: of a hundred copies of a token the
 * first one here sits down. Nothing in here waits, so nobody gets in between.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import type { Place } from "../rooms/place.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import type { RoomTable } from "../rooms/room-table.ts";
import { judgeSeat } from "./judge.ts";

export interface ClaimedSeat {
  readonly record: RoomRecord;
  readonly place: Place;
  /** What is true of the place from now on. */
  readonly claims: SeatClaims;
}

/** Throws the FrontrowError that the visitor is to be told. */
export function claimSeat(table: RoomTable, claims: SeatClaims, seatTokenMs: number): ClaimedSeat {
  const known = table.get(claims.room);
  const before = known?.place(claims);
  const holder = known?.placeOf(claims.sid);
  const verdict = judgeSeat({
    claims,
    room: {
      ending: table.tombstones.get(claims.room),
      mode: known?.origin.mode,
      lockedAtMs: known?.lockedAtMs,
    },
    place: before && {
      newestGen: before.claims.gen,
      player: before.claims.player,
      isTaken: before.state !== "vacant",
    },
    sidIsForeign: holder !== before || (before !== undefined && before.claims.sid !== claims.sid),
    seatTokenMs,
  });
  if (verdict.kind === "refuse") throw new FrontrowError(verdict.code);
  if (claims.spectator) checkWatched(known, before);

  const record = known ?? table.recordFor(claims);
  const place = before ?? record.addPlace(claims);
  place.claims = claims.resume ? resumed(place.claims, claims) : claims;
  if (place.state === "vacant") place.state = "arriving";
  return { record, place, claims: place.claims };
}

/** No hold was made for a spectator, so this is where his place is counted; and a room is not made for one. */
function checkWatched(record: RoomRecord | undefined, place: Place | undefined): void {
  if (!record) throw new FrontrowError("ROOM_NOT_FOUND");
  if (record.spectatorsMax === 0) throw new FrontrowError("NOT_WATCHED");
  const isThere = place !== undefined && place.state !== "vacant";
  if (!isThere && record.watching() >= record.spectatorsMax) throw new FrontrowError("SPECTATORS_FULL");
}

/** Whoever makes the token of one who comes back knows where he sits, not what he brought. */
function resumed(before: SeatClaims, { gen, exp, rtt }: SeatClaims): SeatClaims {
  return { ...before, gen, exp, rtt };
}
