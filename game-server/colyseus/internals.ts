/**
 * What we touch of a Colyseus room that its types hide, in one list, so that an update of @colyseus/core is checked against
 * one file (checked: core 0.18.17). Nothing here is changed behind a room's back except where the caller says so.
 */
import type { EventEmitter } from "node:events";
import type { Client, ClientPrivate, Deferred, Room } from "@colyseus/core";

/** `[joinOptions, authData, consumed, heldForReconnection]` */
type ReservedSeat = [options: unknown, auth: unknown, consumed?: boolean, held?: boolean];

export interface RoomInternals {
  /** Emits lock, unlock, join, leave, dispose, disconnect, metadata-change, visibility-change. */
  readonly _events: EventEmitter;
  readonly _listing: { roomId?: string; private: boolean; metadata?: unknown };
  readonly _reservedSeats: Record<string, ReservedSeat | undefined>;
  /** By reconnection token: places that the room keeps for a dropped client. */
  readonly _reconnections: Record<string, [sessionId: string, Deferred] | undefined>;
  /** By reconnection token: resolved by the room as soon as it keeps that client's place. */
  readonly _reconnectionAttempts: Record<string, Deferred>;
  /** 0 being made, 1 open, 2 being disposed. */
  readonly _internalState: number;
  /** Locked by room code, not because the room is full. */
  readonly _lockedExplicitly: boolean;
  _reserveSeat(sessionId: string, joinOptions: unknown, authData: unknown, seconds: number): Promise<boolean>;
  _onLeave(client: Client & ClientPrivate, code: number): Promise<void>;
  _onMessage(client: Client & ClientPrivate, frame: Buffer): void;
  readonly _serializer: { readonly id: string; handshake?(): Uint8Array };
  /** Of a room that defines inputs. */
  readonly _inputController: InputController | undefined;
  /** Which lag-compensation stamps input frames carry. */
  _timelineMode(): { snapshot?: boolean; reckon?: boolean } | undefined;
  __init(): void;
}

interface InputController {
  allocate(client: Client & ClientPrivate): void;
  register(sessionId: string, client: Client & ClientPrivate): void;
  /** What a client is told of them as it joins. */
  handshakeSections(): { tag: number; bytes: Uint8Array }[] | undefined;
}

export const internalsOf = (room: Room): RoomInternals => room as unknown as RoomInternals;

/** Puts `value` over a member of this one room, unseen by loops over its keys. */
export function override(room: Room, member: string, value: unknown): void {
  Object.defineProperty(room, member, { value, configurable: true, writable: true, enumerable: false });
}
