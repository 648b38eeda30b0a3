/**
 * One seat of one room, as the seat tokens name it (`ticket` and `seat`). It remembers the newest generation that was presented
 * for as long as a token of it can live, and who sits there.
 */
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import type { SeatClient } from "../transport/seat-client.ts";

/**
 * vacant: nobody sits here; it is kept only for its generation. arriving: a token was presented, its room is being made or
 * joined. seated: somebody sits here, also while the room keeps the place of a dropped player.
 */
export type PlaceState = "vacant" | "arriving" | "seated";

export interface Place {
  /** What the newest token said. */
  claims: SeatClaims;
  state: PlaceState;
  /** Of the newest connection that sat down. */
  client: SeatClient | undefined;
  /** Taken off the seats that the room wanted filled. */
  isCounted: boolean;
  /** Connections that ask for one place are served one after another. */
  queue: Promise<unknown>;
}

export const placeKey = ({ ticket, seat }: Pick<SeatClaims, "ticket" | "seat">) => `${seat} ${ticket}`;

/** Runs `act` when those before it are done, whatever became of them. */
export function inTurn<T>(place: Place, act: () => Promise<T>): Promise<T> {
  const mine = place.queue.then(act, act);
  place.queue = mine.catch(() => {});
  return mine;
}
