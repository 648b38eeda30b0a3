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
  readonly onLost: (refusal: Loss) => void;
}

/** What a developer is told: a refusal, and where in the edge's log it stands (empty if no edge said it). */
export type Loss = Refusal & { readonly requestId: string };

const CLOSED: Loss = { ...refusal("CANCELLED", "The client was closed."), requestId: "" };

type Welcome = Extract<Down, { t: "welcome" }>;

/** Larger than anything an edge says. */
const MESSAGE_BYTES = 65_536;
const OPEN_MS = 8_000;

export interface Connection {
  /** Resolves once greeted; rejects with a `LostConnection`. */
  open(): Promise<Welcome>;
  send(message: Up): void;
  /** Whoever waits is told `why`; the next `open` dials again. */
  close(why?: Loss): void;
}

/** There is no answer from the edge but this one. */
export class LostConnection extends Error {
  readonly refusal: Loss;
  constructor(refusal: Loss) {
    super(`${refusal.code}: ${refusal.message}`);
    this.name = "LostConnection";
    this.refusal = refusal;
  }
}

export function createConnection(options: ConnectionOptions): Connection {
  let socket: WebSocket | undefined;
  let welcomed: Promise<Welcome> | undefined;
  let closings = 0;

  function lose(of: WebSocket | undefined, why: Loss): void {
    if (of !== socket) return;
    socket = undefined;
    welcomed = undefined;
    options.onLost(why);
  }

  async function dial(): Promise<Welcome> {
    const before = closings;
    const hello = await options.hello().catch((error) => {
      throw new LostConnection({
        ...refusal("AUTH_REQUIRED", `The client's jwt function failed: ${textOf(error)}`),
        requestId: "",
      });
    });
    if (before !== closings) throw new LostConnection(CLOSED);
    return new Promise((resolve, reject) => {
      const dialled = new options.WebSocket(options.url, [options.subprotocol]);
      dialled.binaryType = "arraybuffer";
      socket = dialled;
      let lastError: Loss | undefined;
      const giveUp = setTimeout(() => {
        end();
        dialled.close();
      }, OPEN_MS);

      // Once: a second call finds the promise settled and another socket in use.
      function end(): void {
        clearTimeout(giveUp);
        const why = lastError ?? { ...refusal("EDGE_UNREACHABLE", `(${options.url})`), requestId: "" };
        reject(new LostConnection(why));
        lose(dialled, why);
      }

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
        if (message.t === "error" && !message.id) lastError = saidBy(message);
        if (message.t === "probe") write(dialled, { t: "echo", nonce: message.nonce });
        options.onMessage(message);
      };
      dialled.onclose = end;
      // Node fires no close event where the connection was refused.
      dialled.onerror = end;
    });
  }

  function write(to: WebSocket, message: Up): void {
    to.send(encode(message, options.subprotocol));
  }

  return {
    open() {
      if (welcomed) return welcomed;
      const dialling = dial();
      welcomed = dialling;
      dialling.catch(() => {
        if (welcomed === dialling) welcomed = undefined;
      });
      return dialling;
    },
    send(message) {
      if (socket?.readyState === 1) write(socket, message);
    },
    close(why = CLOSED) {
      closings++;
      const open = socket;
      lose(open, why);
      open?.close(1000);
    },
  };
}

function saidBy({ t: _t, id: _id, issues, ...rest }: Extract<Down, { t: "error" }>): Loss {
  return { ...rest, ...(issues ? { issues } : {}) };
}

/** Why `open` rejected. What is no `LostConnection` is the runtime's: a WebSocket that it would not make. */
export function lossOf(error: unknown): Loss {
  if (error instanceof LostConnection) return error.refusal;
  return { ...refusal("EDGE_UNREACHABLE", textOf(error)), requestId: "" };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
