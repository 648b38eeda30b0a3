/**
 * Every listener under the game server must pass this: the whole way of a seat, dialled by the stock Colyseus SDK and by bare
 * sockets. Colyseus' state lives in its modules, so all of it runs in one world.
 */
import type { Listen } from "@frontrow/listener/listener.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { testModes, testRooms } from "../support/game-server/modes.ts";
import { createWorld, type World } from "../support/game-server/world.ts";
import { createPeers, type Peers } from "../support/sockets.ts";
import { badInputContract } from "./game-server/bad-input.ts";
import { endingsContract } from "./game-server/endings.ts";
import { indexContract } from "./game-server/index-reports.ts";
import { pluginContract } from "./game-server/plugin.ts";
import { reconnectionContract } from "./game-server/reconnection.ts";
import { refusalsContract } from "./game-server/refusals.ts";
import { resumeContract } from "./game-server/resume.ts";
import { roomsContract } from "./game-server/rooms.ts";
import { seatsContract } from "./game-server/seats.ts";
import { spectatorsContract } from "./game-server/spectators.ts";
import { takeOverContract } from "./game-server/take-over.ts";

export interface Suite {
  readonly world: World;
  readonly peers: Peers;
}

/** A JWT of the test world is `jwt-of-` and its player. */
async function verifyPlayer(jwt: string) {
  if (jwt === "expired") throw new FrontrowError("AUTH_EXPIRED");
  if (!jwt.startsWith("jwt-of-")) throw new FrontrowError("AUTH_INVALID");
  return { playerId: jwt.slice("jwt-of-".length) };
}

export function gameServerContract(listen: Listen) {
  const suite = {} as { world: World; peers: Peers };

  beforeAll(async () => {
    suite.peers = createPeers();
    suite.world = await createWorld({
      listen,
      modes: testModes,
      rooms: testRooms,
      limits: {
        heartbeatMs: 100,
        leaseMs: 500,
        seatTokenMs: 3_000,
        admissionMs: 1_500,
        seatHoldMs: 4_000,
        roomForgottenMs: 6_000,
        reconnectionMs: 5_000,
        requestsPerAddressPerSecond: 2_000,
        probeSlowMs: 500,
        socketIdleMs: 1_500,
      },
      game: { verifyPlayer, drainMs: 60_000 },
    });
  });
  afterEach(() => suite.peers.close());
  afterAll(() => suite.world.close());

  describe("seats", () => seatsContract(suite));
  describe("rooms", () => roomsContract(suite));
  describe("reconnection", () => reconnectionContract(suite));
  describe("resuming", () => resumeContract(suite));
  describe("taking over", () => takeOverContract(suite));
  describe("the plugin", () => pluginContract(suite));
  describe("bad input", () => badInputContract(suite));
  describe("what the index is told", () => indexContract(suite));
  describe("refused matches", () => refusalsContract(suite));
  describe("spectators", () => spectatorsContract(suite));
  describe("endings", () => endingsContract(suite));
}
