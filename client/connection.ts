/**
 * The client's socket to its edge: opened when first needed, greeted, and opened again by the next request after it broke.
 * It knows nothing of tickets; whoever asks listens for the answers that carry its id.
 */
import { type Refusal, refusal } from "@frontrow/shared/errors.ts";
import { decode, encode, type Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { type Down, Down as DownSchema } from "@frontrow/shared/protocol/down.ts";
import type { Up } from "@frontrow/shared/protocol/up.ts";
import { PROTOCOL_VERSION } from "@frontrow/shared/protocol/version.ts";

export interface ConnectionOptions {
  /** `ws://` or `wss://` address of the edge's `/v1/ws`. */
  readonly url: string;
  readonly subprotocol: Subprotocol;
  readonly hello: () => Promise<{ jwt?: string; build?: string; platform?: string }>;
  readonly WebSocket: typeof WebSocket;
  readonly onMessage: (message: Down) => void;
  /** The open socket is gone; what waited for answers gets this. */
  readonly onLost: (refusal: Refusal & { requestId: string }) => void;
}

type Welcome = Extract<Down, { t: "welcome" }>;

/** Larger than anything an edge says. */
const MESSAGE_BYTES = 65_536;
const OPEN_MS = 8_000;

export interface Connection {
  /** Resolves once greeted; rejects with a `LostConnection`. */
  open(): Promise<Welcome>;
  send(message: Up): void;
  close(): void;
}

export class LostConnection extends Error {
  readonly refusal: Refusal & { requestId: string };
  constructor(refusal: Refusal & { requestId: string }) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function createConnection(options: ConnectionOptions): Connection {
  let socket: WebSocket | undefined;
  let welcomed: Promise<Welcome> | undefined;

  function lose(of: WebSocket | undefined, why: Refusal & { requestId: string }): void {
    if (of !== socket) return;
    socket = undefined;
    welcomed = undefined;
    options.onLost(why);
  }

  async function dial(): Promise<Welcome> {
    const hello = await options.hello();
    return new Promise((resolve, reject) => {
      const dialled = new options.WebSocket(options.url, [options.subprotocol]);
      dialled.binaryType = "arraybuffer";
      socket = dialled;
      let lastError: (Refusal & { requestId: string }) | undefined;
      const giveUp = setTimeout(() => dialled.close(), OPEN_MS);

      dialled.onopen = () => write(dialled, { t: "hello", v: PROTOCOL_VERSION, ...hello });
      dialled.onmessage = ({ data }) => {
        const bytes = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);
        const decoded = decode(DownSchema, bytes, MESSAGE_BYTES);
        if (!decoded.ok) return dialled.close(4300, "not understood");
        const message = decoded.value;
        if (message.t === "welcome") {
          clearTimeout(giveUp);
          resolve(message);
        }
        if (message.t === "error" && !message.id) lastError = lossOf(message);
        if (message.t === "probe") write(dialled, { t: "echo", nonce: message.nonce });
        options.onMessage(message);
      };
      dialled.onclose = () => {
        clearTimeout(giveUp);
        const why = lastError ?? { ...refusal("EDGE_UNREACHABLE"), requestId: "" };
        reject(new LostConnection(why));
        lose(dialled, why);
      };
    });
  }

  function write(to: WebSocket, message: Up): void {
    to.send(encode(message, options.subprotocol));
  }

  return {
    open() {
      welcomed ??= dial();
      welcomed.catch(() => {
        welcomed = undefined;
      });
      return welcomed;
    },
    send(message) {
      if (socket?.readyState === 1) write(socket, message);
    },
    close() {
      const open = socket;
      lose(open, { ...refusal("CANCELLED"), requestId: "" });
      open?.close(1000);
    },
  };
}

function lossOf({ t: _t, id: _id, issues, ...rest }: Extract<Down, { t: "error" }>): Refusal & { requestId: string } {
  return { ...rest, ...(issues ? { issues } : {}) };
}
