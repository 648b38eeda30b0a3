/**
 * What a lobby contract case needs: a lobby of a metro of its own, time that passes, stores that go away, and game servers
 * that keep their leases while it does. In memory time is a number; over Redis it is waited for, with short limits.
 */

import type { Heartbeat, HeartbeatReply, Lobby, Reservation, Reserved, RoomReport } from "@frontrow/lobby/lobby.ts";
import { defaultLimits, type Limits } from "@frontrow/shared/limits.ts";
import { parseRoomId } from "@frontrow/shared/metro.ts";
import { expect, type TestContext } from "vitest";

export interface LobbyUnderTest {
  readonly metro: string;
  readonly limits: Limits;
  /** Another one after `forget` where the store is the lobby itself. */
  lobby(): Lobby;
  /** Milliseconds that `wait` lets pass. */
  nowMs(): number;
  /** Time passes, and the store is there all along. */
  wait(ms: number): Promise<void>;
  /** The store was away for more than a lease. */
  stop(): Promise<void>;
  /** Its clock goes back by a minute. */
  stepBack(): Promise<void>;
  /** It loses everything. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
export type CreateLobby = (limits: Limits) => Promise<LobbyUnderTest>;

/** Short enough to wait for, long enough that a busy machine keeps its leases. */
export const shortLimits: Limits = {
  ...defaultLimits,
  heartbeatMs: 100,
  leaseMs: 1_000,
  seatTokenMs: 1_000,
  seatHoldMs: 1_400,
  roomForgottenMs: 3_000,
  sessionForgottenMs: 1_000,
  redisCommandMs: 1_000,
};

export type World = ReturnType<typeof createWorld>;

export function createWorld(under: LobbyUnderTest) {
  let made = 0;
  const servers: GameServer[] = [];

  /** A reservation of one seat in mode arena, unless said otherwise. */
  function wanted(over: Partial<Reservation> & { roomSeats?: number; code?: string } = {}): Reservation {
    const { roomSeats = 4, code = "", ...rest } = over;
    made++;
    return {
      ticket: `ticket-${made}`,
      seats: 1,
      compat: "any",
      target: { kind: "best", mode: "arena" },
      fresh: { seats: roomSeats, suffix: `room${made}`, code },
      avoid: [],
      ...rest,
    };
  }

  return {
    ...under,
    wanted,
    reserve: (over?: Parameters<typeof wanted>[0]) => under.lobby().index.reserve(wanted(over)),
    async seat(over?: Parameters<typeof wanted>[0]): Promise<Reserved> {
      const reply = await under.lobby().index.reserve(wanted(over));
      expect(reply).toMatchObject({ kind: "RESERVED" });
      return reply as Reserved;
    },
    /** A registered server that has published that it has no rooms. */
    async server(name: string, offer: Partial<Omit<GameServerOptions, "name">> = {}): Promise<GameServer> {
      const server = createGameServer(under, { name, ...offer });
      servers.push(server);
      await server.register();
      await server.beat({ complete: true });
      return server;
    },
    /** Time passes; the servers that `stopped` does not name keep their leases. */
    async pass(ms: number, stopped: readonly GameServer[] = []) {
      const endMs = under.nowMs() + ms;
      for (let left = ms; left > 0; left = endMs - under.nowMs()) {
        await under.wait(Math.min(left, under.limits.heartbeatMs));
        for (const server of servers) if (!stopped.includes(server)) await server.beat();
      }
    },
    async listed(mode = "arena"): Promise<string[]> {
      return (await under.lobby().index.listRooms({ mode, limit: 100 })).rooms.map(({ roomId }) => roomId);
    },
  };
}

interface GameServerOptions {
  readonly name: string;
  readonly boot?: string;
  readonly modes?: readonly string[];
  readonly compats?: readonly string[];
  readonly seatsMax?: number;
}
export type GameServer = ReturnType<typeof createGameServer>;

function createGameServer(under: LobbyUnderTest, options: GameServerOptions) {
  const { name, boot = "boot-1", modes = ["arena"], compats = ["any"], seatsMax = 100 } = options;
  let seq = 0;
  return {
    name,
    boot,
    register: () =>
      under.lobby().leases.register({
        server: name,
        boot,
        registration: { text: `{"server":"${name}","boot":"${boot}"}`, key: "k", signature: "s" },
        modes,
        compats,
        seatsMax,
      }),
    beat(over: Partial<Heartbeat> = {}): Promise<HeartbeatReply> {
      const empty = { rooms: [], sat: [], left: [], retire: [], gone: [] };
      return under
        .lobby()
        .leases.heartbeat({ server: name, boot, seq: ++seq, load: 0, complete: false, ...empty, ...over });
    },
    drain: () => under.lobby().leases.drain(name, boot),
  };
}

/** A room as its server would publish it. */
export function report(roomId: string, over: Partial<RoomReport> = {}): RoomReport {
  return {
    roomId,
    mode: "arena",
    compat: "any",
    capacity: 4,
    seated: 0,
    locked: false,
    private: false,
    code: "",
    metadata: "{}",
    ...over,
  };
}

export const serverOf = (roomId: string) => parseRoomId(roomId)?.server;

/** Case files get this: a world that is closed when its test has ended. */
export type EnterWorld = (t: TestContext, limits?: Partial<Limits>) => Promise<World>;
