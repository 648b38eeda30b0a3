/** Stock Colyseus in a process of its own, alone or over Redis with as many listed rooms as ours has. */
import { startRedis } from "frontrow/dev/redis-child.ts";
import { Redis } from "ioredis";
import { startFile } from "./children.ts";
import { ROOMS } from "./fleet.ts";
import { MODE, ROOM_SEATS } from "./frontrow.config.ts";
import type { Ground } from "./ground.ts";
import { createHttpSeeker } from "./http-seeker.ts";
import type { Seeker } from "./load.ts";

async function start(seekerCount: number, args: readonly string[], ground: Ground): Promise<Seeker[]> {
  const { port, pid } = ground.keep(await startFile("./colyseus.ts", args));
  ground.assign(pid, 1);
  return Array.from({ length: seekerCount }, () => createHttpSeeker(port));
}

export const startLocalPeer = (seekerCount: number, ground: Ground) => start(seekerCount, [], ground);

export async function startRedisPeer(seekerCount: number, ground: Ground): Promise<Seeker[]> {
  const redis = ground.keep(await startRedis());
  ground.assign(redis.child.pid!, 0);
  await listRooms(redis.url);
  return start(seekerCount, [redis.url], ground);
}

/** Full rooms of other processes, as Colyseus lists them; they cost this one nothing but to be read past. */
async function listRooms(url: string): Promise<void> {
  const client = new Redis(url);
  for (let number = 0; number < ROOMS; number++) {
    const roomId = `room${`${number}`.padStart(5, "0")}`;
    const counts = { clients: ROOM_SEATS, maxClients: ROOM_SEATS, locked: true, private: false, unlisted: false };
    const room = {
      ...counts,
      createdAt: new Date().toISOString(),
      name: MODE,
      processId: `elsewhere${number % 10}`,
      roomId,
    };
    void client.hset("roomcaches", roomId, JSON.stringify(room));
  }
  await client.quit();
}
