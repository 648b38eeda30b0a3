/**
 * Colyseus' Client on one of our connections. When a player reconnects, Colyseus makes a new Client and also points the old
 * object at the new connection, so nothing about the socket may be kept here.
 */
import {
  type Client,
  type ClientPrivate,
  ClientState,
  type Deferred,
  enqueueClientRaw,
  getMessageBytes,
  type ISendOptions,
  Protocol,
} from "@colyseus/core";
import { codeOfClose } from "@frontrow/shared/errors.ts";
import type { Connection } from "./connection.ts";

/** `readyState` as WebSockets number it; Colyseus compares with OPEN. */
const OPEN = 1;
const CLOSED = 3;

export class SeatClient implements Client, ClientPrivate {
  // biome-ignore lint/suspicious/noExplicitAny: only room code knows its messages
  declare "~messages": any;
  readonly sessionId: string;
  ref: Connection;
  state: ClientState = ClientState.JOINING;
  auth?: unknown;
  userData?: unknown;
  /** What waits for the client's word that it has joined; undefined from then on. */
  _enqueuedMessages?: unknown[] = [];
  declare _joinedAt: number;
  #reconnectionToken = "";
  #hasJoined = false;
  /** While its room is told of a drop that is over already: what a room that waits for its player gets. */
  backAlready: (() => Deferred<Client>) | undefined;

  constructor(sessionId: string, connection: Connection) {
    this.sessionId = sessionId;
    this.ref = connection;
  }

  /** The older name of sessionId. */
  get id(): string {
    return this.sessionId;
  }

  get readyState(): number {
    return this.ref.isOpen ? OPEN : CLOSED;
  }

  /**
   * `<sessionId>.<random>`: Colyseus assigns the random half at each join, and an edge that is asked to reconnect must answer
   * with the session id knowing nothing but this token.
   */
  get reconnectionToken(): string {
    return this.#reconnectionToken;
  }
  set reconnectionToken(token: string) {
    const prefix = `${this.sessionId}.`;
    this.#reconnectionToken = token.startsWith(prefix) ? token : prefix + token;
  }

  /** On another connection, from the handshake on. */
  beginAgain(connection: Connection, token: string): void {
    this.#hasJoined ||= this._enqueuedMessages === undefined;
    this._enqueuedMessages ??= [];
    this.state = ClientState.JOINING;
    this.ref = connection;
    this.reconnectionToken = token;
  }

  /** Colyseus keeps no place for a client that never joined; one whose newest connection alone did not has a place. */
  keepsItsPlace(): void {
    if (this.#hasJoined) delete this._enqueuedMessages;
  }

  raw(frame: Uint8Array, _options?: ISendOptions, sent?: (error?: Error) => void): void {
    this.ref.send(frame);
    sent?.();
  }

  enqueueRaw(frame: Uint8Array, options?: ISendOptions): void {
    enqueueClientRaw(this, frame, options);
  }

  // biome-ignore lint/suspicious/noExplicitAny: see above
  send(type: any, message?: unknown, options?: ISendOptions): void {
    this.enqueueRaw(getMessageBytes.raw(Protocol.ROOM_DATA, type, message), options);
  }

  sendBytes(type: string | number, bytes: Uint8Array, options?: ISendOptions): void {
    this.enqueueRaw(getMessageBytes.raw(Protocol.ROOM_DATA_BYTES, type, undefined, bytes), options);
  }

  error(code: number, message = ""): void {
    this.raw(getMessageBytes[Protocol.ERROR](code, message));
  }

  /** Of our codes it says the name, so that whoever only logs the end reads why. */
  leave(code = 1000, reason: string | undefined = codeOfClose(code)): void {
    this.ref.end(code, reason);
  }

  close(code?: number, reason?: string): void {
    this.leave(code, reason);
  }

  toJSON() {
    return { sessionId: this.sessionId, readyState: this.readyState };
  }
}
