/**
 * What happens to every room as it is constructed, before Colyseus initialises it: its timers go to the tick driver, its
 * callbacks are fenced, its disposal becomes ours. The room class is not subclassed and its code sees an ordinary room.
 */
import type { Client, Deferred, Room } from "@colyseus/core";
import type { ReportFault } from "../room-faults.ts";
import { capturingIntervals } from "../tick/captured-intervals.ts";
import type { TickDriver } from "../tick/driver.ts";
import type { Outbox } from "../transport/outbox.ts";
import { SeatClient } from "../transport/seat-client.ts";
import { fenceCallbacks } from "./fence.ts";
import { internalsOf, override } from "./internals.ts";

export interface AdoptOptions {
  readonly driver: TickDriver;
  readonly outbox: Outbox;
  readonly reportFault: ReportFault;
  /** Whether its empty room is ended by us (rooms/retire.ts); Colyseus ends it otherwise. */
  readonly ownsDisposal: boolean;
  /** How long a room that says nothing about leaving keeps a dropped player's place; ms. */
  readonly reconnectionMs: number;
  readonly mode: string;
}

export function adoptRoom(room: Room, options: AdoptOptions): void {
  fenceCallbacks(room, options.reportFault);
  if (options.ownsDisposal) ownDisposal(room);
  ownTimers(room, options);
  keepDropped(room, options.reconnectionMs);
}

/**
 * `autoDispose` stays what room code sets and reads, but Colyseus never acts on it: a room that is empty for a moment may have
 * seats held for players who are on their way. Who does act: rooms/retire.ts.
 */
function ownDisposal(room: Room): void {
  let wished = room.autoDispose;
  room.autoDispose = false;
  afterInit(room, () => {
    Object.defineProperty(room, "autoDispose", {
      get: () => wished,
      set: (value: boolean) => {
        wished = value;
      },
      enumerable: true,
      configurable: true,
    });
  });
}

function ownTimers(room: Room, { driver, outbox, mode }: AdoptOptions): void {
  const { loops, stop } = driver.adopt({
    roomId: () => room.roomId,
    mode: () => mode,
    patchOnlyTicks: () => !room.patchRate,
  });
  internalsOf(room)._events.once("dispose", stop);
  const init = internalsOf(room).__init;
  override(room, "__init", () => capturingIntervals(loops.keeperFor("patch"), () => init.call(room)));

  for (const member of ["setTimestep", "setFixedTimestep"] as const) {
    const original = room[member] as (...args: unknown[]) => void;
    override(room, member, (...args: unknown[]) =>
      capturingIntervals(loops.keeperFor("step"), () => original.apply(room, args)),
    );
  }
  afterInit(room, () => {
    for (const [member, role] of [
      ["patchRate", "patch"],
      ["unreliablePatchRate", "unreliable"],
    ] as const) {
      const property = Object.getOwnPropertyDescriptor(room, member)!;
      Object.defineProperty(room, member, {
        ...property,
        set: (value: unknown) => capturingIntervals(loops.keeperFor(role), () => property.set!.call(room, value)),
      });
    }
  });

  const broadcastPatch = room.broadcastPatch;
  override(room, "broadcastPatch", () => {
    const changed = broadcastPatch.call(room);
    outbox.flush();
    return changed;
  });
}

/**
 * A room that handles neither a drop nor a leave would lose every player whose connection blinks, and the stock SDK's automatic
 * reconnection with it: such a room keeps the place. One that has an `onLeave` or `onDrop` says itself what a drop means.
 */
function keepDropped(room: Room, reconnectionMs: number): void {
  afterInit(room, () => {
    if (room.onLeave || room.onDrop) return;
    override(room, "onDrop", (client: Client) => void room.allowReconnection(client, reconnectionMs / 1_000));
  });
  const allowReconnection = room.allowReconnection;
  override(room, "allowReconnection", (client: Client, seconds: number | "manual"): Deferred<Client> => {
    if (client instanceof SeatClient) {
      if (client.backAlready) return client.backAlready();
      client.keepsItsPlace();
    }
    const kept = allowReconnection.call(room, client, seconds);
    // Rejected at once for a client that dropped before it had fully joined; a room that does not await it would end the
    // whole process with an unhandled rejection.
    kept.catch(() => {});
    return kept;
  });
}

function afterInit(room: Room, act: () => void): void {
  const init = internalsOf(room).__init;
  override(room, "__init", () => {
    init.call(room);
    act();
  });
}
