/** The room directory: which rooms are offered, listed and known, and how they leave it. */
import type { RoomReport } from "../lobby.ts";
import { isSettled } from "./clock.ts";
import { createRanked } from "./ranked.ts";
import { inner, type LobbyState, pairOf, type RoomRecord, type ServerRecord } from "./state.ts";

export const openRooms = (state: LobbyState, mode: string, compat: string) =>
  inner(state.open, pairOf(mode, compat), createRanked);

export const listedRooms = (state: LobbyState, mode: string) => inner(state.listed, mode, () => new Set<string>());

export const watchableRooms = (state: LobbyState, mode: string) =>
  inner(state.watchable, mode, () => new Set<string>());

export const wantedRooms = (state: LobbyState, mode: string) => inner(state.wanted, mode, () => new Set<string>());

/** Less than one seat: of rooms with equally many free seats the one on the less loaded server comes first. In 32nds, so that sums stay exact. */
export const affinity = (load: number) => Math.min(15, Math.floor(load * 16)) / 32;

/** Adds to a room's place in the offer; a room that is not offered stays so. */
export function shiftOffer(state: LobbyState, room: RoomRecord, seats: number) {
  const open = openRooms(state, room.mode, room.compat);
  const score = open.get(room.roomId);
  if (score !== undefined) open.set(room.roomId, score + seats);
}

export function unlistRoom(state: LobbyState, room: RoomRecord) {
  openRooms(state, room.mode, room.compat).delete(room.roomId);
  listedRooms(state, room.mode).delete(room.roomId);
  wantedRooms(state, room.mode).delete(room.roomId);
}

export function removeRoom(state: LobbyState, room: RoomRecord) {
  unlistRoom(state, room);
  state.rooms.delete(room.roomId);
  state.servers.get(room.server)?.rooms.delete(room.roomId);
  if (room.code && state.codes.get(room.code) === room.roomId) state.codes.delete(room.code);
}

/** Takes a room over as its server publishes it: absolute counts, of which only `held` is the index's own. */
export function applyReport(state: LobbyState, now: number, server: ServerRecord, report: RoomReport) {
  const known = state.rooms.get(report.roomId);
  if (known && (known.mode !== report.mode || known.compat !== report.compat)) unlistRoom(state, known);
  const offerable = known?.gap === state.gap || isSettled(state, now);
  if (!offerable) server.withheld = true;
  const room: RoomRecord = {
    ...report,
    server: server.server,
    boot: server.boot,
    held: known?.held ?? 0,
    match: report.match === true || known?.match === true,
    wanted: report.wanted ?? [],
    company: report.company ?? "",
    watch: report.watch?.free ?? -1,
    confirmed: true,
    finished: known?.finished ?? false,
    gap: offerable ? state.gap : (known?.gap ?? 0),
  };
  const forgottenAtMs = now + state.limits.roomForgottenMs;
  state.rooms.set(room.roomId, room, forgottenAtMs);
  server.rooms.add(room.roomId);
  const isEnterable = !room.locked && !server.draining;
  const isPublic = isEnterable && !room.private && !room.match;
  unlistRoom(state, room);
  if (isEnterable && room.wanted.length > 0) wantedRooms(state, room.mode).add(room.roomId);
  if (report.watch?.listed) watchableRooms(state, room.mode).add(room.roomId);
  else watchableRooms(state, room.mode).delete(room.roomId);
  if (isPublic) listedRooms(state, room.mode).add(room.roomId);
  if (isPublic && offerable) {
    const score = room.capacity - room.seated - room.held + affinity(server.load);
    openRooms(state, room.mode, room.compat).set(room.roomId, score);
  }
  if (room.private && room.code && [undefined, room.roomId].includes(state.codes.get(room.code))) {
    state.codes.set(room.code, room.roomId, forgottenAtMs);
  }
}
