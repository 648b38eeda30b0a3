/** Stand-ins for what a part of the game server is given, where the real thing would be the test of something else. */
import { EventEmitter } from "node:events";
import type { SendResult, Socket } from "@frontrow/listener/listener.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";

export const seatClaims = (claims: Partial<SeatClaims> = {}): SeatClaims => ({
  metro: "fra",
  server: "7",
  boot: "b1",
  room: "fra_7_aaaaa",
  mode: "arena",
  ticket: "t1",
  seat: 0,
  gen: 1,
  sid: "s1",
  player: "ada",
  guest: false,
  seats: 4,
  private: false,
  compat: "any",
  options: {},
  rtt: { minMs: 10, jitterMs: 1, loss: 0, samples: 5, verified: true },
  exp: Date.now() + 10_000,
  ...claims,
});

/** As much of a Colyseus room as the table looks at. */
export function fakeRoom({ roomId }: { roomId: string }) {
  const events = new EventEmitter();
  return {
    roomId,
    maxClients: 4,
    autoDispose: true,
    clients: new Map<string, unknown>(),
    _reservedSeats: {},
    metadata: undefined as unknown,
    _events: events,
    _lockedExplicitly: false,
    _listing: { private: false },
    async disconnect() {
      events.emit("dispose");
      events.emit("disconnect");
    },
  };
}

export interface FakeSocket extends Socket {
  isOpen: boolean;
  /** Frames by the cork that they left in; a frame outside any has its own. */
  readonly corks: Uint8Array[][];
  readonly closes: Array<{ code: number; reason: string }>;
  result: SendResult;
}

export function fakeSocket(): FakeSocket {
  let corked: Uint8Array[] | undefined;
  const socket: FakeSocket = {
    data: undefined,
    address: "127.0.0.1",
    protocol: "",
    isOpen: true,
    corks: [],
    closes: [],
    result: "sent",
    buffered: () => 0,
    send(message) {
      // Copied, as a socket takes the bytes before it returns.
      const frame = Uint8Array.from(message as Uint8Array);
      if (corked) corked.push(frame);
      else socket.corks.push([frame]);
      return socket.result;
    },
    ping() {},
    cork(sends) {
      corked = [];
      sends();
      socket.corks.push(corked);
      corked = undefined;
    },
    close(code, reason) {
      socket.isOpen = false;
      socket.closes.push({ code, reason });
    },
    terminate() {
      socket.isOpen = false;
    },
  };
  return socket;
}
