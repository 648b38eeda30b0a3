/**
 * Pings every game socket well within the time after which a silent one is closed: a player who only watches sends nothing for
 * minutes. The connections are spread over slots, one slot a turn, so that thousands of pings never fall on one tick.
 */
import type { Limits } from "@frontrow/shared/limits.ts";

export interface Pinged {
  ping(): void;
}

export interface Keepalive {
  add(connection: Pinged): void;
  remove(connection: Pinged): void;
  stop(): void;
}

const SLOTS = 32;
/** Pings within the idle time: one may be lost. */
const PINGS_PER_IDLE = 3;

export function createKeepalive(limits: Limits): Keepalive {
  const slots = Array.from({ length: SLOTS }, () => new Set<Pinged>());
  const slotOf = new WeakMap<Pinged, Set<Pinged>>();
  let added = 0;
  let turn = 0;
  const timer = setInterval(
    () => {
      for (const connection of slots[turn++ % SLOTS]!) connection.ping();
    },
    limits.socketIdleMs / PINGS_PER_IDLE / SLOTS,
  );
  timer.unref();

  return {
    add(connection) {
      const slot = slots[added++ % SLOTS]!;
      slot.add(connection);
      slotOf.set(connection, slot);
    },
    remove: (connection) => void slotOf.get(connection)?.delete(connection),
    stop: () => clearInterval(timer),
  };
}
