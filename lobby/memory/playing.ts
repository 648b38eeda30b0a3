/**
 * Which match a signed-in player plays, so that he is not put into a second one. Kept apart from where he sits (`sitters.ts`):
 * a seat of a fill mode that he takes meanwhile does not hide it, and is none of its business.
 */
import type { Playing, SatSeat, SeatRef } from "../lobby.ts";
import { liveServerOf } from "./clock.ts";
import type { HoldRecord, LobbyState, PlayingRecord, ServerRecord } from "./state.ts";

export function notePlaying(state: LobbyState, hold: HoldRecord, ref: SatSeat, isNew: boolean, keptUntilMs: number) {
  if (ref.player === undefined || !ref.match) return;
  const known = state.playing.get(ref.player);
  if (!isNew && known?.gap === state.gap && !isThere(known, hold, ref)) return;
  const { ticket, seat } = ref;
  state.playing.set(ref.player, { ticket, seat, roomId: hold.roomId, gap: state.gap }, keptUntilMs);
}

export function notePlayed(state: LobbyState, hold: HoldRecord, ref: SeatRef) {
  if (ref.player === undefined || !ref.match) return;
  const known = state.playing.get(ref.player);
  if (known && isThere(known, hold, ref)) state.playing.delete(ref.player);
}

const isThere = (known: PlayingRecord, { roomId }: HoldRecord, { ticket, seat }: SeatRef) =>
  known.ticket === ticket && known.seat === seat && known.roomId === roomId;

/** Of a match's players those who play another one, and not in `room` (undefined: a new one). */
export function playingElsewhere(state: LobbyState, now: number, players: readonly string[], room?: string): string[] {
  return players.filter((player) => {
    const known = state.playing.get(player);
    return known && known.roomId !== room && playsOn(state, now, known) !== undefined;
  });
}

export function playing(state: LobbyState, players: readonly string[]): Playing[] {
  const now = state.nowMs();
  return players.flatMap((player) => {
    const known = state.playing.get(player);
    const server = known && playsOn(state, now, known);
    return server ? { player, seq: known.gap === state.gap ? server.seq : 0 } : [];
  });
}

/**
 * The server on which somebody sits there, while the match goes on. What is from before a gap may have been taken back meanwhile, and
 * is not true once the server has said everything again without it.
 */
function playsOn(state: LobbyState, now: number, playing: PlayingRecord): ServerRecord | undefined {
  const { ticket, seat, roomId, gap } = playing;
  const room = state.rooms.get(roomId);
  const hold = state.holds.get(ticket);
  if (!room || room.finished || hold?.roomId !== roomId || hold.seats[seat] !== "s" || hold.match?.isCut)
    return undefined;
  const server = liveServerOf(state, now, room);
  return gap === state.gap || server?.settledGap !== state.gap ? server : undefined;
}
