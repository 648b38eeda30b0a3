/** The matches of an embedding server, wired: seats from its hook, or from Frontrow's game servers. */
import { randomBytes } from "node:crypto";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import type { Clock } from "@frontrow/shared/clock.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import { generateSeatKey } from "@frontrow/shared/seat-token.ts";
import { createMatches, type MatchesOptions } from "../matches.ts";
import type { RatingStore } from "../rating/rating-store.ts";
import { createIssuer } from "../seat/issuer.ts";
import type { MatchSeats } from "../seat/place-match.ts";
import { createServers } from "../seat/servers.ts";
import { createSignSeat } from "../seat/sign-seat.ts";
import { createReceipts } from "../ticket/receipt.ts";
import type { GameServers, Modes } from "./words.ts";

export interface EngineOptions {
  readonly metro: string;
  readonly modes: Modes;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly ratings: RatingStore;
  /** Undefined: the game servers'. */
  readonly placer: MatchSeats | undefined;
  readonly gameServers: GameServers | undefined;
  readonly observe: MatchesOptions["observe"];
}

export function createEngine({ gameServers, ...options }: EngineOptions) {
  const { metro, limits } = options;
  const memory = createMemoryLobby({ metro, limits });
  const { issuerKey, fleetKeys } = gameServers ?? { issuerKey: generateSeatKey().privateText, fleetKeys: [] };
  // The process is the only replica: nobody links to it, so its pools are shared with nobody, whatever index it reserves in.
  const lobby = gameServers ? { ...gameServers.lobby, replicas: memory.replicas } : memory;
  const replica = base62(randomBytes(8));
  const servers = createServers({
    index: lobby.index,
    metro,
    fleetKeys,
    nowMs: Date.now,
    onDistrust: (server) =>
      options.observe({ kind: "threw", error: new Error(`no listed fleet key signed server ${server}`) }),
  });
  const matches = createMatches({
    ...options,
    replica,
    lobby,
    receipts: createReceipts(issuerKey),
    servers,
    sign: createSignSeat(metro, createIssuer(issuerKey), limits),
    wallMs: Date.now,
    rng: Math.random,
    random: randomBytes,
    newMatchId: () => base62(randomBytes(16)),
    soon: setImmediate,
  });
  return {
    matches,
    replica,
    index: lobby.index,
    async close() {
      await matches.close();
      await memory.close();
    },
  };
}
