/** A WebSocket of an attacker's: from an address of its choice, with frames of its choice, and everything heard is kept. */
import { vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

/** How a line ended: refused over HTTP before it opened, or closed. 1006 without a reason: cut. */
export interface Ending {
  readonly status?: number;
  readonly body?: string;
  readonly code?: number;
  readonly reason?: string;
}

export interface Line {
  readonly socket: WebSocket;
  /** Text as a string, binary as a Buffer. */
  readonly heard: Array<string | Buffer>;
  readonly isOpen: boolean;
  readonly ending: Ending | undefined;
  /** Whether it opened; false once it was refused. */
  opened(): Promise<boolean>;
  send(frame: string | Uint8Array): void;
  /** The ending, which has to come within `ms`. */
  ended(ms?: number): Promise<Ending>;
}

export interface DialOptions extends ClientOptions {
  /** Loopback has 16 million addresses (127.0.0.0/8): each is a stranger to limits by address. */
  readonly from?: string;
  readonly protocols?: readonly string[];
}

export type Dial = (url: string, options?: DialOptions) => Line;

/** Lines that `hangUp` ends together. */
export function createLines(): { dial: Dial; hangUp(): void } {
  const open = new Set<WebSocket>();
  return {
    dial(url, { from = "127.0.0.66", protocols = [], ...options } = {}) {
      const socket = new WebSocket(url.replace(/^http/, "ws"), [...protocols], { localAddress: from, ...options });
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      return lineOf(socket);
    },
    hangUp() {
      for (const socket of open) socket.terminate();
    },
  };
}

function lineOf(socket: WebSocket): Line {
  const heard: Array<string | Buffer> = [];
  let ending: Ending | undefined;
  socket.on("message", (bytes: Buffer, isBinary) => heard.push(isBinary ? bytes : bytes.toString()));
  socket.on("unexpected-response", (_request, response) => {
    let body = "";
    response.on("data", (bytes) => {
      body += bytes;
    });
    response.on("end", () => {
      ending ??= { status: response.statusCode ?? 0, body };
      socket.terminate();
    });
  });
  socket.on("close", (code, reason) => {
    ending ??= { code, reason: reason.toString() };
  });
  // How it failed shows in the ending.
  socket.on("error", () => {});
  return {
    socket,
    heard,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    get ending() {
      return ending;
    },
    opened: () =>
      vi
        .waitUntil(() => (socket.readyState === WebSocket.OPEN ? { is: true } : ending && { is: false }), {
          timeout: 10_000,
          interval: 5,
        })
        .then(({ is }) => is),
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    ended: (ms = 5_000) => vi.waitUntil(() => ending, { timeout: ms, interval: 5 }),
  };
}
