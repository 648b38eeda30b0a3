/** The latency check of Colyseus SDKs (`client.getLatency()`): they dial `/` and time the echo of a PING byte. */
import { getMessageBytes, Protocol } from "@colyseus/core";
import { createEchoLife, type EchoLife } from "@frontrow/listener/echo-life.ts";
import type { SocketRoute } from "@frontrow/listener/listener.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { AddressLimits } from "../admission/address-limits.ts";
import { httpRefusal } from "../admission/refuse.ts";

/** A check takes some round trips; whoever is silent for longer has forgotten to close. */
const IDLE_MS = 2_000;
/** Echoes a second, and in one burst. */
const PINGS_PER_SECOND = 20;
const CLOSE_NORMAL = 1_000;

interface Pinger {
  readonly budget: TokenBucket;
  readonly life: EchoLife;
}

export function createPingRoute(path: string, addresses: AddressLimits, nowMs: () => number): SocketRoute<Pinger> {
  return {
    path,
    messageBytesMax: 16,
    sendBufferBytesMax: 1_024,
    idleMs: IDLE_MS,
    upgrade(head) {
      if (!addresses.mayAsk(head.address)) return { refuse: httpRefusal("RATE_LIMITED") };
      const budget = new TokenBucket(PINGS_PER_SECOND, PINGS_PER_SECOND, nowMs());
      return { accept: { budget, life: createEchoLife() } };
    },
    open: (socket) => socket.data.life.opened(() => socket.close(CLOSE_NORMAL, "time is up")),
    message(socket, message) {
      const { budget, life } = socket.data;
      if (!budget.take(nowMs())) socket.close(errorCatalogue.RATE_LIMITED.close, "RATE_LIMITED");
      else if (message.length !== 1 || message[0] !== Protocol.PING) {
        socket.close(errorCatalogue.BAD_MESSAGE.close, "BAD_MESSAGE");
      } else {
        socket.send(getMessageBytes[Protocol.PING]());
        if (life.echoed()) socket.close(CLOSE_NORMAL, "enough echoes");
      }
    },
    close: (socket) => socket.data.life.closed(),
  };
}
