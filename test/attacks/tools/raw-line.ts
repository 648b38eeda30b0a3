/** A TCP connection after a good WebSocket handshake, for frames that no WebSocket library would send. */
import { connect, type Socket } from "node:net";
import { vi } from "vitest";
import { frame } from "../../support/sockets.ts";
import { upgradeRequest } from "../../support/upgrade-request.ts";

export interface RawLine {
  readonly socket: Socket;
  /** Resolves when nothing of the connection is left; `name` stands in the failure. */
  closed(name: string, ms?: number): Promise<void>;
}

export interface RawOptions {
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

export async function rawLine(
  port: number,
  path: string,
  { headers, from = "127.0.0.66" }: RawOptions,
): Promise<RawLine> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  let said = "";
  let isClosed = false;
  socket.on("data", (bytes) => {
    said += bytes.toString("latin1");
  });
  socket.on("close", () => {
    isClosed = true;
  });
  // A reset is one of the ways to be closed.
  socket.on("error", () => {});
  socket.write(upgradeRequest(path, headers));
  await vi.waitUntil(() => said.includes("\r\n\r\n"), { timeout: 5_000, interval: 5 });
  if (!said.startsWith("HTTP/1.1 101")) throw new Error(said);
  return {
    socket,
    async closed(name, ms = 5_000) {
      await vi
        .waitUntil(() => isClosed, { timeout: ms, interval: 5 })
        .catch(() => {
          throw new Error(`still connected: ${name}`);
        });
    },
  };
}

/** What a frame must not be (RFC 6455, 5), and frames of which the rest never comes. */
export const brokenFrames: Readonly<Record<string, { bytes: Buffer; mustEnd: boolean }>> = {
  // uWebSockets takes the next four bytes for the mask, and waits for the rest.
  "not masked": { bytes: frame(2, "hello", { masked: false }), mustEnd: false },
  "an unknown opcode": { bytes: frame(3, "hello"), mustEnd: true },
  "an unknown control opcode": { bytes: frame(11, "hello"), mustEnd: true },
  "a reserved bit": { bytes: Buffer.from([0xc2, 0x80, 0, 0, 0, 0]), mustEnd: true },
  "a fragmented ping": { bytes: frame(9, "hello", { fin: false }), mustEnd: true },
  "a ping of 126 bytes": { bytes: frame(9, Buffer.alloc(126)), mustEnd: true },
  "a continuation of nothing": { bytes: frame(0, "hello"), mustEnd: true },
  "a length of 2^63": { bytes: Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), mustEnd: true },
  "a length of 2^40": { bytes: Buffer.from([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), mustEnd: true },
  "text that is no UTF-8": { bytes: frame(1, Buffer.from([0xc3, 0x28])), mustEnd: true },
  "a close with one byte": { bytes: frame(8, Buffer.from([3])), mustEnd: true },
  "a close with a code that may not travel": { bytes: frame(8, Buffer.from([0x03, 0xee])), mustEnd: true },
  "HTTP in the middle": { bytes: Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n"), mustEnd: true },
  "half a header": { bytes: Buffer.from([0x82, 0xfe, 0x01]), mustEnd: false },
  "half a payload": { bytes: Buffer.from([0x82, 0x80 | 100, 0, 0, 0, 0, 1, 2, 3]), mustEnd: false },
  "fragments that are more than a message may be together": {
    bytes: Buffer.concat([
      frame(2, Buffer.alloc(1_000), { fin: false }),
      ...Array.from({ length: 24 }, () => frame(0, Buffer.alloc(1_000), { fin: false })),
    ]),
    mustEnd: true,
  },
  "a fragment without an end": { bytes: frame(2, "hello", { fin: false }), mustEnd: false },
};
