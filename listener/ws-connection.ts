/**
 * A socket on the `ws` package. It writes what it is given without a copy, and callers reuse their bytes, so bytes are
 * copied; and it keeps whatever a mute peer does not take, so every frame, pongs too, is held to the route's bound.
 */
import type { Socket as NetSocket } from "node:net";
import { WebSocket } from "ws";
import { Connection } from "./connection.ts";
import type { Door } from "./door.ts";
import type { SendResult } from "./listener.ts";

const TEXT = { binary: false };
const BINARY = { binary: true };

// biome-ignore lint/suspicious/noExplicitAny: as in uws-connection.ts
export class WsConnection<Data = any> extends Connection<Data> {
  readonly #socket: WebSocket;
  readonly #stream: NetSocket;
  readonly #bytesMax: number;
  /** Bytes that were waiting when the current `cork` began; what is corked after them counts as sent. */
  #corkedAt = -1;
  /** One function for all frames, so that a message makes no closure. */
  readonly #written = () => {
    if (this.owesDrained && this.#socket.bufferedAmount === 0) this.emptied();
  };

  constructor(door: Door<Data>, data: Data, address: string, protocol: string, socket: WebSocket, stream: NetSocket) {
    super(door, data, address, protocol);
    this.#socket = socket;
    this.#stream = stream;
    this.#bytesMax = door.route.sendBufferBytesMax;
    socket.on("message", (message: Buffer, isBinary) => this.received(message, !isBinary));
    socket.on("ping", (payload) => this.#answerPing(payload));
    socket.on("pong", (payload) => this.ponged(payload));
    socket.on("close", (code, reason) => this.gone(code, reason.toString()));
    // What was wrong shows in the close code; without a listener it would end the process.
    socket.on("error", () => {});
  }

  /** Also false while a close frame of the peer's is being answered. */
  override get isOpen(): boolean {
    return !this.ended && this.#socket.readyState === WebSocket.OPEN;
  }

  buffered(): number {
    return this.#socket.readyState === WebSocket.CLOSED ? 0 : this.#socket.bufferedAmount;
  }

  send(message: string | Uint8Array): SendResult {
    if (!this.isOpen) return "dropped";
    if (this.#socket.bufferedAmount > this.#bytesMax) return this.overflow();
    if (typeof message === "string") this.#socket.send(message, TEXT, this.#written);
    else this.#socket.send(Buffer.from(message), BINARY, this.#written);
    const isBehind = this.#corkedAt === -1 ? this.#socket.bufferedAmount > 0 : this.#corkedAt > 0;
    if (!isBehind) return "sent";
    this.owesDrained = true;
    return "queued";
  }

  cork(sends: () => void): void {
    if (!this.isOpen || this.#corkedAt !== -1) {
      if (this.isOpen) sends();
      return;
    }
    this.#corkedAt = this.#socket.bufferedAmount;
    this.#stream.cork();
    try {
      sends();
    } finally {
      this.#stream.uncork();
      this.#corkedAt = -1;
      if (this.buffered() > 0) this.owesDrained = true;
    }
  }

  protected sendPing(payload: Uint8Array): void {
    if (this.#socket.bufferedAmount <= this.#bytesMax) this.#socket.ping(Buffer.from(payload));
  }

  /** A peer that does not answer is cut by `closeTimeout`. */
  protected sendClose(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  protected cut(): void {
    this.#socket.terminate();
  }

  #answerPing(payload: Buffer): void {
    this.heard();
    if (this.isOpen && this.#socket.bufferedAmount <= this.#bytesMax) this.#socket.pong(payload);
  }
}
