/** Frontrow as the bench measures it: a Redis, an edge and a matchmaker as processes of their own, leases, and signed-in players. */

import { fileURLToPath } from "node:url";
import { createRedisLobby } from "@frontrow/lobby/redis/redis.ts";
import { RedisUrl } from "@frontrow/shared/config/redis-url.ts";
import { loadConfigFile } from "frontrow/config-file.ts";
import { startRedis } from "frontrow/dev/redis-child.ts";
import { SignJWT } from "jose";
import { startFile, startFrontrow } from "./children.ts";
import { startFleet } from "./fleet.ts";
import { MODE } from "./frontrow.config.ts";
import type { Ground } from "./ground.ts";
import { connectPlayer, type Player } from "./player.ts";

const METRO = "ben";
const SECRET = "a secret of the bench, which guards nothing";
/** Each player starts its tickets' numbers here times its own, so that no two tickets share an id. */
const TICKETS_PER_PLAYER = 1_000_000;

/** As what the bench's processes run, and what their players ask for. */
export interface Subject {
  readonly configFile: string;
  readonly mode: string;
  /** Seats at which one of the ten game servers is full. */
  readonly seatsMax?: number;
  /** Of the matchmaker. */
  readonly env?: NodeJS.ProcessEnv;
}
const SEAT: Subject = { configFile: fileURLToPath(new URL("./frontrow.config.ts", import.meta.url)), mode: MODE };

export const playerName = (number: number) => `player-${number}`;

async function playerToken(name: string): Promise<string> {
  const jwt = new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setSubject(name).setExpirationTime("1h");
  return jwt.sign(new TextEncoder().encode(SECRET));
}

async function connectPlayers(port: number, count: number, ground: Ground, mode = MODE): Promise<Player[]> {
  const players: Player[] = [];
  for (let number = 0; number < count; number++) {
    const jwt = await playerToken(playerName(number));
    players.push(ground.keep(await connectPlayer({ port, jwt, mode, firstTicket: number * TICKETS_PER_PLAYER })));
  }
  return players;
}

export interface Contestant {
  /** Of the door that the players are connected to. */
  readonly port: number;
  readonly players: readonly Player[];
}

export async function startOurs(playerCount: number, ground: Ground, subject = SEAT): Promise<Contestant> {
  const { configFile, mode, seatsMax } = subject;
  const redis = ground.keep(await startRedis());
  ground.assign(redis.child.pid!, 1);
  const { limits } = await loadConfigFile(configFile, "/");
  const lobby = createRedisLobby({ metro: METRO, limits, redis: RedisUrl.parse(redis.url) });
  ground.keep({ stop: () => lobby.close() });
  ground.keep(await startFleet(lobby, METRO, limits, { modes: [MODE, mode], ...(seatsMax ? { seatsMax } : {}) }));
  const jwt = { FRONTROW_JWT_KEY: `hs256:${SECRET}` };
  const env = { ...jwt, FRONTROW_METRO: METRO, REDIS_URL: redis.url, ...subject.env };
  const matchmaker = ground.keep(await startFrontrow("matchmaker", env, configFile));
  ground.assign(matchmaker.pid, 0);
  const metros = `${METRO}=ws://127.0.0.1:${matchmaker.port}`;
  const { port, pid } = ground.keep(await startFrontrow("edge", { ...jwt, FRONTROW_METROS: metros }, configFile));
  ground.assign(pid, 1);
  return { port, players: await connectPlayers(port, playerCount, ground, mode) };
}

/** The same sockets, with frames of the same sizes, against a process that only echoes: recorded from one journey through `edgePort`. */
export async function startEcho(edgePort: number, playerCount: number, ground: Ground): Promise<Contestant> {
  const replies: Record<string, string[]> = { h: [], p: [], c: [] };
  const jwt = await playerToken("recorded");
  let asked = "h";
  const tap = (frame: Buffer) => void replies[asked]!.push(frame.toString("base64"));
  const recorded = await connectPlayer({ port: edgePort, jwt, firstTicket: 0, tap });
  asked = "p";
  const seated = () => {
    asked = "c";
  };
  await new Promise<boolean>((ended) => recorded.journey(seated, ended));
  await recorded.stop();
  const { port, pid } = ground.keep(await startFile("./echo.ts", [JSON.stringify(replies)]));
  ground.assign(pid, 1);
  return { port, players: await connectPlayers(port, playerCount, ground) };
}
