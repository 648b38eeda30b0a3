/**
 * One reservation: the ticket's own seats again, else the fullest open room that fits, else a new room on the least loaded
 * live server. What `redis/scripts/reserve-seats.lua` does for a list, this does for one.
 */
import { parseRoomId, roomIdOf } from "@frontrow/shared/metro.ts";
import { isOfMatch } from "../bounds.ts";
import type { PauseFlag, Reservation, Reserved, ReserveReply } from "../lobby.ts";
import { isLive, liveServerOf, observe } from "./clock.ts";
import { countPlacement, mayTakeRoom } from "./failing.ts";
import { dropHold, satSeats, sweepHolds, sweptByReservations } from "./holds.ts";
import { againForMatch } from "./matches.ts";
import { playingElsewhere } from "./playing.ts";
import { askedAgain, keepUntilDue, reserved } from "./promises.ts";
import { createRanked } from "./ranked.ts";
import { affinity, openRooms, shiftOffer } from "./rooms.ts";
import { type HoldRecord, inner, type LobbyState, pairOf, type RoomRecord, type ServerRecord } from "./state.ts";

export function reserve(state: LobbyState, wanted: Reservation): ReserveReply {
  const now = observe(state);
  sweepHolds(state, now, sweptByReservations(state.limits.sweepPerCall, 1));
  if (!isOfMatch(wanted)) return again(state, now, wanted) ?? reserveAnew(state, now, wanted);
  return againForMatch(state, now, wanted) ?? seatedElsewhere(state, now, wanted) ?? reserveAnew(state, now, wanted);
}

/** Who of a match plays another one. */
function seatedElsewhere(state: LobbyState, now: number, { target, players = [] }: Reservation) {
  const room = target.kind === "room" ? target.roomId : undefined;
  const seated = playingElsewhere(state, now, players, room);
  return seated.length > 0 ? ({ kind: "SEATED", players: seated } as const) : undefined;
}

/** The seats that the ticket has already; undefined if it has none that are any good. */
function again(state: LobbyState, now: number, wanted: Reservation): Reserved | undefined {
  const hold = state.holds.get(wanted.ticket);
  if (!hold) return undefined;
  const room = state.rooms.get(hold.roomId);
  const avoided = wanted.avoid.includes(hold.server) && satSeats(hold) === 0;
  if (!room || avoided || !liveServerOf(state, now, hold)) {
    dropHold(state, hold);
    return undefined;
  }
  return askedAgain(state, now, hold, room);
}

function reserveAnew(state: LobbyState, now: number, wanted: Reservation): ReserveReply {
  const { target } = wanted;
  if (target.kind === "room") return inRoom(state, now, wanted, target.roomId);
  if (target.kind === "code") {
    const flag = pausedBy(state, wanted.compat);
    if (flag) return { kind: "PAUSED", flag };
    const roomId = state.codes.get(target.code);
    return roomId === undefined ? { kind: "CODE_UNKNOWN" } : inRoom(state, now, wanted, roomId);
  }
  const flag = pausedBy(state, wanted.compat, target.mode);
  if (flag) return { kind: "PAUSED", flag };
  const isShared = target.kind === "best" || target.kind === "open";
  const open = isShared ? bestOpenRoom(state, now, wanted, target.mode) : undefined;
  if (open) return take(state, now, wanted, open, false);
  if (target.kind === "open") return { kind: "ROOM_GONE" };
  return inNewRoom(state, now, wanted, target.mode);
}

export function pausedBy(state: LobbyState, compat: string, mode?: string): PauseFlag | undefined {
  const flags: PauseFlag[] = mode === undefined ? [] : [`mode:${mode}`];
  return (["metro", ...flags, `compat:${compat}`] as const).find((flag) => state.paused.has(flag));
}

/** The least free seats that are enough; rooms of dead servers leave the offer on the way. */
function bestOpenRoom(state: LobbyState, now: number, wanted: Reservation, mode: string): RoomRecord | undefined {
  const open = openRooms(state, mode, wanted.compat);
  for (const roomId of open.range(wanted.seats, Infinity, state.limits.sweepPerCall)) {
    if (wanted.avoid.includes(parseRoomId(roomId)!.server)) continue;
    const room = state.rooms.get(roomId);
    if (room && liveServerOf(state, now, room)) return room;
    open.delete(roomId);
  }
  return undefined;
}

