/** The way back of a player whose room was ended because its server leaves. */
import type { Room } from "@colyseus/sdk";
import { errorCatalogue } from "@frontrow/shared/errors.ts";

/** Everybody of a server is sent away at once: they come back spread over so long; ms. */
export const RETURN_SPREAD_MS = 500;
/** Between two questions for the seat; each lasts up to the edge's own deadline, where it can be answered later; ms. */
export const RETURN_RETRY_MS = 500;

/** Calls `cut` if the room ends for that reason. */
export function whenCut(room: Room, cut: () => void): void {
  room.onLeave((code) => {
    if (code === errorCatalogue.SERVER_LEFT.close) cut();
  });
}
