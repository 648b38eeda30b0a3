/** For tests: an edge in place of a WebSocket, that greets, notes what it is told, and says only what the test has it say. */
import type { Down } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { PROTOCOL_VERSION } from "@frontrow/shared/protocol/version.ts";

export function fakeEdge(answer: (message: Up, say: (message: Down) => void) => void = () => {}) {
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
      if (message.t === "hello") say(WELCOME);
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
