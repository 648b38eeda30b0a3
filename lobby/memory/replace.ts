/**
 * Matches whose server let nobody in, or ended them before their end. The server says so in its heartbeat, which marks the hold;
 * whoever of the match asks first then has it placed again, and the others find it there. Nothing here believes a player.
 */
import type { RefusedSeat, Replacement, ReplaceReply, Reservation } from "../lobby.ts";
import { REPLACEMENTS_MAX } from "../match.ts";
import { observe } from "./clock.ts";
import { markFailing } from "./failing.ts";
import { freeSeats, wasSatIn } from "./holds.ts";
import { abort, promised } from "./matches.ts";
import { inNewRoom, pausedBy } from "./reserve.ts";
import type { HoldRecord, LobbyState, MatchHold, ServerRecord } from "./state.ts";

/** A server says that it let nobody in. */
export function refuseSeat(
  state: LobbyState,
  now: number,
  server: ServerRecord,
  { ticket, roomId }: RefusedSeat,
): void {
  const hold = state.holds.get(ticket);
  if (hold?.roomId !== roomId || hold.boot !== server.boot) return;
  const mode = state.rooms.get(roomId)?.mode ?? hold.match?.mode;
  if (mode !== undefined) markFailing(state, now, server, mode);
  if (hold.match && !wasSatIn(hold)) hold.match.isRefused = true;
}

/** A server says that it ended a match, in which players sat, because it leaves. */
export function cutMatch(state: LobbyState, now: number, server: ServerRecord, { ticket, roomId }: RefusedSeat): void {
  const hold = state.holds.get(ticket);
  if (!hold?.match || hold.roomId !== roomId || hold.boot !== server.boot) return;
  hold.match.isCut = true;
  state.holds.set(ticket, hold, now + state.limits.seatHoldMs + state.limits.roomForgottenMs);
}

export function replaceMatch(state: LobbyState, { match, refusedIn, suffix, avoid }: Replacement): ReplaceReply {
  const now = observe(state);
  const hold = state.holds.get(match);
  if (!hold?.match) return { kind: "GONE" };
  if (hold.roomId !== refusedIn) {
    const own = promised(state, now, hold);
    return own ? { ...own, roster: hold.match.roster, why: hold.match.why } : { kind: "GONE" };
  }
  const { compat, mode, roster, shunned, isCut, isRefused } = hold.match;
  if (wasSatIn(hold) && !isCut) return { kind: "SEATED" };
  if (!isCut && !isRefused && !isClosed(state, hold)) return { kind: "UNREFUSED" };
  const why = isCut ? "CUT" : "REFUSED";
  if (!hold.fresh || (!isCut && shunned.length >= REPLACEMENTS_MAX)) {
    return { ...abort(state, now, match, hold), mode, why };
  }
  const flag = pausedBy(state, compat, mode);
  if (flag) return { kind: "PAUSED", flag };
  // A server that left, or its next boot, did nothing wrong.
  const refusedBy = isCut ? [] : [...shunned, hold.server];
  const reply = inNewRoom(state, now, reservationFor(hold, hold.match, suffix, [...avoid, ...refusedBy]), mode);
  if (reply.kind !== "RESERVED") return { kind: reply.kind === "CODE_TAKEN" ? "CODE_TAKEN" : "NO_SERVER" };
  freeSeats(state, hold);
  Object.assign(state.holds.get(match)!.match!, { shunned: refusedBy, why });
  return { ...reply, roster, why };
}

function isClosed(state: LobbyState, { server, boot }: HoldRecord): boolean {
  const record = state.servers.get(server);
  return record?.boot === boot && record.closed;
}

function reservationFor(
  { ticket, seats }: HoldRecord,
  { compat, mode, capacity, roster }: MatchHold,
  suffix: string,
  avoid: readonly string[],
): Reservation {
  const fresh = { seats: capacity, suffix, code: "" };
  return { ticket, seats: seats.length, compat, target: { kind: "match", mode }, fresh, avoid, roster };
}
