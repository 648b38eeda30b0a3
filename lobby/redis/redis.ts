/**
 * The lobby index over Redis (single, Sentinel or Cluster). Each promise of the ports is one Lua script; reservations are
 * group-committed. Reading order: `batcher.ts`, `scripts/reserve-seats.lua`, `connection.ts`, `replies.ts`.
 */

import { FrontrowError } from "@frontrow/shared/errors.ts";
import { believed } from "../believed.ts";
import type { Heartbeat, Lobby, Reservation, ReserveReply } from "../lobby.ts";
import { createBatcher } from "./batcher.ts";
import { type ConnectionOptions, createConnection } from "./connection.ts";
import { keyOf } from "./keys.ts";
import {
  parseClaimed,
  parseDrained,
  parseEnded,
  parseHeartbeat,
  parseListed,
  parseLocated,
  parsePause,
  parseRegistered,
  parseRegistration,
  parseReleased,
  parseReservations,
} from "./replies.ts";
import { createSupersededChannel } from "./superseded.ts";

export type RedisLobbyOptions = ConnectionOptions;

/** Connects in the background: until then, and whenever Redis is away, calls reject with INDEX_AWAY. */
export function createRedisLobby(options: RedisLobbyOptions): Lobby {
  const { metro, limits } = options;
  const connection = createConnection(options);
  const channel = createSupersededChannel(options.redis, keyOf(metro, "superseded"), limits.leaseMs);
  const nowMs = () => performance.now();
  const reservations = createBatcher<Reservation, ReserveReply>({
    limits,
    nowMs,
    async send(batch, sinceMs) {
      const reply = await connection.run("reserveSeats", [metro, ...batch.flatMap(reservationArgs)], sinceMs);
      return parseReservations(reply, batch.length);
    },
  });
  // None waits for an earlier batch: what is given back in one turn leaves together, and before any reservation asked for
  // later, so that a ticket that plays again at once is not answered with the seats that it has just given back.
  const releases = createBatcher<string, Awaited<ReturnType<Lobby["index"]["release"]>>>({
    limits: { ...limits, batchesInFlight: Infinity },
    nowMs,
    async send(tickets, sinceMs) {
      return parseReleased(await connection.run("releaseHolds", tickets, sinceMs), tickets.length);
    },
  });

  return {
    index: {
      reserve: (reservation) => reservations.add(reservation),
      release: (ticket) => releases.add(ticket),
      settle: async () => unavailable(),
      listWanted: async () => unavailable(),
      takeReports: async () => unavailable(),
      doneReports: async () => unavailable(),
      registration: async (server) => parseRegistration(await connection.run("readRegistration", [server])),
      locate: async (roomId) => parseLocated(await connection.run("locateRoom", [roomId]), roomId),
      listRooms: async ({ mode, after = "", limit }) =>
        parseListed(await connection.run("listRooms", [mode, after, limit]), mode),
      async setPaused(flag, paused) {
        parsePause(await connection.run("setPause", [flag, paused ? 1 : 0]));
      },
    },
    leases: {
      async register({ server, boot, registration: { text, key, signature }, modes, compats, seatsMax }) {
        const pairs = modes.flatMap((mode) => compats.map((compat) => `${mode}:${compat}`)).join(" ");
        const args = [server, boot, text, key, signature, pairs, seatsMax];
        return parseRegistered(await connection.run("registerServer", args));
      },
      // Never tried twice: the second of two equal sequences is STALE. The next heartbeat says it all again.
      heartbeat: async (beat) => parseHeartbeat(await connection.runOnce("heartbeat", heartbeatArgs(metro, beat))),
      async drain(server, boot) {
        parseDrained(await connection.run("drainServer", [server, boot]));
      },
      report: async () => unavailable(),
    },
    sessions: {
      claim: async (player, owner, ageMs) =>
        parseClaimed(await connection.run("claimSession", [player, owner, Math.round(ageMs)])),
      async end(player, owner) {
        parseEnded(await connection.run("endSession", [player, owner]));
      },
      onSuperseded: (told) => channel.listen(told),
    },
    replicas: { claim: async () => unavailable() },
    healthy: () => connection.isOpen(),
    async close() {
      channel.close();
      connection.close();
    },
  };
}

function unavailable(): never {
  throw new FrontrowError("INDEX_AWAY", "Matches over Redis come with the next change.");
}

/** What many want alike is one word, the wish, so that the script reads it once for all of them. */
function reservationArgs({ ticket, seats, compat, target, fresh, avoid }: Reservation): string[] {
  const [kind, subject] = targetArgs(target);
  const wish = `${seats} ${compat} ${kind} ${fresh.seats} ${avoid.join(",")} ${subject}`;
  return [ticket, wish, `${fresh.suffix} ${fresh.code}`];
}

function targetArgs(target: Reservation["target"]): [kind: string, subject: string] {
  switch (target.kind) {
    case "best":
    case "open":
      return [target.kind, target.mode];
    case "match":
      return unavailable();
    case "new":
      return [target.private ? "private" : "new", target.mode];
    case "room":
      return ["room", target.roomId];
    case "code":
      return ["code", target.code];
  }
}

function heartbeatArgs(metro: string, beat: Heartbeat): (string | number)[] {
  const { server, boot, seq, load, complete, rooms, sat, left, retire, gone } = believed(metro, beat);
  return [server, boot, seq, JSON.stringify({ load, complete, rooms, sat, left, retire, gone })];
}
