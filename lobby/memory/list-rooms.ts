/** A page of public rooms. Looks a bounded number of rooms past vanished ones; a short page with a `next` is not the end. */
import type { RoomPage } from "@frontrow/shared/protocol/words.ts";
import type { LobbyIndex, WatchReply } from "../lobby.ts";
import { WANTED_ROOMS_MAX, type WantedRoom } from "../match.ts";
import { roomEntry } from "../room-entry.ts";
import { liveServerOf } from "./clock.ts";
import { listedRooms, wantedRooms, watchableRooms } from "./rooms.ts";
import type { LobbyState } from "./state.ts";

export function listRooms(
  state: LobbyState,
  { mode, after = "", limit, watchable = false }: Parameters<LobbyIndex["listRooms"]>[0],
): RoomPage {
  const listed = watchable ? watchableRooms(state, mode) : listedRooms(state, mode);
  const later = [...listed].filter((roomId) => roomId > after).sort();
  const looked = later.slice(0, limit + state.limits.sweepPerCall);
  const rooms: RoomPage["rooms"] = [];
  let last = "";
  for (const roomId of looked) {
    if (rooms.length === limit) break;
    last = roomId;
    const room = state.rooms.get(roomId);
    if (!room) listed.delete(roomId);
    else if (liveServerOf(state, state.nowMs(), room))
      rooms.push(roomEntry({ ...room, watch: room.watch < 0 ? undefined : room.watch }));
  }
  return last !== "" && last !== later.at(-1) ? { rooms, next: last } : { rooms };
}

/** Counts nothing: a spectator's place is its server's to give. */
export function watch(
  state: LobbyState,
  target: { readonly roomId: string } | { readonly code: string },
  compat: string,
): WatchReply {
  const nowMs = state.nowMs();
  const id = "code" in target ? state.codes.get(target.code) : target.roomId;
  if (id === undefined) return { kind: "CODE_UNKNOWN" };
  const room = state.rooms.get(id);
  if (!room || room.compat !== compat || !liveServerOf(state, nowMs, room)) return { kind: "ROOM_GONE" };
  if (room.watch < 0) return { kind: "UNWATCHED" };
  if (room.watch === 0) return { kind: "FULL" };
  const { roomId, server, boot, mode, capacity, private: isPrivate, code } = room;
  return { kind: "WATCH", roomId, server, boot, mode, capacity, private: isPrivate, code, nowMs };
}

/** Those of a mode that want players and may take them; of a room from before a gap nobody knows. */
export function listWanted(state: LobbyState, mode: string): WantedRoom[] {
  const wanting = wantedRooms(state, mode);
  const found: WantedRoom[] = [];
  for (const roomId of [...wanting].sort().slice(0, WANTED_ROOMS_MAX + state.limits.sweepPerCall)) {
    if (found.length === WANTED_ROOMS_MAX) break;
    const room = state.rooms.get(roomId);
    if (!room) wanting.delete(roomId);
    else if (room.gap === state.gap && liveServerOf(state, state.nowMs(), room)) {
      const { compat, wanted, seated, held, capacity, company } = room;
      found.push({ roomId, compat, wanted, seated, held, capacity, company });
    }
  }
  return found;
}
