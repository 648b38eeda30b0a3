/**
 * What of a heartbeat is believed, before either index sees it: a server speaks only for rooms whose ids name it, and for
 * seats that a ticket can have.
 */
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Heartbeat, RefusedSeat, RoomReport, SatSeat, SeatRef } from "./lobby.ts";

/** Seats of one ticket, at most; an index writes a letter for each. */
const TICKET_SEATS_MAX = 64;
const TEAMS_MAX = 32;
const WATCH_MAX = 10_000;
/** Of a player's id. */
const PLAYER_CHARS_MAX = 128;
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
    sat: beat.sat.filter((ref) => isSeat(ref) && (ref.roomId === undefined || isOwn(ref.roomId))).map(believedSeat),
    left: beat.left.filter(isSeat).map(believedSeat),
    refused: (beat.refused ?? []).filter(({ roomId }: RefusedSeat) => isOwn(roomId)),
    cut: (beat.cut ?? []).filter(({ roomId }: RefusedSeat) => isOwn(roomId)),
    leavesInMs: beat.leavesInMs === undefined ? undefined : Math.max(0, Math.ceil(beat.leavesInMs)),
    closed: beat.closed === true,
    retire: beat.retire.filter(isOwn),
    gone: beat.gone.filter(isOwn),
  };
}

/** One that names nobody, or no team, is a seat all the same. */
function believedSeat<S extends SatSeat>({ player, team, match, ...seat }: S) {
  const isPlayer = typeof player === "string" && player.length > 0 && player.length <= PLAYER_CHARS_MAX;
  const isTeam = Number.isInteger(team) && team! >= 0 && team! < TEAMS_MAX;
  return {
    ...seat,
    ...(isPlayer ? { player } : {}),
    ...(isTeam ? { team } : {}),
    ...(match === true ? { match } : {}),
  };
}

/** A room that wants what no room can want wants nothing. */
function believedRoom(report: RoomReport): RoomReport {
  const { watch, ...rest } = report;
  const free = watch?.free;
  const isWatch = Number.isInteger(free) && free! >= 0 && free! <= WATCH_MAX;
  const room: RoomReport = isWatch ? { ...rest, watch: { free: free!, listed: watch?.listed === true } } : rest;
  const { wanted, company = "" } = room;
  if (wanted === undefined) return room;
  const isSane =
    wanted.length <= TEAMS_MAX && wanted.every((n) => Number.isInteger(n) && n >= 0 && n <= TICKET_SEATS_MAX);
  const isWanting = isSane && wanted.some((n) => n > 0) && Buffer.byteLength(company) <= COMPANY_BYTES_MAX;
  return isWanting ? room : { ...room, wanted: [], company: "" };
}
