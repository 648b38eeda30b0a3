/**
 * A player on a bare TCP socket, so that a test has a thousand of them: dials as stock SDKs do, answers Colyseus' handshake and pings,
 * tells of what it hears, and does what no SDK would: it stops reading, at once and for good, or is gone without a word. All of them
 * read into one buffer: what is heard is good during the call only. What it says is masked with zeros, a mask like any (RFC 6455, 5.3).
 */
import { connect, type Socket } from "node:net";
import { upgradeRequest } from "./upgrade-request.ts";

const [BINARY, CLOSE, PING, PONG] = [0x82, 0x88, 0x89, 0x8a];
const MASKED = 0x80;
/** A length in the next two bytes, or in the next eight. */
const [LONG, LONGER] = [126, 127];
const JOIN_ROOM = 10;
/** Without a close frame. */
const CUT = 1006;

export interface RawSeatOptions {
  readonly port: number;
  /** `/{seat token}/{roomId}?…` */
  readonly path: string;
  readonly into: Buffer;
  /** A whole message. */
  readonly heard?: (message: Buffer, seat: RawSeat) => void;
}

export const createReadBuffer = () => Buffer.allocUnsafe(262_144);

export class RawSeat {
  /** Of its place, once it has joined: the next connection brings it along. */
  reconnectionToken = "";
  /** Of the close frame, 1006 without one; an HTTP status where it was refused; undefined while it lives. */
  code: number | undefined;
  /** Its own end, by which the kernel knows the connection. */
  localPort = 0;
  /** Whether it got in. */
  readonly joined: Promise<boolean>;
  readonly closed: Promise<void>;
  #rest: Buffer | undefined;
  #isUpgraded = false;
  #hasJoined: (is: boolean) => void = () => {};
  readonly #socket: Socket;
  readonly #heard: RawSeatOptions["heard"];

  constructor({ port, path, into, heard }: RawSeatOptions) {
    this.#heard = heard;
    this.joined = new Promise((resolve) => {
      this.#hasJoined = resolve;
    });
    const callback = (size: number) => {
      this.#read(into.subarray(0, size));
      return true;
    };
    this.#socket = connect({ host: "127.0.0.1", port, onread: { buffer: into, callback } });
    this.#socket.setNoDelay(true).write(upgradeRequest(path));
    // A reset is one of the ways to be closed.
    this.#socket.on("error", () => {});
    this.#socket.on("connect", () => {
      this.localPort = this.#socket.localPort ?? 0;
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on("close", () => {
        this.code ??= CUT;
        this.#hasJoined(false);
        resolve();
      });
    });
  }

  /** A message of at most 125 bytes. */
  say(message: Uint8Array, opcode = BINARY): void {
    this.#socket.write(Buffer.concat([Uint8Array.of(opcode, MASKED + message.length, 0, 0, 0, 0), message]));
  }

  /** Takes nothing more out of the kernel's hands. */
  stall(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Gone without a word. */
  cut(): void {
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
    const status = Number(bytes.toString("latin1", "HTTP/1.1 ".length, "HTTP/1.1 ".length + 3));
    if (status === 101) return this.#frames(bytes, end + 4);
    this.code = status;
    this.cut();
    return bytes.length;
  }

  /** Where the first frame begins that is not whole yet. */
  #frames(bytes: Buffer, from: number): number {
    let at = from;
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1]!;
      const start = at + 2 + (short === LONG ? 2 : short === LONGER ? 8 : 0);
      if (start > bytes.length) break;
      const size = short === LONG ? bytes.readUInt16BE(at + 2) : short === LONGER ? bytes.readUInt32BE(at + 6) : short;
      if (start + size > bytes.length) break;
      this.#frame(bytes[at]!, bytes.subarray(start, start + size));
      at = start + size;
    }
    return at;
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.say(payload, PONG);
    else if (opcode === CLOSE) {
      this.code ??= payload.length >= 2 ? payload.readUInt16BE() : CUT;
      this.cut();
    } else if (opcode === BINARY) this.#message(payload);
  }

  #message(message: Buffer): void {
    if (message[0] === JOIN_ROOM) {
      this.reconnectionToken = message.toString("utf8", 2, 2 + message[1]!);
      this.say(Uint8Array.of(JOIN_ROOM));
      this.#hasJoined(true);
    }
    this.#heard?.(message, this);
  }
}

/** A place that a player gets over HTTP, as stock SDKs get theirs: what to dial behind the host. */
export async function reserveOverHttp(url: string, mode: string): Promise<{ path: string }> {
  const body = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
  const reply = await fetch(`${url}/matchmake/joinOrCreate/${mode}`, body);
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  const { processId, roomId, sessionId } = (await reply.json()) as Record<string, string>;
  return { path: `/${processId}/${roomId}?sessionId=${sessionId}` };
}

/** `one` for each number below `count`, so many at a time, in order of their numbers. */
export async function inBatches<T>(count: number, atOnce: number, one: (at: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const from = all.length;
    all.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => one(from + at)))));
  }
  return all;
}
