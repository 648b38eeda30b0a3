/** For tests: an edge in place of a WebSocket, that greets, notes what it is told, and says only what the test has it say. */
import type { Room } from "@colyseus/sdk";
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { PROTOCOL_VERSION } from "@frontrow/shared/protocol/version.ts";

export function fakeEdge(
  answer: (message: Up, say: (message: Down) => void) => void = () => {},
  welcome: { playerId?: string; guest?: boolean } = {},
) {
  const heard: Up[] = [];
  const sockets: FakeSocket[] = [];

  class FakeSocket {
    readyState = 0;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    constructor() {
      sockets.push(this);
      queueMicrotask(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send(text: string) {
      const message = JSON.parse(text) as Up;
      heard.push(message);
      const say = (down: Down) => queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(down) }));
      if (message.t === "hello") say({ ...WELCOME, ...welcome });
      else answer(message, say);
    }
    /** A half-open socket never hears the other side's close, so there is no event. */
    close() {
      this.readyState = 2;
    }
  }
  return { heard, sockets, WebSocket: FakeSocket as unknown as typeof WebSocket };
}

const WELCOME: Down = { t: "welcome", v: PROTOCOL_VERSION, playerId: "p", guest: true, edge: "fra", modes: ["arena"] };

/** As much of a joined room as the client looks at; `end` closes it, `back` is a reconnection that brought another token. */
export function fakeRoom(secret = "s.1") {
  const on = { leave: [] as ((code: number) => void)[], reconnect: () => {} };
  const room = {
    roomId: "fra_1_abcdef",
    reconnectionToken: `fra_1_abcdef:${secret}`,
    reconnection: { minUptime: 5_000, backoff: () => 0 },
    connection: { isOpen: true, events: {} },
    onLeave(told: (code: number) => void) {
      on.leave.push(told);
    },
    onReconnect(told: () => void) {
      on.reconnect = told;
    },
    end(code: number) {
      for (const told of on.leave) told(code);
    },
    back(token: string) {
      on.reconnect();
      room.reconnectionToken = `fra_1_abcdef:${token}`;
    },
  };
  return room as unknown as typeof room & Room;
}

/** The seat of ticket `id`. */
export const seatOf = (id: string): Down => ({
  t: "seat",
  id,
  metro: "fra",
  why: [],
  seat: {
    token: "t",
    mode: "arena",
    roomId: "fra_1_abcdef",
    sessionId: "s",
    publicAddress: "",
    secure: false,
    expiresInMs: 1,
    generation: 1,
  },
});
