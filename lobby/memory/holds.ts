/**
 * Holds: seats promised to a ticket. Each seat of a hold is held, then sat in or run out, then left; only a held one counts
 * in its room's `held`, and it stops counting exactly once, however often its end is told.
 */
import type { SatSeat, SeatRef } from "../lobby.ts";
import { inGrace, observe } from "./clock.ts";
import { notePlayed, notePlaying } from "./playing.ts";
import { removeRoom, shiftOffer } from "./rooms.ts";
import { noteLeft, noteSitter } from "./sitters.ts";
import type { HoldRecord, LobbyState, ServerRecord } from "./state.ts";

/** Holds looked at by one heartbeat, and by one reservation. */
export const sweptByHeartbeat = (sweepPerCall: number) => 4 * sweepPerCall;
export const sweptByReservations = (sweepPerCall: number, count: number) => sweepPerCall + 2 * count;

const count = (seats: string, letter: string) => seats.split(letter).length - 1;
export const heldSeats = (hold: HoldRecord) => count(hold.seats, ".");
export const satSeats = (hold: HoldRecord) => count(hold.seats, "s");
/** Somebody sits in one of its seats, or did. */
export const wasSatIn = (hold: HoldRecord) => /[sl]/.test(hold.seats);

/** Takes `seats` off what is held on the hold's room and server; `free` says whether they are free again or sat in. */
function settle(state: LobbyState, hold: HoldRecord, seats: number, free: boolean) {
  if (seats === 0) return;
  const server = state.servers.get(hold.server);
  if (server?.boot === hold.boot) server.held = Math.max(0, server.held - seats);
  const room = state.rooms.get(hold.roomId);
  if (!room) return;
  const settled = Math.min(seats, room.held);
  room.held -= settled;
  if (!free) room.seated += settled;
  else if (room.held === 0 && room.seated === 0 && !room.confirmed) removeRoom(state, room);
  else shiftOffer(state, room, settled);
}

/** The held seats are free again; the hold's record is the caller's. */
export const freeSeats = (state: LobbyState, hold: HoldRecord) => settle(state, hold, heldSeats(hold), true);

/** Gives the held seats back and forgets the hold. */
export function dropHold(state: LobbyState, hold: HoldRecord) {
  state.holds.delete(hold.ticket);
  state.holdsDue.delete(hold.ticket);
  freeSeats(state, hold);
}

/** Gives back at most `budget` holds whose time has come, the oldest first. */
export function sweepHolds(state: LobbyState, now: number, budget: number) {
  if (inGrace(state, now)) return;
  for (const ticket of state.holdsDue.range(-Infinity, now, budget)) {
    const hold = state.holds.get(ticket);
    state.holdsDue.delete(ticket);
    if (!hold) continue;
    if (satSeats(hold) === 0) {
      dropHold(state, hold);
      continue;
    }
    settle(state, hold, heldSeats(hold), true);
    hold.seats = hold.seats.replaceAll(".", "x");
  }
}

/** A seat is sat in, says its server. */
export function sitDown(state: LobbyState, now: number, server: ServerRecord, ref: SatSeat) {
  const hold = state.holds.get(ref.ticket) ?? relearn(server, ref);
  if (hold?.server !== server.server || hold.boot !== server.boot) return;
  // A hold learned anew grows seat by seat; one that a failover rolled back takes over the generation that sits.
  hold.seats = hold.seats.padEnd(ref.seat + 1, "x");
  hold.generation = Math.max(hold.generation, ref.generation ?? 0);
  const seat = hold.seats[ref.seat];
  if (seat === ".") settle(state, hold, 1, false);
  if (seat === "." || seat === "x") mark(hold, ref.seat, "s");
  if (heldSeats(hold) === 0) state.holdsDue.delete(hold.ticket);
  const keptUntilMs = now + state.limits.seatHoldMs + state.limits.roomForgottenMs;
  state.holds.set(hold.ticket, hold, keptUntilMs);
  if (hold.seats[ref.seat] !== "s") return;
  noteSitter(state, ref, seat !== "s", keptUntilMs);
  notePlaying(state, hold, ref, seat !== "s", keptUntilMs);
}

/** The hold of a seat that this index has lost, from what its server says. */
function relearn(server: ServerRecord, ref: SatSeat): HoldRecord | undefined {
  const { ticket, roomId, generation } = ref;
  if (roomId === undefined || generation === undefined) return undefined;
  const { server: name, boot } = server;
  return { ticket, roomId, server: name, boot, fresh: false, generation, seats: "", match: undefined };
}

/** A place is left for good, says its server. */
export function leaveSeat(state: LobbyState, server: ServerRecord, ref: SeatRef) {
  const hold = state.holds.get(ref.ticket);
  if (hold?.server !== server.server || hold.boot !== server.boot) return;
  noteLeft(state, ref);
  notePlayed(state, hold, ref);
  if (hold.seats[ref.seat] === ".") settle(state, hold, 1, true);
  if (hold.seats[ref.seat] !== undefined) mark(hold, ref.seat, "l");
  if (heldSeats(hold) === 0) state.holdsDue.delete(hold.ticket);
  if (heldSeats(hold) + satSeats(hold) === 0) state.holds.delete(hold.ticket);
}

/** Gives back seats of a ticket that nobody has sat in: all of it, or those that are named. */
export function release(state: LobbyState, ticket: string, seats?: readonly number[]): "RELEASED" | "SEATED" | "GONE" {
  observe(state);
  const hold = state.holds.get(ticket);
  if (!hold) return "GONE";
  if (seats) return releaseSome(state, hold, seats);
  if (satSeats(hold) > 0) return "SEATED";
  dropHold(state, hold);
  return "RELEASED";
}

function releaseSome(state: LobbyState, hold: HoldRecord, seats: readonly number[]): "RELEASED" | "SEATED" | "GONE" {
  const held = [...new Set(seats)].filter((seat) => hold.seats[seat] === ".");
  if (held.length === 0) return seats.some((seat) => hold.seats[seat] === "s") ? "SEATED" : "GONE";
  settle(state, hold, held.length, true);
  for (const seat of held) mark(hold, seat, "x");
  if (heldSeats(hold) === 0) state.holdsDue.delete(hold.ticket);
  if (heldSeats(hold) + satSeats(hold) === 0) state.holds.delete(hold.ticket);
  return "RELEASED";
}

function mark(hold: HoldRecord, seat: number, letter: string) {
  hold.seats = hold.seats.slice(0, seat) + letter + hold.seats.slice(seat + 1);
}
