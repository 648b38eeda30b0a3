/**
 * What the kernel holds of connections to a port of this machine: bytes that one end has sent and the other has not taken, which no process
 * counts as its memory. Linux only (proc(5), /proc/net/tcp).
 */
import { readFileSync } from "node:fs";

/** By the port of the end that dialled: what waits to be sent to it, and what it has not read. */
export function kernelBytes(port: number): ReadonlyMap<number, number> {
  const held = new Map<number, number>();
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local, remote, , queues] = line.trim().split(/\s+/);
    if (!local || !remote || !queues) continue;
    const [localPort, remotePort] = [portOf(local), portOf(remote)];
    const [toSend, toRead] = queues.split(":").map((hex) => Number.parseInt(hex, 16));
    const [dialler, bytes] = localPort === port ? [remotePort, toSend!] : [localPort, toRead!];
    if (localPort === port || remotePort === port) held.set(dialler, (held.get(dialler) ?? 0) + bytes);
  }
  return held;
}

const portOf = (address: string) => Number.parseInt(address.slice(address.indexOf(":") + 1), 16);
