/**
 * The peer: a stock Colyseus server as its documentation has it, with its default transport. What the bench chooses is chosen
 * in its favour: no authentication, no simulation, and reservations that free their seats after a second instead of fifteen.
 *
 * node colyseus.ts <port> [redis url]
 */
import { Room, Server } from "@colyseus/core";
import { RedisDriver } from "@colyseus/redis-driver";
import { RedisPresence } from "@colyseus/redis-presence";
import { MODE, ROOM_SEATS } from "./frontrow.config.ts";

const [port, redisUrl] = [Number(process.argv[2]), process.argv[3]];

class BenchRoom extends Room {
  override maxClients = ROOM_SEATS;
  override seatReservationTimeout = 1;
}

const shared = redisUrl ? { driver: new RedisDriver(redisUrl), presence: new RedisPresence(redisUrl) } : {};
const server = new Server({ greet: false, ...shared });
server.define(MODE, BenchRoom);
await server.listen(port, "127.0.0.1");
