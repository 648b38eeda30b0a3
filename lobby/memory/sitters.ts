/**
 * Which seat a signed-in player sits in, so that he finds back to it from anywhere. Servers say it with every seat that is sat
 * in; of several seats the one where he sat down last counts, and saying an older one again changes nothing.
 */
import type { SatSeat, SeatRef, SittingReply } from "../lobby.ts";
import { liveServerOf, observe, unsureMs } from "./clock.ts";
import type { LobbyState } from "./state.ts";

export function noteSitter(state: LobbyState, ref: SatSeat, isNew: boolean, keptUntilMs: number) {
  const { player, ticket, seat, team } = ref;
  if (player === undefined) return;
  if (isNew || isHere(state, player, ref) !== false) state.sitters.set(player, { ticket, seat, team }, keptUntilMs);
}

export function noteLeft(state: LobbyState, ref: SeatRef) {
  if (ref.player !== undefined && isHere(state, ref.player, ref)) state.sitters.delete(ref.player);
}

/** Whether the player is known to sit there; undefined: nowhere. */
function isHere(state: LobbyState, player: string, { ticket, seat }: SeatRef): boolean | undefined {
  const known = state.sitters.get(player);
  return known && known.ticket === ticket && known.seat === seat;
}

export function seatOf(state: LobbyState, player: string): SittingReply {
  const nowMs = observe(state);
  const sitter = state.sitters.get(player);
  const hold = sitter && state.holds.get(sitter.ticket);
  const room = hold && state.rooms.get(hold.roomId);
  if (!room || hold.seats[sitter.seat] !== "s" || !liveServerOf(state, nowMs, hold)) {
    // What a server says of another seat counts from now on.
    state.sitters.delete(player);
    const retryInMs = unsureMs(state, nowMs);
    return retryInMs > 0 ? { kind: "WAIT", retryInMs } : { kind: "GONE" };
  }
  hold.generation++;
  const { roomId, server, boot, generation, fresh } = hold;
  const { mode, capacity, private: isPrivate, code } = room;
  const seat = { roomId, server, boot, mode, generation, fresh, capacity, private: isPrivate, code, nowMs };
  return { kind: "SITS", ...sitter, ...seat };
}
