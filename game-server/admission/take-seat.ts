/**
 * Brings the bearer of a fresh token to its place. Connections that ask for one place are served one after another, the newest
 * generation last; after each wait the socket, the room and the generation are looked at again, because Colyseus would keep a
 * client for ever whose socket closed meanwhile.
 */
import { Room } from "@colyseus/core";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { internalsOf } from "../colyseus/internals.ts";
import { inTurn, type Place } from "../rooms/place.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import { seatedPlayerOf } from "../rooms/seat-auth.ts";
import type { Connection } from "../transport/connection.ts";
import type { SeatClient } from "../transport/seat-client.ts";
import type { AdmitOptions, Admitted } from "./admit.ts";
import { claimSeat } from "./claim-seat.ts";
import { checkPlayer } from "./players.ts";
import { endConnection, type Sitter, sitBack, sitDown } from "./sit.ts";
import { isHere, takeOver } from "./take-over.ts";
import type { Visit } from "./visit.ts";

interface Arrival {
  readonly visit: Visit;
  readonly connection: Connection;
  readonly claims: SeatClaims;
  readonly record: RoomRecord;
  readonly place: Place;
}

export async function takeSeat(
  visit: Visit,
  connection: Connection,
  claims: SeatClaims,
  options: AdmitOptions,
): Promise<Admitted> {
  const { table } = options;
  try {
    return await take(visit, connection, claims, options);
  } catch (error) {
    const code = error instanceof FrontrowError ? error.refusal.code : undefined;
    if (code === "ROOM_FULL" || code === "ROOM_FAILED") table.refusals.note(claims, code, table.get(claims.room));
    throw error;
  }
}

async function take(visit: Visit, connection: Connection, shown: SeatClaims, options: AdmitOptions): Promise<Admitted> {
  await checkPlayer(visit.jwt, shown.player, options.verifyPlayer);
  if (!connection.isOpen) return "gone";
  const refused = options.table.refusals.of(shown);
  if (refused) throw new FrontrowError(refused);
  const { record, place, claims } = claimSeat(options.table, shown, options.limits.seatTokenMs);
  const arrival = { visit, connection, claims, record, place };
  return inTurn(place, async () => {
    try {
      return await takePlace(arrival, await record.made, options);
    } finally {
      if (place.state === "arriving" && place.claims === claims) record.markLeft(place, options.nowMs());
    }
  });
}

async function takePlace(arrival: Arrival, room: Room, options: AdmitOptions): Promise<Admitted> {
  const { connection, claims, record, place } = arrival;
  const deadlineMs = options.limits.admissionMs;
  const sitter = sitterOf(arrival.visit, claims.sid, room, connection);
  if (claims.spectator) connection.onlyWatches(record.spectatorMessages);
  const auth = await authOf(arrival, room);
  const older = place.state === "seated" ? place.client : undefined;
  const isKept = older !== undefined && (isHere(room, older) || (await endConnection(room, older, deadlineMs)));
  checkStillWanted(arrival, options);
  if (!connection.isOpen) return "gone";
  if (!isKept) place.state = "arriving";
  const client = isKept
    ? await sitAgain(room, sitter, older, options)
    : await sitDown(room, sitter, {
        options: { ...claims.options },
        auth,
        seconds: deadlineMs / 1_000,
        spectator: claims.spectator === true,
      });
  if (!isPresent(room, client)) return "gone";
  place.client = client;
  record.markSat(place);
  return older ? "took-over" : "sat";
}

/** On the place of a client that is here, or that the room keeps for it. */
export async function sitAgain(
  room: Room,
  sitter: Sitter,
  older: SeatClient,
  { limits, reportFault }: AdmitOptions,
): Promise<SeatClient> {
  if (!isHere(room, older)) return sitBack(room, sitter, older.reconnectionToken);
  await takeOver(room, older, sitter, { deadlineMs: limits.admissionMs / 2, reportFault });
  return older;
}

/** Rooms and servers end, and newer generations come, while one waits. */
function checkStillWanted({ claims, place, record }: Arrival, { table, isClosing }: AdmitOptions): void {
  if (isClosing()) throw new FrontrowError("DRAINING");
  if (record.isOver) throw new FrontrowError(table.tombstones.get(record.roomId) ?? "ROOM_FINISHED");
  if (place.claims.gen > claims.gen) throw new FrontrowError("SEAT_TAKEN_OVER");
}

/** False for a client that left again while it sat down. */
export function isPresent(room: Room, client: SeatClient): boolean {
  const { sessionId } = client;
  return room.clients.get(sessionId) === client || internalsOf(room)._reservedSeats[sessionId] !== undefined;
}

export function sitterOf(visit: Visit, sessionId: string, room: Room, connection: Connection): Sitter {
  connection.leadsTo(room);
  return { sessionId, connection, context: visit.context, skipHandshake: visit.skipHandshake };
}

/**
 * `client.auth`. Colyseus calls a room class's own static `onAuth` while matchmaking, which happened elsewhere: so it is called
 * here, and may refuse. What it returns comes on top, as room code expects it.
 */
async function authOf({ visit, claims }: Arrival, room: Room): Promise<object> {
  const seat = seatedPlayerOf(claims);
  const { onAuth } = room.constructor as typeof Room;
  if (onAuth === Room.onAuth) return seat;
  const said = await onAuth.call(room.constructor, visit.jwt ?? "", { ...claims.options }, visit.context);
  if (!said) throw new FrontrowError("AUTH_INVALID");
  return typeof said === "object" ? { ...seat, ...said } : seat;
}
