/**
 * Who fills a room: players, and not those who only look on. Colyseus counts every client, both when it gives a seat and when it
 * locks a full room by itself, through one method of the room.
 */
import type { Room } from "@colyseus/core";
import { internalsOf, override } from "./internals.ts";

const DISPOSING = 2;
/** Rooms in which the next seat is a spectator's, whose place was counted elsewhere. */
const PASS = Symbol("frontrow.spectator");
type Passable = Room & { [PASS]?: boolean };

export function countPlayers(room: Room, isSpectator: (sessionId: string) => boolean): void {
  const { hasReachedMaxClients } = room;
  override(room, "hasReachedMaxClients", () => {
    if (!hasReachedMaxClients.call(room)) return false;
    const internals = internalsOf(room);
    if (internals._internalState === DISPOSING) return true;
    if ((room as Passable)[PASS]) return false;
    const seats = [...room.clients.map(({ sessionId }) => sessionId), ...Object.keys(internals._reservedSeats)];
    return seats.filter((sessionId) => !isSpectator(sessionId)).length >= room.maxClients;
  });
}

/** Runs `reserve`, which asks the room at once whether it is full. */
export function asSpectator<T>(room: Room, reserve: () => T): T {
  const passable = room as Passable;
  passable[PASS] = true;
  try {
    return reserve();
  } finally {
    delete passable[PASS];
  }
}
