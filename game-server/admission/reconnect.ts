/**
 * Brings a player back whose connection broke. The reconnection token alone decides: Colyseus makes a new one at each join, so
 * the newest connection of a place is the only one that can be taken up again. Where the old socket is open still, as far as this end
 * knows, its place is taken over; else it is the room's to say whether the place was kept.
 */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { inTurn } from "../rooms/place.ts";
import type { Connection } from "../transport/connection.ts";
import type { AdmitOptions, Admitted } from "./admit.ts";
import { checkReturningPlayer } from "./players.ts";
import { endConnection } from "./sit.ts";
import { isHere } from "./take-over.ts";
import { isPresent, sitAgain, sitterOf, takeSeat } from "./take-seat.ts";
import type { Visit, Wish } from "./visit.ts";

export async function reconnect(
  visit: Visit,
  connection: Connection,
  wish: Extract<Wish, { kind: "reconnect" }>,
  options: AdmitOptions,
): Promise<Admitted> {
  const record = options.table.get(visit.roomId);
  const place = record?.isOver ? undefined : record?.placeOf(wish.sessionId);
  const room = record?.room;
  const isLive = () => place?.state === "seated" && place.client?.reconnectionToken === wish.token;
  if (!record || !room || !place || !isLive()) return freshSeat(visit, connection, wish, options);
  await checkReturningPlayer(visit.jwt, place.claims.player, options.verifyPlayer);
  return inTurn(place, async () => {
    if (!isLive() || !connection.isOpen) throw new FrontrowError("RECONNECTION_EXPIRED");
    const older = place.client!;
    const isKept = isHere(room, older) || (await endConnection(room, older, options.limits.admissionMs));
    if (!connection.isOpen) return "gone";
    if (!isKept) throw new FrontrowError("RECONNECTION_EXPIRED");
    if (place.claims.spectator) connection.onlyWatches(record.spectatorMessages);
    const sitter = sitterOf(visit, wish.sessionId, room, connection);
    const client = await sitAgain(room, sitter, older, options);
    if (!isPresent(room, client)) return "gone";
    place.client = client;
    return "reconnected";
  });
}

/** The token in the URL may be good still: of a seat that was asked for again, for instance. */
async function freshSeat(
  visit: Visit,
  connection: Connection,
  { claims }: Extract<Wish, { kind: "reconnect" }>,
  options: AdmitOptions,
): Promise<Admitted> {
  try {
    if (claims) return await takeSeat(visit, connection, claims, options);
  } catch (error) {
    const spent = error instanceof FrontrowError && SPENT.has(error.refusal.code);
    if (!spent) throw error;
  }
  throw new FrontrowError("RECONNECTION_EXPIRED");
}

const SPENT: ReadonlySet<string> = new Set(["SEAT_USED", "SEAT_TAKEN_OVER", "ROOM_FINISHED", "ROOM_FAILED"]);
