/**
 * A WebSocket client that does next to nothing, so that one core has thousands: it cuts what arrives into frames, looks at the tick in
 * each and forgets it. What it says is masked with zeros, which is as good a mask as any (RFC 6455, 5.3) and spares the masking.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { STREAM_HEAD } from "@frontrow/shared/stream/echo.ts";
import { FRAME } from "@frontrow/shared/stream/layout.ts";

const BINARY = 0x82;
const CLOSE = 0x88;
const MASKED = 0x80;
const [LONG, LONGER] = [126, 127];
const JOIN_ROOM = 10;
const JOINED = frameOf(Uint8Array.of(JOIN_ROOM));
const FINGERPRINT_BYTES = 4;

/** A client's binary frame of at most 125 bytes. */
export function frameOf(payload: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(BINARY, MASKED + payload.length, 0, 0, 0, 0), payload]);
}

/** All sockets of a process read into this: what is read is done with before the next is. */
export const createReadBuffer = () => Buffer.allocUnsafe(262_144);

export interface RawClientOptions {
  readonly port: number;
  readonly path: string;
  readonly into: Buffer;
  /** A frame of the stream, without its head; good during the call. */
  readonly heard: (client: RawClient, frame: Buffer) => void;
  readonly closed: (client: RawClient, code: number) => void;
}

export class RawClient {
  /** Of the last frame; -1 before the first. */
  tick = -1;
  /** First bytes of a frame whose rest is still to come. */
  #rest: Buffer | undefined;
  #isUpgraded = false;
  readonly #socket: Socket;
  readonly #options: RawClientOptions;

  constructor(options: RawClientOptions) {
    this.#options = options;
    const { port, path, into } = options;
    const callback = (size: number) => {
      this.#read(into.subarray(0, size));
      return true;
    };
    this.#socket = connect({ host: "127.0.0.1", port, onread: { buffer: into, callback } });
    this.#socket.setNoDelay(true);
    const key = randomBytes(16).toString("base64");
    const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    this.#socket.write(`${head}Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => options.closed(this, 0));
  }

  say(frame: Buffer): void {
    this.#socket.write(frame);
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const done = this.#isUpgraded ? this.#frames(bytes, 0) : this.#upgrade(bytes);
    this.#rest = done === bytes.length ? undefined : Buffer.from(bytes.subarray(done));
  }

  #upgrade(bytes: Buffer): number {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    this.#isUpgraded = true;
    if (!bytes.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) {
      console.error(bytes.subarray(0, end).toString());
      this.end();
    }
    return this.#frames(bytes, end + 4);
  }

  /** Where the first frame begins that is not complete. */
  #frames(bytes: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= bytes.length) {
      let [size, start] = [bytes[at + 1]!, at + 2];
      if (size === LONG) {
        if (start + 2 > bytes.length) break;
        size = bytes.readUInt16BE(start);
        start += 2;
      } else if (size === LONGER) {
        if (start + 8 > bytes.length) break;
        size = bytes.readUInt32BE(start + 4);
        start += 8;
      }
      if (start + size > bytes.length) break;
      if (bytes[at] === BINARY) this.#message(bytes, start, start + size);
      else if (bytes[at] === CLOSE) this.#options.closed(this, size >= 2 ? bytes.readUInt16BE(start) : 0);
      at = start + size;
    }
    return at;
  }

  #message(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === JOIN_ROOM) return this.say(JOINED);
    if (bytes[start] !== STREAM_HEAD[0] || bytes[start + 2] !== STREAM_HEAD[2]) return;
    this.tick = tickOf(bytes, start + STREAM_HEAD.length);
    this.#options.heard(this, bytes.subarray(start + STREAM_HEAD.length, end));
  }
}

function tickOf(bytes: Buffer, start: number): number {
  let at = start + 1 + (bytes[start]! & FRAME.fresh ? FINGERPRINT_BYTES : 0);
  let [tick, factor] = [0, 1];
  for (; bytes[at]! >= 0x80; at++, factor *= 128) tick += (bytes[at]! & 0x7f) * factor;
  return tick + bytes[at]! * factor;
}
