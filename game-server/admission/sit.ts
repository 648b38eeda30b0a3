/**
 * Sitting down in a Colyseus room: on a free place, in place of an older connection, or on a place that the room kept for a
 * dropped player. All through the calls that Colyseus' own transports use; the order of steps is what Colyseus leaves to us.
 */
import { type AuthContext, connectClientToRoom, Deferred, type Room } from "@colyseus/core";
import { errorCatalogue, FrontrowError } from "@frontrow/shared/errors.ts";
import { asSpectator } from "../colyseus/count-players.ts";
import { internalsOf } from "../colyseus/internals.ts";
import type { Connection } from "../transport/connection.ts";
import { SeatClient } from "../transport/seat-client.ts";

export interface Sitter {
  readonly sessionId: string;
  readonly connection: Connection;
  readonly context: AuthContext;
  /** The client has the room's state schema already. */
  readonly skipHandshake: boolean;
}

/** A fresh seat. Rejects with FrontrowError ROOM_FULL, or with what the room's onAuth or onJoin threw. */
export async function sitDown(
  room: Room,
  sitter: Sitter,
  seat: { options: unknown; auth: unknown; seconds: number; spectator: boolean },
): Promise<SeatClient> {
  const { sessionId } = sitter;
  const { _reservedSeats: reserved } = internalsOf(room);
  const [, , isConsumed, isHeld] = reserved[sessionId] ?? [];
  if (room.clients.get(sessionId) || isConsumed || isHeld) throw new FrontrowError("SEAT_USED");
  if (reserved[sessionId]) reserved[sessionId] = [seat.options, seat.auth, false, false];
  else {
    const reserve = () => internalsOf(room)._reserveSeat(sessionId, seat.options, seat.auth, seat.seconds);
    if (!(await (seat.spectator ? asSpectator(room, reserve) : reserve()))) throw new FrontrowError("ROOM_FULL");
  }
  return connect(room, sitter, undefined);
}

/** A place that the room kept. Rejects with RECONNECTION_EXPIRED if it does not keep it any more. */
export async function sitBack(room: Room, sitter: Sitter, token: string): Promise<SeatClient> {
  if (!isKept(room, sitter.sessionId, token)) throw new FrontrowError("RECONNECTION_EXPIRED");
  return connect(room, sitter, token);
}

async function connect(room: Room, sitter: Sitter, reconnectionToken: string | undefined): Promise<SeatClient> {
  const client = new SeatClient(sitter.sessionId, sitter.connection);
  await connectClientToRoom(room, client, sitter.context, {
    skipHandshake: sitter.skipHandshake,
    ...(reconnectionToken === undefined ? {} : { reconnectionToken }),
  });
  return client;
}

/** Whether the room keeps the place of the client that had `token`, without touching anything. */
function isKept(room: Room, sessionId: string, token: string): boolean {
  return internalsOf(room)._reconnections[token]?.[0] === sessionId;
}

/**
 * Ends the connection of a seated client, as its room sees it a drop, and waits for the room's word. True: the room keeps the
 * place. False: the player has left the room, or it did not say within `deadlineMs`. A client that is gone already and whose
 * room has not decided yet is waited for in the same way.
 */
export async function endConnection(room: Room, client: SeatClient, deadlineMs: number): Promise<boolean> {
  const { reconnectionToken: token, sessionId } = client;
  const internals = internalsOf(room);
  if (isKept(room, sessionId, token)) return true;
  const kept = new Deferred<void>();
  internals._reconnectionAttempts[token] = kept;
  const given = new AbortController();
  const deadline = setTimeout(() => given.abort(), deadlineMs);
  try {
    const left = room.clients.get(sessionId) === client ? leave(room, client) : whenLeft(room, sessionId, given.signal);
    await Promise.race([kept.promise, left, whenAborted(given.signal)]);
    return isKept(room, sessionId, token);
  } finally {
    clearTimeout(deadline);
    given.abort();
    delete internals._reconnectionAttempts[token];
  }
}

/** Ends the socket; resolves when the room has dealt with it. */
function leave(room: Room, client: SeatClient): Promise<void> {
  const { ref } = client;
  const { close } = errorCatalogue.SEAT_TAKEN_OVER;
  ref.removeAllListeners("message");
  if (ref.onleave) ref.removeListener("close", ref.onleave);
  const left = internalsOf(room)._onLeave(client, close);
  ref.end(close, "SEAT_TAKEN_OVER");
  return left;
}

function whenLeft(room: Room, sessionId: string, given: AbortSignal): Promise<void> {
  const { _events: events } = internalsOf(room);
  return new Promise((resolve) => {
    const heard = (client: { sessionId: string }) => {
      if (client.sessionId === sessionId) resolve();
    };
    events.on("leave", heard);
    given.addEventListener("abort", () => events.off("leave", heard));
  });
}

const whenAborted = (given: AbortSignal) =>
  new Promise<void>((resolve) => given.addEventListener("abort", () => resolve()));
