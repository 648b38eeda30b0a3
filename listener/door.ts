/**
 * A socket route while it runs: which connections are in, and which of them have fallen silent.
 *
 * Idle means that nothing was received. uWebSockets' own timer starts at 8 s, counts in steps of 4 s and starts again when
 * bytes leave, so both implementations use this one: a counter that a timer advances, and which a connection notes whenever
 * it hears something. That costs a message one store, and a process that was stopped for an hour expires nobody on waking.
 */
import type { Connection } from "./connection.ts";
import type { SocketRoute } from "./listener.ts";
import type { Failed } from "./reply.ts";

export interface Door<Data = unknown> {
  readonly route: SocketRoute<Data>;
  readonly failed: Failed;
  /** Goes up TICKS_PER_IDLE times in `idleMs`, while anybody is in. */
  readonly now: number;
  readonly size: number;
  enter(connection: Connection<Data>): void;
  leave(connection: Connection<Data>): void;
  closeAll(code: number): void;
}

/** Ends an idle connection between 1 and 1.25 times `idleMs` after it was last heard. */
const TICKS_PER_IDLE = 8;

export function createDoor<Data>(route: SocketRoute<Data>, failed: Failed): Door<Data> {
  const inside = new Set<Connection<Data>>();
  let timer: NodeJS.Timeout | undefined;
  const door = {
    route,
    failed,
    now: 0,
    get size() {
      return inside.size;
    },
    enter(connection: Connection<Data>) {
      inside.add(connection);
      timer ??= setInterval(tick, Math.max(1, route.idleMs / TICKS_PER_IDLE)).unref();
    },
    leave(connection: Connection<Data>) {
      inside.delete(connection);
      if (inside.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    closeAll(code: number) {
      for (const connection of inside) connection.close(code, "");
    },
  };
  function tick() {
    door.now++;
    for (const connection of inside) {
      if (door.now - connection.heardAt > TICKS_PER_IDLE) connection.terminate();
    }
  }
  return door;
}
