/**
 * A socket on uWebSockets. Its native half throws on everything once it is closed, so it is dropped the moment its close
 * handler has run, inside `end()` and `close()` too.
 *
 * A close frame sent behind unsent bytes would be dropped or wait 4 s for a mute peer. So with bytes waiting, `close()`
 * leaves the native socket open until they are gone and ends it then, or cuts it after CLOSE_MS_MAX.
 */
import type * as uWS from "uWebSockets.js";
import { CLOSE_MS_MAX } from "./bounds.ts";
import { Connection } from "./connection.ts";
import type { SendResult } from "./listener.ts";

/** uWebSockets copies the user data's properties onto the native socket, which spares a call per message. */
export interface Wired {
  readonly connection: UwsConnection;
}
export type NativeSocket = uWS.WebSocket<Wired> & Wired;

const SENT = 1;
const QUEUED = 0;

// biome-ignore lint/suspicious/noExplicitAny: connections of different data types share the native callbacks
export class UwsConnection<Data = any> extends Connection<Data> {
  #native: NativeSocket | undefined;
  #closing: { code: number; reason: string; deadline: NodeJS.Timeout } | undefined;

  wire(native: NativeSocket): void {
    this.#native = native;
    this.opened();
  }

  buffered(): number {
    return this.#native?.getBufferedAmount() ?? 0;
  }

  send(message: string | Uint8Array): SendResult {
    if (this.ended) return "dropped";
    const result = this.#native!.send(message, typeof message !== "string");
    if (result === SENT) return "sent";
    if (result !== QUEUED) return this.overflow();
    this.owesDrained = true;
    return "queued";
  }

  cork(sends: () => void): void {
    if (this.ended) return;
    this.#native!.cork(sends);
    if (this.buffered() > 0) this.owesDrained = true;
  }

  protected sendPing(payload: Uint8Array): void {
    this.#native!.ping(payload);
  }

  protected sendClose(code: number, reason: string): void {
    if (this.buffered() === 0) {
      this.#native!.end(code, reason);
      return;
    }
    const deadline = setTimeout(() => this.#native?.close(), CLOSE_MS_MAX);
    this.#closing = { code, reason, deadline };
  }

  protected cut(): void {
    this.#native!.close();
  }

  /** uWebSockets also calls this when only a part has left. */
  drain(): void {
    if (this.buffered() > 0) return;
    if (this.#closing) this.#native!.end(this.#closing.code, this.#closing.reason);
    else this.emptied();
  }

  closed(code: number, reason: string): void {
    this.#native = undefined;
    clearTimeout(this.#closing?.deadline);
    this.gone(code, reason);
  }
}
