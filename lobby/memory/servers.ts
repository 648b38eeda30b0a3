/** Server leases: registration, heartbeats, drain. A heartbeat is the only thing that brings an index back to the truth. */
import type { Heartbeat, HeartbeatReply, ServerOffer, ServerStatus } from "../lobby.ts";
import { isLive, isSettled, observe } from "./clock.ts";
import { leaveSeat, sitDown, sweepHolds, sweptByHeartbeat } from "./holds.ts";
import { createRanked } from "./ranked.ts";
import { cutMatch, refuseSeat } from "./replace.ts";
import { applyReport, removeRoom, unlistRoom } from "./rooms.ts";
import { inner, type LobbyState, pairOf, type ServerRecord } from "./state.ts";

/** A server's record outlives its rooms' records, so that only a real loss of memory answers UNKNOWN_SERVER. */
const serverForgottenMs = (state: LobbyState) => 2 * state.limits.roomForgottenMs;

export function register(state: LobbyState, offer: ServerOffer): { nowMs: number } {
  const now = observe(state);
  const earlier = state.servers.get(offer.server);
  if (earlier) withdraw(state, earlier);
  const same = earlier?.boot === offer.boot ? earlier : undefined;
  if (earlier && !same) for (const roomId of earlier.rooms) endRoom(state, roomId);
  const server: ServerRecord = {
    ...offer,
    seq: same?.seq ?? 0,
    leaseUntilMs: 0,
    leaseGap: 0,
    draining: same?.draining ?? false,
    closed: same?.closed ?? false,
    leavesAtMs: same?.leavesAtMs,
    failing: same?.failing ?? new Map(),
    load: same?.load ?? 0,
    held: same?.held ?? 0,
    missing: true,
    withheld: same?.withheld ?? false,
    settledGap: same?.settledGap ?? 0,
    rooms: same?.rooms ?? new Set(),
  };
  renew(state, now, server);
  return { nowMs: now };
}

function endRoom(state: LobbyState, roomId: string) {
  const room = state.rooms.get(roomId);
  if (room) removeRoom(state, room);
}

/** Extends the lease and shows the server's load to those who look for a place for a new room. */
function renew(state: LobbyState, now: number, server: ServerRecord) {
  server.leaseUntilMs = now + state.limits.leaseMs;
  server.leaseGap = state.gap;
  state.servers.set(server.server, server, now + serverForgottenMs(state));
  if (server.draining) return;
  for (const load of loadsOf(state, server)) load.set(server.server, server.load + server.held / server.seatsMax);
}

const loadsOf = (state: LobbyState, { modes, compats }: ServerRecord) =>
  modes.flatMap((mode) => compats.map((compat) => inner(state.load, pairOf(mode, compat), createRanked)));

/** Takes the server out of the choice for new rooms. */
function withdraw(state: LobbyState, server: ServerRecord) {
  for (const load of loadsOf(state, server)) load.delete(server.server);
}

export function heartbeat(state: LobbyState, beat: Heartbeat): HeartbeatReply {
  const now = observe(state);
  sweepHolds(state, now, sweptByHeartbeat(state.limits.sweepPerCall));
  const server = state.servers.get(beat.server);
  if (!server) return { kind: "UNKNOWN_SERVER", nowMs: now };
  if (server.boot !== beat.boot || beat.seq <= server.seq) return { kind: "STALE", nowMs: now };
  if (!isLive(state, now, server)) server.missing = true;
  server.seq = beat.seq;
  server.load = beat.load;
  for (const ref of beat.sat) sitDown(state, now, server, ref);
  for (const ref of beat.left) leaveSeat(state, server, ref);
  for (const ref of beat.refused ?? []) refuseSeat(state, now, server, ref);
  for (const ref of beat.cut ?? []) cutMatch(state, now, server, ref);
  if (beat.closed) server.closed = true;
  if (beat.leavesInMs !== undefined) server.leavesAtMs = now + beat.leavesInMs;
  for (const report of beat.rooms) applyReport(state, now, server, report);
  for (const roomId of beat.gone) endRoom(state, roomId);
  const retired = beat.retire.filter((roomId) => retire(state, now, roomId));
  renew(state, now, server);
  return {
    kind: "ALIVE",
    nowMs: now,
    retired,
    republishInMs: republishInMs(state, now, server, beat.complete),
    draining: server.draining,
  };
}

/** Ends a room that nobody is promised; where a promise may have been lost in a gap, not before it has run out. */
function retire(state: LobbyState, now: number, roomId: string): boolean {
  const room = state.rooms.get(roomId);
  const sure = room?.gap === state.gap || isSettled(state, now);
  if (!sure || (room && room.held > 0)) return false;
  if (room) removeRoom(state, room);
  return true;
}

function republishInMs(state: LobbyState, now: number, server: ServerRecord, complete: boolean): number {
  if (complete) {
    server.missing = false;
    if (isSettled(state, now) && !server.withheld) server.settledGap = state.gap;
    server.withheld = false;
  }
  if (server.missing) return 0;
  if (server.settledGap === state.gap) return -1;
  return Math.max(0, state.gapAtMs + state.limits.seatHoldMs - now);
}

/** Without `boot` whichever it has. */
export function drain(state: LobbyState, name: string, boot?: string): "DRAINING" | "UNKNOWN_SERVER" {
  observe(state);
  const server = state.servers.get(name);
  if (!server || (boot !== undefined && server.boot !== boot)) return "UNKNOWN_SERVER";
  server.draining = true;
  withdraw(state, server);
  for (const roomId of server.rooms) {
    const room = state.rooms.get(roomId);
    if (room) unlistRoom(state, room);
  }
  return "DRAINING";
}

export function look(state: LobbyState, name: string): ServerStatus | undefined {
  const now = state.nowMs();
  const server = state.servers.get(name);
  if (!server) return undefined;
  const rooms = [...server.rooms].flatMap((roomId) => state.rooms.get(roomId) ?? []);
  const { boot, draining, closed, leavesAtMs, held } = server;
  return {
    boot,
    live: isLive(state, now, server),
    draining,
    closed,
    leavesInMs: leavesAtMs === undefined ? undefined : Math.max(0, leavesAtMs - now),
    rooms: rooms.length,
    seated: rooms.reduce((sum, { seated }) => sum + seated, 0),
    held,
  };
}
