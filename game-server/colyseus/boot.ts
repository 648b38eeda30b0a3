/**
 * Colyseus in this process. Its state lives in its modules, so there is one game server a process. Nothing of its own is opened:
 * no port, no HTTP route, no signal handler, no health check of other processes; rooms find a local driver and presence.
 */
import { LocalDriver, LocalPresence, matchMaker, type Room, Server } from "@colyseus/core";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { Log } from "../observe.ts";
import { boundInputDecoding } from "../transport/bounded-inputs.ts";
import type { ClientFrame } from "../transport/connection.ts";
import { ListenerTransport } from "../transport/transport.ts";

/** Taken before rooms are loaded: from then on a server's own `listen` opens nothing (rooms-loader.ts). */
const { listen } = Server.prototype;

export async function startColyseus(log: Log, clientFrame: ClientFrame): Promise<void> {
  boundInputDecoding();
  matchMaker.setHealthChecksEnabled(false);
  const server = new Server({
    transport: new ListenerTransport(),
    driver: new LocalDriver(),
    presence: new LocalPresence(),
    greet: false,
    gracefullyShutdown: false,
    logger: loggerFor(log, clientFrame),
  });
  await listen.call(server, 0);
}

/** Each room of every known type passes through `adopt` as it is constructed; the class itself stays what it is. */
export function adoptRoomsOf(roomTypes: readonly string[], adopt: (room: Room) => void): void {
  for (const type of roomTypes) {
    const handler = matchMaker.getHandler(type);
    handler.klass = new Proxy(handler.klass, {
      construct(klass, args) {
        const room = Reflect.construct(klass, args) as Room;
        adopt(room);
        return room;
      },
    });
  }
}

/** Lines of Colyseus' own a second, because a client can make it complain with every frame. */
const LINES_PER_SECOND = 5;
const LINES_BURST = 50;

function loggerFor(log: Log, clientFrame: ClientFrame) {
  const budget = new TokenBucket(LINES_PER_SECOND, LINES_BURST, performance.now());
  const at =
    (level: keyof Log) =>
    (...args: unknown[]) => {
      if (!budget.take(performance.now())) return;
      const said = args.map((part) => (part instanceof Error ? part.stack : String(part)));
      // A stack for every message that a client garbled would hide what is really wrong; exceptions of rooms are reported apart.
      log[clientFrame.isRead ? "debug" : level]({ from: "colyseus" }, said.join(" "));
    };
  return { trace: at("debug"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
