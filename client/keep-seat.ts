/**
 * What is done for a joined room so that its player keeps the seat: connections that break are made anew with jitter, because a
 * server's players may all have lost theirs at once; the storage always holds the token that the next page needs; and after a
 * sleep the connection is tried, because nobody is told that it died meanwhile.
 */
import type { Room } from "@colyseus/sdk";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type { KeptSeat, StoredSeat } from "./kept-seat.ts";
import { endRefusedDials } from "./refused-dials.ts";
import { watchSleep } from "./watch-sleep.ts";

/** Close codes that say nothing about the seat: 4003 is also what the SDK says when nobody answered for long. */
const BROKEN: ReadonlySet<number> = new Set([1001, 1005, 1006, 4003, 4010]);
/** The first drops of a connection are made good too, but not those of a room that throws everybody out at once. */
const MIN_UPTIME_MS = 1_000;

export function keepSeat(room: Room, about: Omit<StoredSeat, "token">, kept: KeptSeat): void {
  let token = "";
  const keep = () => {
    token = tokenOf(room);
    kept.write({ ...about, token });
  };
  keep();
  // The SDK reads the new token after it has told of the reconnection.
  room.onReconnect(() => queueMicrotask(keep));
  const stopWatching = watchSleep(room);
  endRefusedDials(room);
  room.onLeave((code) => {
    stopWatching();
    if (code === errorCatalogue.SERVER_LEFT.close) kept.cut(token);
    else if (!BROKEN.has(code)) kept.forget(token);
  });
  room.reconnection.minUptime = MIN_UPTIME_MS;
  room.reconnection.backoff = spreadBackoff;
}

/** Between one `delay` and, with each attempt, twice as many more: no two clients stay in step. */
export const spreadBackoff = (attempt: number, delay: number, random = Math.random()) =>
  Math.floor(delay * (1 + random * 2 ** attempt));

/** The SDK puts the room's id in front of it. */
const tokenOf = (room: Room) => room.reconnectionToken.slice(room.reconnectionToken.indexOf(":") + 1);
