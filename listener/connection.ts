/**
 * What both implementations of a socket share: the route is told `open` once and `close` once, whatever ends the
 * connection first, and hears nothing after that.
 *
 * `close()` and `terminate()` tell the route before they return, as uWebSockets does; what is left of the closing
 * handshake happens without it. A route that throws loses that one connection (1011), never the process.
 */
import { CONTROL_BYTES_MAX } from "./bounds.ts";
import type { Door } from "./door.ts";
import type { SendResult, Socket } from "./listener.ts";

export const CLOSE = { abnormal: 1006, goingAway: 1001, routeFailed: 1011, tooSlow: 1013 } as const;

export abstract class Connection<Data = unknown> implements Socket<Data> {
  readonly data: Data;
  readonly address: string;
  readonly protocol: string;
  /** `door.now` when something was last received. */
  heardAt: number;
  /** Set when a send went behind earlier bytes, until the route was told that the buffer is empty. */
  protected owesDrained = false;
  protected ended = false;
  readonly #door: Door<Data>;

  constructor(door: Door<Data>, data: Data, address: string, protocol: string) {
    this.#door = door;
    this.data = data;
    this.address = address;
    this.protocol = protocol;
    this.heardAt = door.now;
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  abstract buffered(): number;
  abstract send(message: string | Uint8Array): SendResult;
  abstract cork(sends: () => void): void;
  /** Called on open connections only, with arguments that fit a frame. */
  protected abstract sendPing(payload: Uint8Array): void;
  protected abstract sendClose(code: number, reason: string): void;
  protected abstract cut(): void;

  ping(payload: Uint8Array): void {
    if (payload.byteLength > CONTROL_BYTES_MAX)
      throw new RangeError(`a ping carries at most ${CONTROL_BYTES_MAX} bytes`);
    if (this.isOpen) this.sendPing(payload);
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.ended = true;
    const sentCode = mayTravel(code) ? code : CLOSE.routeFailed;
    this.sendClose(sentCode, shortened(reason));
    this.#tellClosed(sentCode, reason);
  }

  terminate(): void {
    if (this.ended) return;
    this.ended = true;
    this.cut();
    this.#tellClosed(CLOSE.abnormal, "");
  }

  // ---- what the transport reports -----------------------------------------------------------------------------------

  opened(): void {
    this.#door.enter(this);
    try {
      this.#door.route.open(this);
    } catch (error) {
      this.#fail(error);
    }
  }

  received(message: Uint8Array, isText: boolean): void {
    if (this.ended) return;
    this.heardAt = this.#door.now;
    try {
      this.#door.route.message(this, message, isText);
    } catch (error) {
      this.#fail(error);
    }
  }

  heard(): void {
    this.heardAt = this.#door.now;
  }

  ponged(payload: Uint8Array): void {
    this.heardAt = this.#door.now;
    if (this.ended) return;
    try {
      this.#door.route.pong?.(this, payload);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The transport's buffer is empty. */
  emptied(): void {
    if (!this.owesDrained || this.ended) return;
    this.owesDrained = false;
    try {
      this.#door.route.drained?.(this);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The transport has let go of the connection. */
  gone(code: number, reason: string): void {
    this.#door.leave(this);
    if (this.ended) return;
    this.ended = true;
    this.#tellClosed(code, reason);
  }

  /** Over the bound: the peer does not read, or not fast enough. */
  protected overflow(): SendResult {
    this.close(CLOSE.tooSlow, "");
    return "dropped";
  }

  #fail(error: unknown): void {
    this.#door.failed(error);
    this.close(CLOSE.routeFailed, "");
  }

  #tellClosed(code: number, reason: string): void {
    try {
      this.#door.route.close(this, code, reason);
    } catch (error) {
      this.#door.failed(error);
    }
  }
}

/** RFC 6455, 7.4: codes that may stand in a close frame. */
function mayTravel(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  return (code >= 3000 && code <= 4999) || (code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006));
}

/** Cut to what a close frame holds, at a character's boundary. */
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= CONTROL_BYTES_MAX - 2) return reason;
  return new TextDecoder().decode(bytes.subarray(0, CONTROL_BYTES_MAX - 2), { stream: true });
}