function inRoom(state: LobbyState, now: number, wanted: Reservation, roomId: string): ReserveReply {
  const room = state.rooms.get(roomId);
  const flag = pausedBy(state, wanted.compat, room?.mode);
  if (flag) return { kind: "PAUSED", flag };
  const server = room && liveServerOf(state, now, room);
  if (!server || room.compat !== wanted.compat || wanted.avoid.includes(room.server)) return { kind: "ROOM_GONE" };
  if (room.locked || server.draining || (room.match && !isOfMatch(wanted))) return { kind: "ROOM_LOCKED" };
  const known = room.gap === state.gap;
  if (!known || room.capacity - room.seated - room.held < wanted.seats) return { kind: "ROOM_FULL" };
  return take(state, now, wanted, room, false);
}

export function inNewRoom(state: LobbyState, now: number, wanted: Reservation, mode: string): ReserveReply {
  const { target } = wanted;
  const isCoded = target.kind === "new" && target.private;
  const isPrivate = isCoded || target.kind === "match";
  if (wanted.seats > wanted.fresh.seats) return { kind: "ROOM_FULL" };
  const server = leastLoaded(state, now, wanted, mode);
  if (!server) return { kind: "NO_SERVER" };
  const code = isCoded ? wanted.fresh.code : "";
  const roomId = roomIdOf(state.metro, server.server, wanted.fresh.suffix);
  if (state.rooms.get(roomId) || (code && state.codes.get(code) !== undefined)) return { kind: "CODE_TAKEN" };
  const room: RoomRecord = {
    roomId,
    server: server.server,
    boot: server.boot,
    mode,
    compat: wanted.compat,
    capacity: wanted.fresh.seats,
    seated: 0,
    held: 0,
    locked: false,
    private: isPrivate,
    code,
    metadata: "null",
    match: target.kind === "match",
    wanted: [],
    company: "",
    watch: -1,
    finished: false,
    confirmed: false,
    gap: state.gap,
  };
  countPlacement(state, now, server, mode);
  const forgottenAtMs = now + state.limits.roomForgottenMs;
  state.rooms.set(roomId, room, forgottenAtMs);
  server.rooms.add(roomId);
  if (code) state.codes.set(code, roomId, forgottenAtMs);
  if (!isPrivate) openRooms(state, mode, wanted.compat).set(roomId, room.capacity + affinity(server.load));
  const load = inner(state.load, pairOf(mode, wanted.compat), createRanked);
  load.set(server.server, load.get(server.server)! + room.capacity / server.seatsMax);
  return take(state, now, wanted, room, true);
}

/** Below its ceiling, live and not avoided; a dead one leaves the offer until its next heartbeat. */
function leastLoaded(state: LobbyState, now: number, wanted: Reservation, mode: string): ServerRecord | undefined {
  const load = state.load.get(pairOf(mode, wanted.compat));
  if (!load) return undefined;
  for (const name of load.range(-Infinity, 1, state.limits.sweepPerCall)) {
    if (load.get(name) === 1) return undefined;
    if (wanted.avoid.includes(name)) continue;
    const server = state.servers.get(name);
    if (server && !server.draining && isLive(state, now, server)) {
      if (mayTakeRoom(state, now, server, mode)) return server;
    } else load.delete(name);
  }
  return undefined;
}

function take(state: LobbyState, now: number, wanted: Reservation, room: RoomRecord, fresh: boolean): Reserved {
  const { roomId, server, boot, mode, capacity } = room;
  const seats = ".".repeat(wanted.seats);
  const { compat, roster = "" } = wanted;
  const match = isOfMatch(wanted)
    ? { mode, capacity, compat, roster, isRefused: false, isCut: false, shunned: [], why: undefined }
    : undefined;
  const hold: HoldRecord = { ticket: wanted.ticket, roomId, server, boot, fresh, generation: 1, seats, match };
  room.held += wanted.seats;
  state.servers.get(server)!.held += wanted.seats;
  shiftOffer(state, room, -wanted.seats);
  keepUntilDue(state, now, hold);
  return reserved(now, room, hold);
}
