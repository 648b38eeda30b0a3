/**
 * Game servers that exist only as leases: signed registrations, 10,000 published rooms, and heartbeats that go on publishing
 * every room in turn, as real servers do. Nearly all rooms are full, like those of the peer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Lobby, RoomReport } from "@frontrow/lobby/lobby.ts";
import { devKeys } from "@frontrow/shared/config/dev-keys.ts";
import { COMPAT_ANY } from "@frontrow/shared/config/modes.ts";
import { signRegistration } from "@frontrow/shared/identity/registration.ts";
import { signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { MODE, ROOM_SEATS } from "./frontrow.config.ts";

const SERVERS = 10;
export const ROOMS = 10_000;
const ROOMS_PER_SERVER = ROOMS / SERVERS;
/** Every hundredth room has half of its seats free. */
const OPEN_EVERY = 100;
const BOOT = "bench";

function roomOf(metro: string, server: string, number: number): RoomReport {
  return {
    roomId: `${metro}_${server}_${`${number}`.padStart(8, "0")}`,
    mode: MODE,
    compat: COMPAT_ANY,
    capacity: ROOM_SEATS,
    seated: number % OPEN_EVERY === 0 ? ROOM_SEATS / 2 : ROOM_SEATS,
    locked: false,
    private: false,
    code: "",
    metadata: "null",
  };
}

/** Resolves when every room takes reservations; `stop` lets the leases run out. */
export async function startFleet(
  lobby: Lobby,
  metro: string,
  limits: Limits,
  { modes = [MODE], seatsMax = ROOMS_PER_SERVER * ROOM_SEATS } = {},
): Promise<{ stop(): Promise<void> }> {
  const fleetKey = signingKeyFrom(devKeys.fleet.privateText);
  /** All rooms are published twice in the time after which an unpublished one is forgotten. */
  const share = Math.ceil((ROOMS_PER_SERVER * limits.heartbeatMs * 2) / limits.roomForgottenMs);
  const timers: NodeJS.Timeout[] = [];

  async function start(server: string): Promise<void> {
    const rooms = Array.from({ length: ROOMS_PER_SERVER }, (_, number) => roomOf(metro, server, number));
    let seq = 0;

    async function publish(from: number, count: number): Promise<number> {
      const beat = { server, boot: BOOT, seq: ++seq, load: 0.5, sat: [], left: [], retire: [], gone: [] };
      const complete = from + count >= rooms.length;
      const reply = await lobby.leases.heartbeat({ ...beat, rooms: rooms.slice(from, from + count), complete });
      if (reply.kind === "ALIVE") return reply.republishInMs;
      throw new Error(`a heartbeat was answered with ${reply.kind}`);
    }
    async function publishAll(): Promise<number> {
      let republishInMs = 0;
      for (let from = 0; from < rooms.length; from += limits.roomsPerHeartbeat) {
        republishInMs = await publish(from, limits.roomsPerHeartbeat);
      }
      return republishInMs;
    }

    const address = { publicAddress: `play.example.com/${server}`, secure: true };
    const registration = signRegistration(
      { metro, server, boot: BOOT, ...address, seatKey: generateSeatKey().publicKey },
      fleetKey,
    );
    const offer = { modes, compats: [COMPAT_ANY], seatsMax };
    await lobby.leases.register({ server, boot: BOOT, registration, ...offer });
    let beating = false;
    let from = 0;
    const beat = setInterval(async () => {
      if (beating) return;
      beating = true;
      // One that is lost on a busy machine is made up for by the next.
      await publish(from, share).catch(() => {});
      from = (from + share) % rooms.length;
      beating = false;
    }, limits.heartbeatMs);
    timers.push(beat);
    for (let waitMs = 0; waitMs >= 0; waitMs = await publishAll().catch(() => limits.heartbeatMs)) await sleep(waitMs);
  }

  await Promise.all(
    Array.from({ length: SERVERS }, async (_, number) => {
      // Heartbeats of a real fleet do not fall together either.
      await sleep((number * limits.heartbeatMs) / SERVERS);
      await start(`s${number}`);
    }),
  );
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
