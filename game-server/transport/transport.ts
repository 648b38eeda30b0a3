/**
 * Colyseus' Transport without a port of its own: sockets come from a Listener that the process owns and shares with its other
 * doors. With `bindRouter` in place and no `server`, Colyseus mounts none of its own routes either.
 */
import { Transport } from "@colyseus/core";

export class ListenerTransport extends Transport {
  override listen(
    _port?: number | string,
    _host?: string,
    _backlog?: number,
    listening?: (error?: Error) => void,
  ): this {
    listening?.();
    return this;
  }
  override shutdown(): void {}
  override simulateLatency(): void {}
  override bindRouter(): void {}
}
