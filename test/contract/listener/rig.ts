/** What the listener's rules are tried on: an implementation, its listeners, and routes that write down what they saw. */
import { vi } from "vitest";
import type {
  Head,
  HttpRoute,
  Listen,
  ListenerOptions,
  Listening,
  Socket,
  SocketRoute,
} from "../../../listener/listener.ts";
import { createPeers } from "../../support/sockets.ts";

export interface ListenerSubject {
  readonly kind: Listening["kind"];
  readonly listen: Listen;
  /** Longest life of a head that never ends, when `requestHeadMs` is 1,000. */
  readonly slowHeadMs: number;
  /** Longest life of a connection whose peer does not answer a close frame. */
  readonly muteMs: number;
  /** uWebSockets takes an unmasked frame for a masked one, which garbles what its sender says, and nothing else. */
  readonly refusesUnmasked: boolean;
}

export interface Opened extends Listening {
  readonly http: string;
  readonly ws: string;
  /** What routes threw. */
  readonly failures: unknown[];
}

export function createRig({ listen }: ListenerSubject) {
  const peers = createPeers();
  const listeners: Listening[] = [];
  return {
    peers,
    async open(options: Partial<ListenerOptions> = {}): Promise<Opened> {
      const failures: unknown[] = [];
      const listening = await listen({
        host: "127.0.0.1",
        port: 0,
        trustedProxies: [],
        httpBodyBytes: 1_000,
        requestHeadMs: 5_000,
        http: [],
        sockets: [],
        failed: (error) => failures.push(error),
        ...options,
      });
      listeners.push(listening);
      const s = options.tls ? "s" : "";
      const at = `127.0.0.1:${listening.port}`;
      return { ...listening, failures, http: `http${s}://${at}`, ws: `ws${s}://${at}` };
    },
    async close() {
      peers.close();
      await Promise.all(listeners.splice(0).map((each) => each.close()));
    },
  };
}
export type Rig = ReturnType<typeof createRig>;

export interface Seen<Data> {
  readonly heads: Head[];
  readonly sockets: Array<Socket<Data>>;
  /** Strings for text, Buffers for binary. */
  readonly messages: Array<string | Buffer>;
  readonly pongs: Buffer[];
  drained: number;
  readonly closes: Array<{ code: number; reason: string }>;
}

/** A route at `/ws` that accepts everybody and writes down what happened; `over` replaces parts of it. */
export function recordingRoute<Data = string>(over: Partial<SocketRoute<Data>> = {}) {
  const seen: Seen<Data> = { heads: [], sockets: [], messages: [], pongs: [], drained: 0, closes: [] };
  const route: SocketRoute<Data> = {
    path: "/ws",
    messageBytesMax: 10_000,
    sendBufferBytesMax: 65_536,
    idleMs: 60_000,
    upgrade: () => ({ accept: "" as Data }),
    ...over,
    open: (socket) => {
      seen.sockets.push(socket);
      over.open?.(socket);
    },
    message: (socket, bytes, isText) => {
      seen.messages.push(isText ? Buffer.from(bytes).toString() : Buffer.from(bytes));
      over.message?.(socket, bytes, isText);
    },
    pong: (socket, payload) => {
      seen.pongs.push(Buffer.from(payload));
      over.pong?.(socket, payload);
    },
    drained: (socket) => {
      seen.drained++;
      over.drained?.(socket);
    },
    close: (socket, code, reason) => {
      seen.closes.push({ code, reason });
      over.close?.(socket, code, reason);
    },
  };
  return { route, seen };
}

/** Says back whatever it is told. */
export const echo: Pick<SocketRoute<string>, "message"> = {
  message: (socket, bytes, isText) => void socket.send(isText ? Buffer.from(bytes).toString() : bytes),
};

export function get(path: string, handle: HttpRoute["handle"]): HttpRoute {
  return { method: "GET", path, handle };
}

/** Waits until `condition` returns something true, and returns it. */
export function until<T>(condition: () => T, ms = 5_000): Promise<NonNullable<T>> {
  return vi.waitFor(
    () => {
      const value = condition();
      if (!value) throw new Error(`not within ${ms} ms: ${condition}`);
      return value;
    },
    { timeout: ms, interval: 10 },
  );
}
