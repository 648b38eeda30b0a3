/**
 * A game server on a real listener with a lobby index in memory, and the matchmaker's part of a seat: reserve and sign. Colyseus'
 * state lives in its modules, so a test file has one world.
 */

import { randomBytes } from "node:crypto";
import { Client, type Room } from "@colyseus/sdk";
import type { GameServerEvent } from "@frontrow/game-server/observe.ts";
import type { GameServerOptions } from "@frontrow/game-server/options.ts";
import type { FinishedMatch } from "@frontrow/game-server/plugin.ts";
import { createGameServer } from "@frontrow/game-server/server.ts";
import type { Listen } from "@frontrow/listener/listener.ts";
import type { Lobby, Reservation } from "@frontrow/lobby/lobby.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import { verifyRegistration } from "@frontrow/shared/identity/registration.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { type Limits, resolveLimits } from "@frontrow/shared/limits.ts";
import { base62, roomCodeOf } from "@frontrow/shared/metro.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import { vi } from "vitest";
import { recordingLog } from "./recording-log.ts";

/** A seat in a room of its own, unless `target` says otherwise. */
export interface SeatWish {
  readonly mode?: string;
  readonly ticket?: string;
  readonly player?: string;
  readonly target?: Reservation["target"];
  readonly options?: Record<string, never>;
  readonly claims?: Partial<SeatClaims>;
}

export interface TestSeat {
  readonly token: string;
  readonly claims: SeatClaims;
}

export interface WorldOptions {
  readonly listen: Listen;
  readonly modes: Record<string, Mode>;
  readonly rooms: () => Promise<unknown>;
  readonly limits?: Partial<Limits>;
  readonly lobby?: Lobby;
  readonly game?: Partial<GameServerOptions>;
}

const WAIT = { timeout: 10_000, interval: 50 };

export async function createWorld({ listen, modes, rooms, limits: changed, game, ...given }: WorldOptions) {
  const limits = resolveLimits(changed);
  const lobby = given.lobby ?? createMemoryLobby({ metro: "fra", limits });
  const issuer = generateSeatKey();
  const fleet = generateSigningKey();
  const { log, lines } = recordingLog();
  const events: GameServerEvent[] = [];
  const finished: FinishedMatch[] = [];
  const gameServer = createGameServer({
    metro: "fra",
    server: "7",
    limits,
    modes,
    compats: ["any"],
    rooms,
    leases: lobby.leases,
    issuerKeys: [publicHalf(issuer.privateText)],
    fleetKey: signingKeyFrom(fleet.privateText),
    publicAddress: "",
    secure: false,
    seatsMax: 1_000,
    onFinish: (match) => void finished.push(match),
    log,
    observe: (event) => void (event.kind !== "turn" && events.push(event)),
    ...game,
  });
  const listening = await listen({
    host: "127.0.0.1",
    port: 0,
    trustedProxies: [],
    httpBodyBytes: limits.httpBodyBytes,
    requestHeadMs: limits.requestHeadMs,
    http: gameServer.httpRoutes,
    sockets: gameServer.socketRoutes,
  });
  await gameServer.start();
  const address = `127.0.0.1:${listening.port}`;
  const registration = verifyRegistration((await lobby.index.registration("7"))!, [fleet.publicKey])!;
  const key = deriveSeatKey(issuer.privateText, registration.seatKey, "7", gameServer.boot);

  /** A token with any claims, signed as the matchmaker signs. */
  const sign = (claims: SeatClaims, by: Uint8Array = key): string => signSeat(claims, by);

  async function seat(wish: SeatWish = {}): Promise<TestSeat> {
    const { mode = "plain", ticket = base62(randomBytes(8)), player = `player-${ticket}` } = wish;
    const held = await vi.waitFor(async () => {
      const reply = await lobby.index.reserve({
        ticket,
        seats: 1,
        compat: "any",
        target: wish.target ?? { kind: "new", mode, private: false },
        fresh: { seats: modes[mode]!.seats, suffix: base62(randomBytes(8)), code: roomCodeOf("fra", randomBytes(8)) },
        avoid: [],
      });
      // On a busy machine ticks are late, and a server at its ceiling is offered no new room until they are not.
      if (reply.kind === "NO_SERVER" && !gameServer.snapshot().isDraining) throw new Error(reply.kind);
      return reply;
    }, WAIT);
    if (held.kind !== "RESERVED") throw new Error(held.kind);
    const claims: SeatClaims = {
      metro: "fra",
      server: held.server,
      boot: held.boot,
      room: held.roomId,
      mode: held.mode,
      ticket,
      seat: 0,
      gen: held.generation,
      sid: `S${ticket}`,
      player,
      guest: false,
      seats: held.capacity,
      private: held.private,
      compat: "any",
      ...(held.code ? { code: held.code } : {}),
      options: wish.options ?? {},
      rtt: { minMs: 12, jitterMs: 1, loss: 0, samples: 5, verified: true },
      exp: held.nowMs + limits.seatTokenMs,
      ...wish.claims,
    };
    return { token: sign(claims), claims };
  }

  const reservationOf = ({ token, claims }: TestSeat, more: object = {}) => ({
    name: claims.mode,
    roomId: claims.room,
    sessionId: claims.sid,
    processId: token,
    publicAddress: address,
    ...more,
  });

  return {
    address,
    port: listening.port,
    lobby,
    limits,
    gameServer,
    listening,
    events,
    lines,
    finished,
    registration,
    issuer,
    sign,
    seat,
    /** Sits down with the stock SDK. */
    join: (taken: TestSeat, more: object = {}): Promise<Room> =>
      new Client(`http://${address}`).consumeSeatReservation(reservationOf(taken, more) as never),
    async close() {
      gameServer.cut();
      await gameServer.stop();
      await listening.close();
      await lobby.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
