/** The doors that the caller mounts on its Listener. */
import type { HttpRoute, SocketRoute } from "@frontrow/listener/listener.ts";
import { createAddressLimits } from "./admission/address-limits.ts";
import { createAdmit } from "./admission/admit.ts";
import { createDoor } from "./admission/door.ts";
import { openMatchmaking } from "./admission/open.ts";
import { createReturns } from "./admission/returns.ts";
import type { SeatKeys } from "./admission/seat-keys.ts";
import type { RoomTable } from "./rooms/room-table.ts";
import { createKeepalive } from "./transport/keepalive.ts";
import { createPingRoute } from "./transport/ping-route.ts";
import type { World } from "./world.ts";

export interface Routes {
  // biome-ignore lint/suspicious/noExplicitAny: routes of different data types share a list
  readonly sockets: readonly SocketRoute<any>[];
  readonly http: readonly HttpRoute[];
  /** Nobody comes in any more. */
  close(): void;
  stop(): void;
}

export function createRoutes(world: World, table: RoomTable, keys: SeatKeys): Routes {
  const { options, boot, nowMs, observe, reportFault, outbox, clientFrame, indexClock } = world;
  const { metro, server, limits, verifyPlayer, admission, publicAddress } = options;
  const addresses = createAddressLimits(limits);
  const keepalive = createKeepalive(limits);
  let isClosing = false;

  const doorAt = createDoor({
    here: { metro, server, boot },
    keys,
    addresses,
    isOpen: admission === "open",
    isClosing: () => isClosing,
    keepalive,
    admit: createAdmit({
      table,
      limits,
      verifyPlayer,
      returns: createReturns({ limits, nowMs }),
      reportFault,
      isClosing: () => isClosing,
      nowMs,
    }),
    limits,
    world: { outbox, clientFrame, reportFault, observe, nowMs },
    observe,
    indexNowMs: indexClock.nowMs,
  });
  // A proxy may or may not take the public address's path off.
  const prefix = publicAddress.replace(/^[^/]*/, "").replace(/\/$/, "");
  const prefixes = prefix === "" ? [""] : ["", prefix];

  return {
    sockets: prefixes.flatMap((path) => [
      doorAt(`${path}/:seat/:room`),
      createPingRoute(path || "/", addresses, nowMs),
    ]),
    http: admission === "open" ? openMatchmaking() : [],
    close() {
      isClosing = true;
    },
    stop: keepalive.stop,
  };
}
