/**
 * The channel on which losers of a session are told, on a connection of its own: a subscriber may not run scripts, and a
 * flood of reservations must not delay the word. Opened when somebody first listens. What is published while the connection
 * is down is lost; the next claim of the same player is told again.
 */
import type { RedisTarget } from "@frontrow/shared/config/redis-url.ts";
import { createClient, type RedisClient } from "./client.ts";
import { parseLoser } from "./replies.ts";

export type Told = (loser: { player: string; owner: string }) => void;

export interface SupersededChannel {
  listen(told: Told): () => void;
  close(): void;
}

export function createSupersededChannel(redis: RedisTarget, channel: string, pingMs: number): SupersededChannel {
  const listeners = new Set<Told>();
  let client: RedisClient | undefined;
  let ping: NodeJS.Timeout | undefined;

  function open() {
    const made = createClient(redis, {});
    const subscribe = () => made.subscribe(channel).catch(() => made.disconnect(true));
    made.on("ready", subscribe);
    // Its errors are those of the command connection too, which reports them.
    made.on("error", () => {});
    made.on("message", (_channel: string, message: string) => {
      const loser = parseLoser(message);
      if (loser) for (const told of listeners) told(loser);
    });
    // A connection that only listens would never notice that its peer is gone.
    ping = setInterval(() => made.ping().catch(() => {}), pingMs);
    ping.unref();
    return made;
  }

  return {
    listen(told) {
      const listener: Told = (loser) => told(loser);
      listeners.add(listener);
      client ??= open();
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(ping);
      client?.disconnect();
    },
  };
}
