/**
 * One heartbeat's worth of rooms: what it says of them, and what is settled once it was answered. Rooms that a heartbeat could
 * not carry, or whose heartbeat was not answered, stay marked and go with the next one; counts are absolute, so saying them
 * twice harms nobody.
 */
import type { Heartbeat, RoomReport, SatSeat, SeatRef } from "@frontrow/lobby/lobby.ts";
import type { Place } from "../rooms/place.ts";
import { type RoomRecord, satSeatOf } from "../rooms/room-record.ts";

export type RoomsOfBeat = Pick<Heartbeat, "rooms" | "sat" | "left">;

export interface Draft extends RoomsOfBeat {
  /** The index has it. */
  answered(): void;
  /** Nobody knows whether the index has it. */
  lost(): void;
}

/**
 * `whole`: for a complete publication, which says all sat seats again. `metadataOf` gives a room's public JSON. `isFull`: nobody new is
 * to come in, whatever is free.
 */
export function draftRooms(
  records: readonly RoomRecord[],
  whole: boolean,
  metadataOf: (record: RoomRecord) => string,
  isFull = false,
): Draft {
  const rooms: RoomReport[] = [];
  const sat: SatSeat[] = [];
  const left: SeatRef[] = [];
  const settle: Array<() => void> = [];

  for (const record of records) {
    if (!record.room || record.isOver) continue;
    record.isChanged = false;
    rooms.push(record.report(record.room, metadataOf(record), isFull));
    sat.push(...(whole ? record.satSeats() : [...record.sat].map(satSeatOf)));
    left.push(...record.left.values());
    settle.push(settler(record));
  }
  return {
    rooms,
    sat,
    left,
    answered() {
      for (const done of settle) done();
    },
    lost() {
      for (const record of records) record.isChanged = true;
    },
  };
}

/** Takes off what was said, but not what has changed since. */
function settler(record: RoomRecord): () => void {
  const said: Array<[Place, number]> = [...record.sat].map((place) => [place, place.claims.gen]);
  const saidLeft = [...record.left];
  return () => {
    for (const [place, gen] of said) if (place.claims.gen === gen) record.sat.delete(place);
    for (const [key, ref] of saidLeft) if (record.left.get(key) === ref) record.left.delete(key);
  };
}
