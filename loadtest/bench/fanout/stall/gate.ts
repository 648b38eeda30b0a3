/** A TCP proxy that can stop reading from both ends, as a peer's machine does that has fallen asleep: nothing is lost, nothing moves. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface Gate {
  readonly port: number;
  shut(isShut: boolean): void;
}

export async function openGate(to: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const server = createServer((near) => {
    const far = connect({ host: "127.0.0.1", port: to });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("data", (bytes) => {
        if (!other.write(bytes) && !isShut) socket.pause();
      });
      other.on("drain", () => !isShut && socket.resume());
      socket.on("end", () => other.end());
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.end();
      });
      if (isShut) socket.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    shut(is) {
      isShut = is;
      for (const socket of sockets) {
        if (is) socket.pause();
        else socket.resume();
      }
    },
  };
}
