/**
 * A game server: Colyseus rooms behind our door. The caller owns the port and mounts the routes on its Listener, beside whatever
 * else it serves. Colyseus' state lives in its modules: one game server a process.
 */
import { signRegistration } from "@frontrow/shared/identity/registration.ts";
import { createSeatKeys } from "./admission/seat-keys.ts";
import { createDrain, type Drain } from "./drain.ts";
import { createLease, type Lease } from "./lease/lease.ts";
import { createPublication } from "./lease/publication.ts";
import type { GameServer, GameServerOptions, GameServerSnapshot } from "./options.ts";
import { createPublicMetadata } from "./rooms/public-metadata.ts";
import { countStates } from "./rooms/room-state.ts";
import { createRooms, type Rooms } from "./rooms/rooms.ts";
import { createRoutes } from "./routes.ts";
import { createWorld, type World } from "./world.ts";

export function createGameServer(options: GameServerOptions): GameServer {
  const world = createWorld(options);
  const { server, limits, log } = options;
  const keys = createSeatKeys(options.issuerKeys, server, world.boot, limits.seatTokenBytes);
  const rooms = createRooms(world, () => lease.hurry());
  const routes = createRoutes(world, rooms.table, keys);
  const load = createLoad(rooms, options.seatsMax, () => world.loadLevel.level >= CLOSED_FROM);
  const lease = leaseOf(world, rooms, keys.publicKey, load.measure, () => drain);
  const drain = createDrain({
    lease,
    table: rooms.table,
    cuts: rooms.cuts,
    limits,
    drainMs: options.drainMs ?? 0,
    tellRooms: rooms.tellDrain,
    closeDoors: routes.close,
    log,
    observe: world.observe,
    nowMs: world.nowMs,
  });
  let wasClosed = false;
  world.loadLevel.onChange((level) => {
    if (level >= CLOSED_FROM === wasClosed) return;
    wasClosed = !wasClosed;
    for (const record of rooms.table.records()) record.isChanged = true;
    lease.hurry();
  });
  /** A promise that room code left alone would otherwise end the process, and every other room with it. */
  const onLostRejection = (error: unknown) => world.reportFault("promise", "", error);

  return {
    boot: world.boot,
    socketRoutes: routes.sockets,
    httpRoutes: routes.http,
    async start() {
      process.on("unhandledRejection", onLostRejection);
      await rooms.start();
      await lease.start();
    },
    drain: drain.begin,
    cut: drain.cut,
    async stop() {
      await drain.leave();
      lease.stop();
      await rooms.results.stop(limits.admissionMs);
      rooms.stop();
      routes.stop();
      process.off("unhandledRejection", onLostRejection);
    },
    snapshot: () => snapshotOf(world, rooms, lease, load.last()),
  };
}

/** Of the overload's levels; see tick/overload.ts. */
const CLOSED_FROM = 3;

/** The larger of what is seated and what ticking costs; all of it while nobody new is to come. */
function createLoad(rooms: Rooms, seatsMax: number, isClosed: () => boolean) {
  let last = 0;
  return {
    measure() {
      const used = Math.max(rooms.seated() / seatsMax, rooms.tickLoad());
      last = isClosed() ? 1 : Math.min(1, used);
      return last;
    },
    last: () => last,
  };
}

function leaseOf(
  { options, boot, ...world }: World,
  rooms: Rooms,
  seatKey: string,
  load: () => number,
  drain: () => Drain,
): Lease {
  const { metro, server, publicAddress, secure, limits, modes, compats, seatsMax, log } = options;
  const registration = signRegistration({ metro, server, boot, publicAddress, secure, seatKey }, options.fleetKey);
  return createLease({
    leases: options.leases,
    offer: { server, boot, registration, modes: Object.keys(modes), compats, seatsMax },
    publication: createPublication({
      table: rooms.table,
      limits,
      metadataOf: createPublicMetadata(limits.roomMetadataBytes, log),
      isFull: () => world.loadLevel.level >= CLOSED_FROM,
      nowMs: world.nowMs,
    }),
    tombstones: rooms.table.tombstones,
    refusals: rooms.table.refusals,
    cuts: rooms.cuts,
    leavesInMs: () => drain().leavesInMs(),
    onSentAway: () => void drain().begin(),
    clock: world.indexClock,
    limits,
    load,
    retirees: rooms.retirement.candidates,
    retired: rooms.retirement.retired,
    beaten(answered) {
      if (!answered) rooms.retirement.sweep();
      rooms.table.tidy();
    },
    log,
    observe: world.observe,
    nowMs: world.nowMs,
  });
}

function snapshotOf({ options, loadLevel }: World, rooms: Rooms, lease: Lease, load: number): GameServerSnapshot {
  const { seatsMax } = options;
  const open = [...rooms.table.records()].filter((record) => record.room && !record.isOver);
  return {
    isLeased: lease.isHeld(),
    isDraining: lease.isDraining,
    isSuperseded: lease.isSuperseded,
    rooms: open.map((record) => ({ roomId: record.roomId, mode: record.origin.mode, seated: record.seated() })),
    roomsByState: countStates(rooms.table.records()),
    seated: rooms.seated(),
    seatsMax,
    load,
    tick: rooms.tickQuantiles(),
    overloadLevel: loadLevel.level,
  };
}
