/**
 * A metro for the bench: so many public rooms on a hundred servers, each room with seats free, published as real servers
 * publish them; and seekers who reserve one seat each. What a turn reserved is given back before the next one.
 */
import type { Lobby, Reservation, RoomReport } from "@frontrow/lobby/lobby.ts";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Seeker } from "../seat/load.ts";

const SERVERS = 100;
/** So many that a turn does not fill a thousand rooms. */
const SEATS = 256;
const BOOT = "bench";
const AT_ONCE = 256;

export interface BenchMetro {
  readonly seekers: readonly Seeker[];
  /** Gives back all seats that were reserved since the last time. */
  giveBack(): Promise<void>;
  stop(): Promise<void>;
}

interface MetroOptions {
  readonly metro: string;
  readonly limits: Limits;
  readonly redis: RedisTarget;
  readonly rooms: number;
  readonly inFlight: number;
}

export async function startMetro({ metro, limits, redis, rooms, inFlight }: MetroOptions): Promise<BenchMetro> {
  // An index that is new takes unknown rooms for such from before a loss: whoever fills it does not wait for lost holds.
  const filler = createRedisLobby({ metro, limits: { ...limits, seatHoldMs: 1 }, redis });
  await fill(filler, metro, rooms, limits.roomsPerHeartbeat);
  await filler.close();
  const lobby = createRedisLobby({ metro, limits, redis });
  let reserved: string[] = [];
  let made = 0;

  function journey(seated: () => void, ended: (ok: boolean) => void) {
    const wanted = reservationOf(`${metro}-ticket-${made++}`);
    reserved.push(wanted.ticket);
    lobby.index.reserve(wanted).then(
      (reply) => {
        seated();
        ended(reply.kind === "RESERVED" && !reply.fresh);
      },
      () => ended(false),
    );
  }

  return {
    seekers: Array.from({ length: inFlight }, () => ({ journey })),
    async giveBack() {
      const tickets = reserved;
      reserved = [];
      for (let at = 0; at < tickets.length; at += AT_ONCE) {
        await Promise.all(tickets.slice(at, at + AT_ONCE).map((ticket) => lobby.index.release(ticket)));
      }
    },
    stop: () => lobby.close(),
  };
}

const reservationOf = (ticket: string): Reservation => ({
  ticket,
  seats: 1,
  compat: "any",
  target: { kind: "best", mode: "arena" },
  fresh: { seats: SEATS, suffix: "fresh0", code: "" },
  avoid: [],
});

async function fill(lobby: Lobby, metro: string, rooms: number, roomsPerHeartbeat: number) {
  const registration = { text: "{}", key: "", signature: "" };
  const empty = { load: 0.5, sat: [], left: [], retire: [], gone: [] };
  const share = rooms / SERVERS;
  for (let i = 0; i < SERVERS; i++) {
    const server = `${i}`;
    await lobby.leases.register({
      server,
      boot: BOOT,
      registration,
      modes: ["arena"],
      compats: ["any"],
      seatsMax: 1e6,
    });
    const all = Array.from({ length: share }, (_, n) => roomOf(metro, server, n));
    for (let at = 0; at < all.length; at += roomsPerHeartbeat) {
      const part = all.slice(at, at + roomsPerHeartbeat);
      const complete = at + roomsPerHeartbeat >= all.length;
      await lobby.leases.heartbeat({ server, boot: BOOT, seq: at + 1, rooms: part, complete, ...empty });
    }
  }
}

/** Free seats are spread, so that the fullest room that fits is one of many scores. */
const roomOf = (metro: string, server: string, n: number): RoomReport => ({
  roomId: `${metro}_${server}_${`${n}`.padStart(6, "0")}`,
  mode: "arena",
  compat: "any",
  capacity: SEATS,
  seated: (n * 7) % (SEATS / 2),
  locked: false,
  private: false,
  code: "",
  metadata: "null",
});
