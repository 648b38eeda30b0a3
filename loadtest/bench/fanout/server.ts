/**
 * Ours: a game server as `frontrow game-server` makes it, with one room of 10,000 things, in a process of its own. Its lobby index is
 * in memory, and seats are signed here as the matchmaker signs them, because the bench is about what happens after the join. A mode
 * has 1,000 seats at most; this room has more, because a core's worth of clients shall follow one world.
 *
 * node server.ts <near> <seconds for which the place of a client that dropped is kept>
 */
import { createGameServer } from "@frontrow/game-server/server.ts";
import { pickListen } from "@frontrow/listener/pick.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { fill } from "@frontrow/shared/config/modes.ts";
import { verifyRegistration } from "@frontrow/shared/identity/registration.ts";
import { generateSigningKey, signingKeyFrom } from "@frontrow/shared/identity/signed.ts";
import { resolveLimits } from "@frontrow/shared/limits.ts";
import { deriveSeatKey, generateSeatKey, publicHalf, type SeatClaims, signSeat } from "@frontrow/shared/seat-token.ts";
import { createMeter } from "./meter.ts";
import { createFollowedRoom } from "./room.ts";
import { answer } from "./talk.ts";
import type { Truth } from "./world.ts";

const [METRO, SERVER, MODE, ROOM] = ["ben", "1", "followed", "ben_1_fanout"];
const SEATS = 20_000;
const [near, keepPlaceS] = process.argv.slice(2).map(Number) as [number, number];

/** Every client of the bench has one address. */
const limits = resolveLimits({ requestsPerAddressPerSecond: 100_000 });
const meter = createMeter();
const room = createFollowedRoom({ near, keepPlaceS, began: meter.tickBegan });
const lobby = createMemoryLobby({ metro: METRO, limits });
const issuer = generateSeatKey();
const fleet = generateSigningKey();
const complain = (fields: object, message: string) => console.error(message, fields);
const gameServer = createGameServer({
  metro: METRO,
  server: SERVER,
  limits,
  modes: { [MODE]: { ...fill({ seats: 1_000 }), seats: SEATS } },
  compats: ["any"],
  rooms: async () => ({ [MODE]: room.FollowedRoom }),
  leases: lobby.leases,
  issuerKeys: [publicHalf(issuer.privateText)],
  fleetKey: signingKeyFrom(fleet.privateText),
  publicAddress: "",
  secure: false,
  seatsMax: SEATS,
  // That ticks take too long is what the bench looks for: its own figures say so.
  log: { debug() {}, info() {}, warn() {}, error: complain },
  observe: meter.observe,
});
const listening = await (await pickListen("uws"))({
  host: "127.0.0.1",
  port: 0,
  trustedProxies: [],
  httpBodyBytes: limits.httpBodyBytes,
  requestHeadMs: limits.requestHeadMs,
  http: gameServer.httpRoutes,
  sockets: gameServer.socketRoutes,
});
await gameServer.start();
const registration = verifyRegistration((await lobby.index.registration(SERVER))!, [fleet.publicKey])!;
const key = deriveSeatKey(issuer.privateText, registration.seatKey, SERVER, gameServer.boot);

function seat(number: number): Seat {
  const claims: SeatClaims = {
    metro: METRO,
    server: SERVER,
    boot: gameServer.boot,
    room: ROOM,
    mode: MODE,
    ticket: `t${number}`,
    seat: 0,
    gen: 1,
    sid: `S${number}`,
    player: `player-${number}`,
    guest: false,
    seats: SEATS,
    private: false,
    compat: "any",
    options: { follows: number },
    rtt: { minMs: 1, jitterMs: 0, loss: 0, samples: 5, verified: true },
    exp: Date.now() + limits.seatTokenMs,
  };
  return { token: signSeat(claims, key), roomId: ROOM, sessionId: claims.sid };
}

export interface Seat {
  readonly token: string;
  readonly roomId: string;
  readonly sessionId: string;
}
export type ServerAnswers = {
  port(): number;
  seats(of: { from: number; count: number }): Seat[];
  begin(): void;
  end(): ReturnType<typeof meter.end>;
  /** Of the next tick. */
  truth(): Promise<Truth>;
};
answer<ServerAnswers>({
  port: () => listening.port,
  seats: ({ from, count }) => Array.from({ length: count }, (_, at) => seat(from + at)),
  begin: meter.begin,
  end: meter.end,
  truth: () => room.truth(),
});
