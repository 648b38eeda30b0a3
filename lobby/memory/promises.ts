/** A hold that is made or asked for again: how long it lasts, and what is told of it. */
import type { Reserved } from "../lobby.ts";
import { heldSeats } from "./holds.ts";
import type { HoldRecord, LobbyState, RoomRecord } from "./state.ts";

/** What a reservation is told of its room. */
export type ToldRoom = Pick<RoomRecord, "mode" | "capacity" | "private" | "code">;

export function keepUntilDue(state: LobbyState, now: number, hold: HoldRecord) {
  state.holdsDue.set(hold.ticket, now + state.limits.seatHoldMs);
  state.holds.set(hold.ticket, hold, now + state.limits.seatHoldMs + state.limits.roomForgottenMs);
}

/** The hold's own seats again, one generation higher. */
export function askedAgain(state: LobbyState, now: number, hold: HoldRecord, room: ToldRoom): Reserved {
  hold.generation++;
  if (heldSeats(hold) > 0) keepUntilDue(state, now, hold);
  return reserved(now, room, hold);
}

export function reserved(nowMs: number, room: ToldRoom, hold: HoldRecord): Reserved {
  const { mode, capacity, code } = room;
  const { roomId, server, boot, generation, fresh } = hold;
  return {
    kind: "RESERVED",
    roomId,
    server,
    boot,
    mode,
    generation,
    fresh,
    capacity,
    private: room.private,
    code,
    nowMs,
  };
}
