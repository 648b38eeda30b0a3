/**
 * The commit point of a match: its reservation, and the question how it ended. Both come one after the other at the index, so
 * whichever is first decides for all: a hold that exists is everybody's, and a match that was told ABORTED never gets one.
 */
import { notAfterOf } from "../bounds.ts";
import type { Reservation, Reserved, ReserveReply, Settlement } from "../lobby.ts";
import { TOMBSTONE_HOLDS } from "../match.ts";
import { liveServerOf, observe, unsureMs } from "./clock.ts";
import { dropHold, satSeats, sweepHolds, sweptByReservations } from "./holds.ts";
import { askedAgain } from "./promises.ts";
import type { HoldRecord, LobbyState } from "./state.ts";

/** The answer to a match's reservation that takes no seats: aborted, its own again, too late. Undefined: it may take some. */
export function againForMatch(state: LobbyState, now: number, wanted: Reservation): ReserveReply | undefined {
  if (state.aborted.get(wanted.ticket)) return { kind: "ABORTED" };
  const notAfter = notAfterOf(wanted);
  const isLate = notAfter > 0 && now > notAfter;
  const hold = state.holds.get(wanted.ticket);
  if (hold) {
    const own = stays(state, now, wanted, hold, isLate) ? promised(state, now, hold) : undefined;
    if (own) return own;
    dropHold(state, hold);
  }
  return isLate ? { kind: "EXPIRED" } : undefined;
}

/**
 * A match where somebody sits is never placed again: its server may play on where the index does not hear it. Neither is one
 * whose reservation comes too late, for it may be a copy of one that others were told of; unless it names the server to avoid.
 */
function stays(state: LobbyState, now: number, wanted: Reservation, hold: HoldRecord, isLate: boolean): boolean {
  if (satSeats(hold) > 0) return true;
  if (wanted.avoid.includes(hold.server)) return false;
  return isLate || (state.rooms.get(hold.roomId) !== undefined && liveServerOf(state, now, hold) !== undefined);
}

/** The match's own seats; undefined where the index has learned it anew and its room is over. */
export function promised(state: LobbyState, now: number, hold: HoldRecord): Reserved | undefined {
  const room = state.rooms.get(hold.roomId) ?? (hold.match && { ...hold.match, private: true, code: "" });
  return room && askedAgain(state, now, hold, room);
}

export function settleMatch(state: LobbyState, match: string): Settlement {
  const now = observe(state);
  sweepHolds(state, now, sweptByReservations(state.limits.sweepPerCall, 1));
  if (state.aborted.get(match)) return { kind: "ABORTED" };
  const hold = state.holds.get(match);
  const own = hold && promised(state, now, hold);
  if (own) return { ...own, roster: hold.match?.roster ?? "" };
  const retryInMs = unsureMs(state, now);
  if (retryInMs > 0) return { kind: "WAIT", retryInMs };
  return abort(state, now, match, hold);
}

/** From now on the match has no seats, and never will. */
export function abort(
  state: LobbyState,
  now: number,
  match: string,
  hold: HoldRecord | undefined,
): { readonly kind: "ABORTED" } {
  if (hold) dropHold(state, hold);
  const { seatHoldMs, roomForgottenMs } = state.limits;
  state.aborted.set(match, true, now + TOMBSTONE_HOLDS * seatHoldMs + roomForgottenMs);
  return { kind: "ABORTED" };
}
