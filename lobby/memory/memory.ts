/**
 * The lobby index inside one process: what `frontrow dev` runs on, and the model that the Redis twin is tested against.
 * A reservation costs about 10 µs among 1,000 open rooms and 30 µs among 10,000; a second process needs Redis.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import { believed } from "../believed.ts";
import { checkRoster } from "../bounds.ts";
import type { Lobby } from "../lobby.ts";
import { observe } from "./clock.ts";
import { release } from "./holds.ts";
import { listRooms, listWanted, watch } from "./list-rooms.ts";
import { settleMatch } from "./matches.ts";
import { playing } from "./playing.ts";
import { replaceMatch } from "./replace.ts";
import { claimReplica } from "./replicas.ts";
import { doneReports, report, takeReports } from "./reports.ts";
import { reserve } from "./reserve.ts";
import { drain, heartbeat, look, register } from "./servers.ts";
import { createMemorySessions } from "./sessions.ts";
import { seatOf } from "./sitters.ts";
import { createState, type LobbyState } from "./state.ts";

export interface MemoryLobbyOptions {
  readonly metro: string;
  readonly limits: Limits;
  /** Unix milliseconds; the system clock unless given. */
  readonly nowMs?: () => number;
  /** False: no timer of its own looks at the clock; whoever moves `nowMs` calls `pulse` every heartbeat or more often. */
  readonly pulse?: boolean;
  /** What it remembers, given by who looks into it: a simulation. */
  readonly state?: LobbyState;
}

export interface MemoryLobby extends Lobby {
  /** Looks at the clock, so that silence is not taken for a gap. A pause of it for more than a lease is one. */
  pulse(): void;
}

export function createMemoryLobby(options: MemoryLobbyOptions): MemoryLobby {
  const { metro, limits, nowMs = Date.now, pulse = true } = options;
  const state = options.state ?? createState(metro, limits, nowMs);
  // Somebody looks at the clock from now on all the time, so that a silent metro is not taken for a stopped one.
  observe(state);
  const timer = pulse ? setInterval(() => observe(state), limits.heartbeatMs) : undefined;
  timer?.unref();

  return {
    index: {
      async reserve(wanted) {
        checkRoster(wanted, limits);
        return reserve(state, wanted);
      },
      release: async (ticket, seats) => release(state, ticket, seats),
      settle: async (match) => settleMatch(state, match),
      replace: async (again) => replaceMatch(state, again),
      registration: async (server) => state.servers.get(server)?.registration,
      seatOf: async (player) => seatOf(state, player),
      playing: async (players) => playing(state, players),
      async locate(roomId) {
        const room = state.rooms.get(roomId);
        return room && { mode: room.mode, server: room.server, boot: room.boot };
      },
      watch: async (target, compat) => watch(state, target, compat),
      listRooms: async (query) => listRooms(state, query),
      listWanted: async (mode) => listWanted(state, mode),
      takeReports: async (max) => takeReports(state, max),
      doneReports: async (ids) => doneReports(state, ids),
      isPaused: async (flag) => state.paused.has(flag),
      setPaused: async (flag, paused) => void (paused ? state.paused.add(flag) : state.paused.delete(flag)),
    },
    leases: {
      register: async (offer) => register(state, offer),
      heartbeat: async (beat) => heartbeat(state, believed(metro, beat)),
      drain: async (server, boot) => void drain(state, server, boot),
      report: async (result) => report(state, result),
    },
    sessions: createMemorySessions(limits, nowMs),
    replicas: { claim: async (claim) => claimReplica(state, claim) },
    fleet: { drain: async (server) => drain(state, server), look: async (server) => look(state, server) },
    pulse: () => void observe(state),
    healthy: () => true,
    close: async () => clearInterval(timer),
  };
}
