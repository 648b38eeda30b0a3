/**
 * The lobby index over Redis (single, Sentinel or Cluster). Each promise of the ports is one Lua script; reservations are
 * group-committed. Reading order: `batcher.ts`, `scripts/reserve-seats.lua`, `connection.ts`, `replies.ts`.
 */

import { checkClaim, checkRoster, countOf, reportText } from "../bounds.ts";
import type { Lobby, Reservation, ReserveReply, Settlement } from "../lobby.ts";
import { REPLACEMENTS_MAX, REPLICAS_MAX, TOMBSTONE_HOLDS, WANTED_ROOMS_MAX } from "../match.ts";
import { heartbeatArgs, type Release, releaseArgs, reservationArgs } from "./arguments.ts";
import { createBatcher } from "./batcher.ts";
import { type ConnectionOptions, createConnection } from "./connection.ts";
import { keyOf } from "./keys.ts";
import {
  parseClaimed,
  parseDone,
  parseDrained,
  parseEnded,
  parseHeartbeat,
  parseListed,
  parseLocated,
  parseLooked,
  parsePause,
  parsePlaying,
  parseRegistered,
  parseRegistration,
  parseReleased,
  parseReplaced,
  parseReplicas,
  parseReported,
  parseReservations,
  parseSettlements,
  parseSitting,
  parseTaken,
  parseWanted,
  parseWatched,
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
  const releases = createBatcher<Release, Awaited<ReturnType<Lobby["index"]["release"]>>>({
    limits: { ...limits, batchesInFlight: Infinity },
    nowMs,
    async send(batch, sinceMs) {
      return parseReleased(await connection.run("releaseHolds", batch.flatMap(releaseArgs), sinceMs), batch.length);
    },
  });
  const settlements = createBatcher<string, Settlement>({
    limits,
    nowMs,
    async send(matches, sinceMs) {
      const reply = await connection.run("settleMatch", [TOMBSTONE_HOLDS, ...matches], sinceMs);
      return parseSettlements(reply, matches.length);
    },
  });

  async function reserveWithRoster(reservation: Reservation) {
    checkRoster(reservation, limits);
    return reservations.add(reservation);
  }

  async function doneReports(ids: readonly string[]) {
    if (ids.length > 0) parseDone(await connection.run("doneReports", ids));
  }

  return {
    index: {
      reserve: (reservation) =>
        reservation.roster === undefined ? reservations.add(reservation) : reserveWithRoster(reservation),
      release: (ticket, seats) => releases.add({ ticket, seats }),
      settle: (match) => settlements.add(match),
      async replace({ match, refusedIn, suffix, avoid }) {
        const args = [metro, REPLACEMENTS_MAX, TOMBSTONE_HOLDS, match, refusedIn, suffix, avoid.join(",")];
        return parseReplaced(await connection.run("replaceMatch", args));
      },
      registration: async (server) => parseRegistration(await connection.run("readRegistration", [server])),
      seatOf: async (player) => parseSitting(await connection.run("seatOfPlayer", [player])),
      playing: async (players) => parsePlaying(await connection.run("whoPlays", players)),
      locate: async (roomId) => parseLocated(await connection.run("locateRoom", [roomId]), roomId),
      watch: async (target, compat) =>
        parseWatched(
          await connection.run("watchRoom", [
            ...("code" in target ? ["code", target.code] : ["room", target.roomId]),
            compat,
          ]),
        ),
      listRooms: async ({ mode, after = "", limit, watchable = false }) =>
        parseListed(await connection.run("listRooms", [mode, after, limit, watchable ? "watchable" : "listed"]), mode),
      listWanted: async (mode) => parseWanted(await connection.run("listWanted", [mode, WANTED_ROOMS_MAX])),
      // Not tried twice: what the first try took would be out of sight for a while, for nothing.
      async takeReports(max) {
        const { reports, unreadable } = parseTaken(await connection.runOnce("takeReports", [countOf(max)]));
        await doneReports(unreadable);
        return reports;
      },
      doneReports,
      async setPaused(flag, paused) {
        parsePause(await connection.run("setPause", [flag, paused ? 1 : 0]));
      },
      isPaused: async (flag) => parsePause(await connection.run("readPause", [flag])) === "PAUSED",
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
      async report(result) {
        const text = reportText(result, limits);
        return parseReported(await connection.run("reportMatch", [result.match, result.roomId, text]));
      },
    },
    sessions: {
      claim: async (player, owner, ageMs) =>
        parseClaimed(await connection.run("claimSession", [player, owner, Math.floor(ageMs)])),
      async end(player, owner) {
        parseEnded(await connection.run("endSession", [player, owner]));
      },
      onSuperseded: (told) => channel.listen(told),
    },
    replicas: {
      async claim(claim) {
        checkClaim(claim);
        const { replica, seenEpoch, leave } = claim;
        return parseReplicas(await connection.run("claimReplica", [REPLICAS_MAX, replica, seenEpoch, leave ? 1 : 0]));
      },
    },
    fleet: {
      async drain(server) {
        const word = parseDrained(await connection.run("drainServer", [server, ""]));
        return word === "DRAINING" ? word : "UNKNOWN_SERVER";
      },
      look: async (server) => parseLooked(await connection.run("lookServer", [server])),
    },
    healthy: () => connection.isOpen(),
    async close() {
      channel.close();
      connection.close();
    },
  };
}
