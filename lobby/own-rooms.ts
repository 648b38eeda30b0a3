/** A server speaks only for rooms whose ids name it: what a heartbeat says of others is dropped before either index sees it. */
import { parseRoomId } from "@frontrow/shared/metro.ts";
import type { Heartbeat } from "./lobby.ts";

export function ownRoomsOnly(metro: string, beat: Heartbeat): Heartbeat {
  const isOwn = (roomId: string) => {
    const address = parseRoomId(roomId);
    return address?.metro === metro && address.server === beat.server;
  };
  return {
    ...beat,
    rooms: beat.rooms.filter(({ roomId }) => isOwn(roomId)),
    sat: beat.sat.filter(({ roomId }) => roomId === undefined || isOwn(roomId)),
    retire: beat.retire.filter(isOwn),
    gone: beat.gone.filter(isOwn),
  };
}
