/**
 * What of a heartbeat is believed, before either index sees it: a server speaks only for rooms whose ids name it, and for
 * seats that a ticket can have.
 */
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Heartbeat, RefusedSeat, RoomReport, SeatRef } from "./lobby.ts";

/** Seats of one ticket, at most; an index writes a letter for each. */
const TICKET_SEATS_MAX = 64;
const TEAMS_MAX = 32;
/** About the 64 players that a room can have, with the longest ids, and what they wish. */
const COMPANY_BYTES_MAX = 8_192;

export function believed(metro: string, beat: Heartbeat): Heartbeat {
  const isOwn = (roomId: string) => {
    const address = parseRoomId(roomId);
    return address?.metro === metro && address.server === beat.server;
  };
  const isSeat = ({ seat }: SeatRef) => Number.isInteger(seat) && seat >= 0 && seat < TICKET_SEATS_MAX;
  return {
    ...beat,
    rooms: beat.rooms.filter(({ roomId }) => isOwn(roomId)).map(believedRoom),
    sat: beat.sat.filter((ref) => isSeat(ref) && (ref.roomId === undefined || isOwn(ref.roomId))),
    left: beat.left.filter(isSeat),
    refused: (beat.refused ?? []).filter(({ roomId }: RefusedSeat) => isOwn(roomId)),
    closed: beat.closed === true,
    retire: beat.retire.filter(isOwn),
    gone: beat.gone.filter(isOwn),
  };
}

/** A room that wants what no room can want wants nothing. */
function believedRoom(room: RoomReport): RoomReport {
  const { wanted, company = "" } = room;
  if (wanted === undefined) return room;
  const isSane =
    wanted.length <= TEAMS_MAX && wanted.every((n) => Number.isInteger(n) && n >= 0 && n <= TICKET_SEATS_MAX);
  const isWanting = isSane && wanted.some((n) => n > 0) && Buffer.byteLength(company) <= COMPANY_BYTES_MAX;
  return isWanting ? room : { ...room, wanted: [], company: "" };
}
