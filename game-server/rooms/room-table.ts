/**
 * The rooms of this process by id: those being made, those that are open and the stones of those that are over. A room is made
 * by the first valid token that names it, once: whoever comes meanwhile waits for the same promise.
 */
import type { Room } from "@colyseus/core";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import { internalsOf } from "../colyseus/internals.ts";
import type { SeatClient } from "../transport/seat-client.ts";
import { createRefusals, type Refusals } from "./refusals.ts";
import { RoomRecord } from "./room-record.ts";
import { createTombstones, type Ending, type Tombstones } from "./tombstones.ts";

export interface RoomTable {
  readonly tombstones: Tombstones;
  readonly refusals: Refusals;
  get(roomId: string): RoomRecord | undefined;
  /** The record of a token's room; the first token has it made. */
  recordFor(claims: SeatClaims): RoomRecord;
  records(): Iterable<RoomRecord>;
  /** No token comes in any more. */
  bury(record: RoomRecord, why: Ending): void;
  /** Forgets what no token can ask about any more. */
  tidy(): void;
  /** Resolves when everybody who is arriving now has sat down or was told why not. */
  arrivals(): Promise<void>;
  /** The room takes nobody any more. Its players are told by `closeCode`; resolves when it is disposed. */
  end(record: RoomRecord, why: Ending, closeCode: number): Promise<void>;
}

export interface RoomTableOptions {
  /** Makes a room for `record`, in Colyseus. Rejects with FrontrowError. */
  readonly make: (record: RoomRecord) => Promise<Room>;
  readonly tombstoneMs: number;
  readonly nowMs: () => number;
  /** The index's clock. */
  readonly indexNowMs: () => number;
  /** Places for spectators in a room of a mode. */
  readonly spectatorsOf?: (mode: string) => number;
  /** A room is over, locked or hidden, its players were refused, or one left his match: somebody would run into it. */
  readonly onClosed: () => void;
}

export function createRoomTable(options: RoomTableOptions): RoomTable {
  const { make, tombstoneMs, nowMs, indexNowMs, spectatorsOf = () => 0, onClosed } = options;
  const records = new Map<string, RoomRecord>();
  const tombstones = createTombstones(tombstoneMs, nowMs);
  const refusals = createRefusals({ keepMs: tombstoneMs, nowMs, onRefused: onClosed });

  function bury(record: RoomRecord, why: Ending): void {
    record.isOver = true;
    tombstones.set(record.roomId, why);
    onClosed();
  }

  function opened(record: RoomRecord, room: Room): void {
    const { _events: events } = internalsOf(room);
    record.room = room;
    record.isChanged = true;
    const changed = () => {
      record.isChanged = true;
    };
    for (const event of ["unlock", "metadata-change", "visibility-change"]) events.on(event, changed);
    events.on("visibility-change", onClosed);
    events.on("lock", () => {
      changed();
      if (!internalsOf(room)._lockedExplicitly) return;
      record.lockedAtMs = indexNowMs();
      onClosed();
    });
    events.on("unlock", () => {
      record.lockedAtMs = undefined;
    });
    events.on("leave", ({ sessionId }: SeatClient) => {
      const place = record.placeOf(sessionId);
      // A slow onLeave may end after the same player has sat down again.
      const isBack = room.clients.get(sessionId) ?? internalsOf(room)._reservedSeats[sessionId];
      if (place?.state !== "seated" || isBack) return;
      record.markLeft(place, nowMs());
      // He may play again at once, and is in no second match while the index takes him for one who plays this one.
      if (place.claims.match !== undefined) onClosed();
    });
    events.once("dispose", () => bury(record, "ROOM_FINISHED"));
    events.once("disconnect", () => records.delete(record.roomId));
  }

  function recordFor(claims: SeatClaims): RoomRecord {
    const known = records.get(claims.room);
    if (known) return known;
    const record = new RoomRecord(claims, nowMs(), spectatorsOf(claims.mode));
    records.set(claims.room, record);
    record.made = make(record).then(
      (room) => {
        opened(record, room);
        if (!record.isOver) return room;
        // The server stopped meanwhile.
        void room.disconnect();
        throw new FrontrowError("ROOM_FINISHED");
      },
      (error) => {
        bury(record, "ROOM_FAILED");
        records.delete(record.roomId);
        throw error;
      },
    );
    record.made.catch(() => {});
    return record;
  }

  return {
    tombstones,
    refusals,
    get: (roomId) => records.get(roomId),
    recordFor,
    records: () => records.values(),
    bury,
    tidy() {
      tombstones.prune();
      refusals.prune();
      for (const record of records.values()) record.forgetPlaces(indexNowMs());
    },
    async arrivals() {
      const places = [...records.values()].flatMap((record) => [...record.places()]);
      await Promise.allSettled(places.filter(({ state }) => state === "arriving").map(({ queue }) => queue));
    },
    async end(record, why, closeCode) {
      bury(record, why);
      await record.room?.disconnect(closeCode);
    },
  };
}
