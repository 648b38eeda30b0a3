/**
 * Makes one Colyseus room under an id that the matchmaker chose. Not through `createRoom`, which takes no id; and never twice
 * for one id, because Colyseus would run `onCreate` twice.
 */
import { matchMaker, type Room } from "@colyseus/core";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Log } from "../observe.ts";
import type { RoomRecord } from "../rooms/room-record.ts";
import { within } from "../within.ts";
import { override } from "./internals.ts";

export interface MakeRoomOptions {
  readonly modes: Readonly<Record<string, Mode>>;
  /** A room that is not made within this has failed. */
  readonly deadlineMs: number;
  readonly log: Log;
}

export interface RoomMaker {
  make(record: RoomRecord): Promise<Room>;
  /** The record for which a room is being constructed at this moment; undefined for rooms that nobody's seat made. */
  current(): RoomRecord | undefined;
}

export function createRoomMaker({ modes, deadlineMs, log }: MakeRoomOptions): RoomMaker {
  let current: RoomRecord | undefined;

  async function create(record: RoomRecord, mode: Mode): Promise<Room> {
    const { room: roomId, mode: modeName, options } = record.origin;
    current = record;
    // Colyseus constructs the room before its first await, so `current` is this record exactly for its constructor.
    const making = matchMaker.handleCreateRoom(mode.room ?? modeName, { ...options }, undefined, roomId);
    current = undefined;
    const listing = await making;
    const room = matchMaker.getLocalRoomById(roomId);
    if (room && listing.roomId === roomId) return room;
    void matchMaker.getLocalRoomById(listing.roomId)?.disconnect();
    throw new Error("its onCreate changed roomId, which is how players find it");
  }

  return {
    current: () => current,
    async make(record) {
      const { mode: modeName, room: roomId } = record.origin;
      const mode = Object.hasOwn(modes, modeName) ? modes[modeName] : undefined;
      if (!mode) throw new FrontrowError("UNKNOWN_MODE");
      const made = create(record, mode);
      try {
        return await within(made, deadlineMs, () => {
          throw new Error(`its onCreate took longer than ${deadlineMs} ms`);
        });
      } catch (error) {
        log.error({ err: error, room: roomId, mode: modeName }, "a room could not be made");
        made.then((room) => room.disconnect()).catch(() => {});
        throw new FrontrowError("ROOM_FAILED");
      }
    },
  };
}

/** The seats of a room are the mode's unless its class wants fewer; never more than the token promised to the index. */
export function boundSeats(room: Room, seats: number): void {
  room.maxClients = Math.min(room.maxClients, seats);
  const setMatchmaking = room.setMatchmaking;
  override(room, "setMatchmaking", (updates: Parameters<Room["setMatchmaking"]>[0]) =>
    setMatchmaking.call(
      room,
      updates.maxClients === undefined ? updates : { ...updates, maxClients: Math.min(updates.maxClients, seats) },
    ),
  );
}

/** Room code that disconnects the room has ended it, though its players may take a while to leave. */
export function whenEnded(room: Room, ended: () => void): void {
  const disconnect = room.disconnect;
  override(room, "disconnect", (closeCode?: number) => {
    const gone = disconnect.call(room, closeCode);
    ended();
    return gone;
  });
}
