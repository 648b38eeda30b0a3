/** What the plugin reads of a room's record. */
import type { Room } from "@colyseus/core";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import type { MatchBinding } from "../plugin.ts";
import { wantPlayers } from "./backfill.ts";
import type { ListenForDrain } from "./drain-news.ts";
import type { Finish } from "./finish.ts";
import type { RoomRecord } from "./room-record.ts";
import { seatedPlayerOf } from "./seat-auth.ts";

export function matchBindingOf(
  record: RoomRecord,
  room: Room,
  { finish, rules, listenForDrain }: { finish: Finish; rules: Mode | undefined; listenForDrain: ListenForDrain },
): MatchBinding {
  const { mode, match, bots = [], private: isPrivate, code } = record.origin;
  return {
    get info() {
      return { mode, match, bots, private: isPrivate, code, seats: room.maxClients };
    },
    player(sessionId) {
      const place = record.placeOf(sessionId);
      return place && seatedPlayerOf(place.claims);
    },
    allowSpectators(types) {
      for (const type of types) record.spectatorMessages.add(type);
    },
    finish: (results) => finish(record, results),
    backfill: (free) => wantPlayers(record, rules, free),
    onDrain: (told) => listenForDrain(record, told),
  };
}
