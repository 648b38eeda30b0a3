/**
 * The lobby index inside one process: what `frontrow dev` runs on, and the model that the Redis twin is tested against.
 * A reservation costs about 10 µs among 1,000 open rooms and 30 µs among 10,000; a second process needs Redis.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import { believed } from "../believed.ts";
import type { Lobby } from "../lobby.ts";
import { observe } from "./clock.ts";
import { dropHold, satSeats } from "./holds.ts";
import { listRooms } from "./list-rooms.ts";
import { reserve } from "./reserve.ts";
import { drain, heartbeat, register } from "./servers.ts";
import { createMemorySessions } from "./sessions.ts";
import { createState, type LobbyState } from "./state.ts";

export interface MemoryLobbyOptions {
  readonly metro: string;
  readonly limits: Limits;
  /** Unix milliseconds; the system clock unless given. */
  readonly nowMs?: () => number;
}

export function createMemoryLobby({ metro, limits, nowMs = Date.now }: MemoryLobbyOptions): Lobby {
  const state = createState(metro, limits, nowMs);
  // Somebody looks at the clock from now on all the time, so that a silent metro is not taken for a stopped one.
  observe(state);
  const pulse = setInterval(() => observe(state), limits.heartbeatMs);
  pulse.unref();

  return {
    index: {
      reserve: async (wanted) => reserve(state, wanted),
      release: async (ticket) => release(state, ticket),
      registration: async (server) => state.servers.get(server)?.registration,
      async locate(roomId) {
        const room = state.rooms.get(roomId);
        return room && { mode: room.mode, server: room.server, boot: room.boot };
      },
      listRooms: async (query) => listRooms(state, query),
      setPaused: async (flag, paused) => void (paused ? state.paused.add(flag) : state.paused.delete(flag)),
    },
    leases: {
      register: async (offer) => register(state, offer),
      heartbeat: async (beat) => heartbeat(state, believed(metro, beat)),
      drain: async (server, boot) => drain(state, server, boot),
    },
    sessions: createMemorySessions(limits, nowMs),
    healthy: () => true,
    close: async () => clearInterval(pulse),
  };
}

function release(state: LobbyState, ticket: string): "RELEASED" | "SEATED" | "GONE" {
  observe(state);
  const hold = state.holds.get(ticket);
  if (!hold) return "GONE";
  if (satSeats(hold) > 0) return "SEATED";
  dropHold(state, hold);
  return "RELEASED";
}
