/**
 * What a session says to its client. The state of a ticket waits a moment for what follows it: mostly that is the seat, a
 * millisecond later, and then both leave in one system call. System calls are what a ticket costs an edge most.
 */
import type { Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { pack } from "@frontrow/shared/protocol/pack.ts";
import type { ClientSocket } from "./session.ts";

/** Too short for anybody to see, and longer than a metro nearby takes to find a seat; ms. */
const SOON_MS = 10;

export interface Teller {
  /** Now, after everything that was to be told soon. */
  tell(message: Down): void;
  /** Together with what comes next, at the latest after SOON_MS. */
  tellSoon(message: Down): void;
  /** Says nothing more. */
  stop(): void;
}

export function createTeller(socket: ClientSocket, subprotocol: Subprotocol): Teller {
  let soon: Down[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (message: Down) => socket.send(pack(message, subprotocol));

  function sendAll(): void {
    const messages = soon;
    soon = [];
    const sends = () => messages.forEach(send);
    if (socket.cork && messages.length > 1) socket.cork(sends);
    else sends();
  }

  return {
    tell(message) {
      if (soon.length === 0) return send(message);
      clearTimeout(timer);
      soon.push(message);
      sendAll();
    },
    tellSoon(message) {
      if (soon.push(message) === 1) timer = setTimeout(sendAll, SOON_MS);
    },
    stop() {
      clearTimeout(timer);
      soon = [];
    },
  };
}
