/**
 * Peers for tests of listeners: a `ws` client that keeps what it received, and a bare TCP or TLS connection for peers that
 * do not behave. All of them are closed by `closePeers`, which a suite calls after each test.
 */
import { connect, type Socket as NetSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { upgradeRequest } from "./upgrade-request.ts";

export const testTls = {
  certFile: fileURLToPath(new URL("./tls/localhost.cert.pem", import.meta.url)),
  keyFile: fileURLToPath(new URL("./tls/localhost.key.pem", import.meta.url)),
};

export interface WsPeer {
  readonly socket: WebSocket;
  /** Text as a string, binary as a Buffer. */
  readonly messages: Array<string | Buffer>;
  readonly pongs: Buffer[];
  /** Undefined until it closed. */
  closed: { code: number; reason: string } | undefined;
}

export interface RawPeer {
  readonly socket: NetSocket;
  /** Everything received so far, one character a byte. */
  text: string;
  /** The other end sent its last byte. */
  hasEnded: boolean;
  /** Nothing of the connection is left. */
  hasClosed: boolean;
}

export function createPeers() {
  const open: Array<() => void> = [];
  return {
    /** Resolves when open; rejects with the status of a refusal. */
    async ws(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<WsPeer> {
      const socket = new WebSocket(url, protocols, { rejectUnauthorized: false, ...options });
      open.push(() => socket.terminate());
      return recorded(socket);
    },
    raw(port: number, { tls = false, allowHalfOpen = false, host = "127.0.0.1" } = {}): RawPeer {
      const socket = tls
        ? connectTls({ port, host, rejectUnauthorized: false })
        : connect({ port, host, allowHalfOpen });
      open.push(() => socket.destroy());
      return rawRecorded(socket);
    },
    /** A bare connection after a WebSocket handshake that sends only what it is told to. */
    async upgraded(port: number, path: string, options: { allowHalfOpen?: boolean } = {}): Promise<RawPeer> {
      const peer = this.raw(port, options);
      peer.socket.write(upgradeRequest(path));
      const answered = () => {
        if (!peer.text.includes("\r\n\r\n")) throw new Error(`no answer to the upgrade yet: ${peer.text}`);
      };
      await vi.waitFor(answered, { timeout: 5_000, interval: 5 });
      return peer;
    },
    close() {
      for (const end of open.splice(0)) end();
    },
  };
}
export type Peers = ReturnType<typeof createPeers>;

function recorded(socket: WebSocket): Promise<WsPeer> {
  const peer: WsPeer = { socket, messages: [], pongs: [], closed: undefined };
  socket.on("message", (bytes: Buffer, isBinary) => peer.messages.push(isBinary ? bytes : bytes.toString()));
  socket.on("pong", (bytes) => peer.pongs.push(bytes));
  socket.on("close", (code, reason) => {
    peer.closed = { code, reason: reason.toString() };
  });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => resolve(peer));
  });
}

function rawRecorded(socket: NetSocket): RawPeer {
  const peer: RawPeer = { socket, text: "", hasEnded: false, hasClosed: false };
  socket.setEncoding("latin1");
  socket.on("data", (text) => {
    peer.text += text;
  });
  socket.on("end", () => {
    peer.hasEnded = true;
  });
  socket.on("close", () => {
    peer.hasClosed = true;
  });
  // A reset is one of the ways to be closed.
  socket.on("error", () => {});
  return peer;
}

/** A client's frame, masked with zeros; payloads up to 65,535 bytes. */
export function frame(opcode: number, payload: Uint8Array | string = "", { masked = true, fin = true } = {}): Buffer {
  const bytes = Buffer.from(payload as string);
  const length = bytes.length > 125 ? [126, bytes.length >> 8, bytes.length & 255] : [bytes.length];
  length[0]! |= masked ? 0x80 : 0;
  const mask = masked ? [0, 0, 0, 0] : [];
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, ...length, ...mask]), bytes]);
}
