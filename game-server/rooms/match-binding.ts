/** What the plugin reads of a room's record. */
import type { Room } from "@colyseus/core";
import type { MatchBinding } from "../plugin.ts";
import type { Finish } from "./finish.ts";
import type { RoomRecord } from "./room-record.ts";
import { seatedPlayerOf } from "./seat-auth.ts";

export function matchBindingOf(record: RoomRecord, room: Room, finish: Finish): MatchBinding {
  const { mode, match, bots = [], private: isPrivate, code } = record.origin;
  return {
    get info() {
      return { mode, match, bots, private: isPrivate, code, seats: room.maxClients };
    },
    player(sessionId) {
      const place = record.placeOf(sessionId);
      return place && seatedPlayerOf(place.claims);
    },
    finish: (results) => finish(record, results),
  };
}
