/**
 * What a session says to its client. The state of a ticket waits a moment for what follows it: mostly that is the seat, some
 * milliseconds later, and then both leave in one system call. System calls are what a ticket costs an edge most.
 */
import type { Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import { pack } from "@frontrow/shared/protocol/pack.ts";
import type { ClientSocket } from "./session.ts";

/** What answers within this feels immediate (Miller 1968), and it is longer than a metro takes to find a seat; ms. */
const SOON_MS = 100;

export interface Teller {
  /** Now, after everything that was to be told soon. */
  tell(message: Down): void;
  /** Together with what comes next, at the latest after SOON_MS; a wait that is over by then is not told. */
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

  function tell(message: Down): void {
    if (soon.length === 0) return send(message);
    clearTimeout(timer);
    soon.push(message);
    sendAll();
  }

  return {
    tell,
    tellSoon(message) {
      const waits = soon.length > 0;
      if (isState(soon.at(-1), "waiting")) soon.pop();
      // The time to answer it runs.
      if (isState(message, "asked")) return tell(message);
      if (!waits) timer = setTimeout(sendAll, SOON_MS);
      soon.push(message);
    },
    stop() {
      clearTimeout(timer);
      soon = [];
    },
  };
}

const isState = (message: Down | undefined, state: string) => message?.t === "state" && message.state === state;
