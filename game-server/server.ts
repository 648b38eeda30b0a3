/**
 * A game server: Colyseus rooms behind our door. The caller owns the port and mounts the routes on its Listener, beside whatever
 * else it serves. Colyseus' state lives in its modules: one game server a process.
 */
import { randomBytes } from "node:crypto";
import type { Room } from "@colyseus/core";
import { signRegistration } from "@frontrow/shared/identity/registration.ts";
import { base62 } from "@frontrow/shared/metro.ts";
import { createAddressLimits } from "./admission/address-limits.ts";
import { createAdmit } from "./admission/admit.ts";
import { createDoor } from "./admission/door.ts";
import { openMatchmaking } from "./admission/open.ts";
import { createSeatKeys } from "./admission/seat-keys.ts";
import { adoptRoom } from "./colyseus/adopt-room.ts";
import { adoptRoomsOf, startColyseus } from "./colyseus/boot.ts";
import { boundSeats, createRoomMaker, whenEnded } from "./colyseus/make-room.ts";
import { createDrain } from "./drain.ts";
import { createIndexClock } from "./lease/index-clock.ts";
import { createLease } from "./lease/lease.ts";
import type { GameServer, GameServerOptions } from "./options.ts";
import { bindMatch } from "./plugin.ts";
import { createFaultReport } from "./room-faults.ts";
import { createFinish } from "./rooms/finish.ts";
import { matchBindingOf } from "./rooms/match-binding.ts";
import { createPublicMetadata } from "./rooms/public-metadata.ts";
import { createRetirement } from "./rooms/retire.ts";
import { createRoomTable } from "./rooms/room-table.ts";
import { loadRooms } from "./rooms-loader.ts";
import { createTickDriver } from "./tick/driver.ts";
import { createOutbox } from "./transport/outbox.ts";
import { createPingRoute } from "./transport/ping-route.ts";

/** 72 bits: no two starts of a server share a boot id. */
const BOOT_BYTES = 12;

export function createGameServer(options: GameServerOptions): GameServer {
  const { metro, server, limits, modes, log, publicAddress, secure, seatsMax } = options;
  const { boot = base62(randomBytes(BOOT_BYTES)), observe = () => {} } = options;
  const nowMs = () => performance.now();
  const clock = createIndexClock(nowMs);
  const reportFault = createFaultReport(log, observe, nowMs);
  const outbox = createOutbox();
  const driver = createTickDriver({ outbox, reportFault, observe, nowMs });
  const keys = createSeatKeys(options.issuerKeys, server, boot, limits.seatTokenBytes);
  const maker = createRoomMaker({ modes, deadlineMs: limits.admissionMs, log });
  const table = createRoomTable({
    make: maker.make,
    tombstoneMs: limits.roomForgottenMs,
    nowMs,
    indexNowMs: clock.nowMs,
    onClosed: () => lease.hurry(),
  });
  const finish = createFinish(table, options.onFinish, reportFault);
  const retirement = createRetirement(table, limits, nowMs);

  const seatedNow = () => [...table.records()].reduce((sum, record) => sum + record.seated(), 0);
  let load = 0;
  const lease = createLease({
    leases: options.leases,
    offer: {
      server,
      boot,
      registration: signRegistration(
        { metro, server, boot, publicAddress, secure, seatKey: keys.publicKey },
        options.fleetKey,
      ),
      modes: Object.keys(modes),
      compats: options.compats,
      seatsMax,
    },
    table,
    clock,
    limits,
    metadataOf: createPublicMetadata(limits.roomMetadataBytes, log),
    load() {
      load = Math.min(1, Math.max(seatedNow() / seatsMax, driver.load()));
      return load;
    },
    retirees: retirement.candidates,
    retired: retirement.retired,
    beaten(answered) {
      if (!answered) retirement.sweep();
      table.tidy();
    },
    log,
    observe,
    nowMs,
  });
  const { drain, stop } = createDrain({ lease, table, limits, log });

  /** Everything that happens to a room as it is constructed. */
  function adopt(room: Room): void {
    const record = maker.current();
    const { reconnectionMs } = limits;
    adoptRoom(room, { driver, outbox, reportFault, reconnectionMs, ownsDisposal: record !== undefined });
    if (!record) return;
    whenEnded(room, () => table.bury(record, "ROOM_FINISHED"));
    boundSeats(room, Math.min(record.origin.seats, modes[record.origin.mode]?.seats ?? record.origin.seats));
    bindMatch(room, matchBindingOf(record, room, finish));
  }

  const addresses = createAddressLimits(limits);
  const routeAt = createDoor({
    here: { metro, server, boot },
    keys,
    addresses,
    isOpen: options.admission === "open",
    admit: createAdmit({ table, limits, verifyPlayer: options.verifyPlayer, reportFault, nowMs }),
    limits,
    world: { outbox, reportFault, observe, nowMs },
    observe,
    indexNowMs: clock.nowMs,
  });
  // A proxy may or may not take the public address's path off.
  const prefix = publicAddress.replace(/^[^/]*/, "").replace(/\/$/, "");
  const prefixes = prefix === "" ? [""] : ["", prefix];

  return {
    boot,
    socketRoutes: prefixes.flatMap((path) => [
      routeAt(`${path}/:seat/:room`),
      createPingRoute(path || "/", addresses, nowMs),
    ]),
    httpRoutes: options.admission === "open" ? openMatchmaking() : [],
    async start() {
      const types = await loadRooms(options.rooms, log);
      const missing = Object.entries(modes).filter(([name, mode]) => !types.includes(mode.room ?? name));
      if (missing.length > 0) {
        const named = missing.map(([name, mode]) => `"${name}" wants the room type "${mode.room ?? name}"`);
        throw new Error(`no room class for mode ${named.join(", ")}; there are ${types.join(", ")}`);
      }
      await startColyseus(log);
      adoptRoomsOf(types, adopt);
      await lease.start();
    },
    drain,
    async stop() {
      await stop();
      driver.stop();
    },
    snapshot: () => ({
      isLeased: lease.isHeld(),
      isDraining: lease.isDraining,
      isSuperseded: lease.isSuperseded,
      rooms: [...table.records()]
        .filter((record) => record.room && !record.isOver)
        .map((record) => ({ roomId: record.roomId, mode: record.origin.mode, seated: record.seated() })),
      seated: seatedNow(),
      seatsMax,
      load,
    }),
  };
}
