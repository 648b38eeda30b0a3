/**
 * One socket in Colyseus' hands. Colyseus knows it as `client.ref`, an emitter of "message" and "close", and moves it from one
 * Client object to the next when a player reconnects. What comes in is checked before the room sees it; what goes out waits for
 * the end of the turn, and every send's result is looked at.
 */
import { EventEmitter } from "node:events";
import { CloseCode, getMessageBytes, Protocol, type Room } from "@colyseus/core";
import type { SendResult, Socket } from "@frontrow/listener/listener.ts";
import { type ErrorCode, errorCatalogue } from "@frontrow/shared/errors.ts";
import type { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { Observe } from "../observe.ts";
import type { ReportFault } from "../room-faults.ts";
import { isForPlayers, stampsOf, whyBadFrame } from "./frame-guard.ts";
import type { Pinged } from "./keepalive.ts";
import type { Corked, Outbox } from "./outbox.ts";

/** True while a client's frame is being read: what Colyseus then complains of is that client's doing. */
export interface ClientFrame {
  isRead: boolean;
}

export interface ConnectionWorld {
  readonly clientFrame: ClientFrame;
  readonly outbox: Outbox;
  readonly reportFault: ReportFault;
  readonly observe: Observe;
  readonly nowMs: () => number;
}

/**
 * A message costs one token of its sender's rate for each of these that it begins: what takes the room longest to read, such
 * as thousands of nested arrays, is what is large.
 */
const BYTES_PER_TOKEN = 1_024;
const NOTHING = new Uint8Array();
/** Longest reason of a close frame (RFC 6455, 5.5: 125 bytes with the code). */
const REASON_BYTES = 123;

export class Connection extends EventEmitter implements Corked, Pinged {
  readonly socket: Socket;
  /** Colyseus hangs its own close listener here, to take it off again. */
  onleave: ((code: number) => void) | undefined;
  #room: Room | undefined;
  /** Of a spectator: types of the messages that the room takes from it. */
  #allowed: ReadonlySet<string | number> | undefined;
  #isTold = false;
  queued = 0;
  dropped = 0;
  #waiting: Uint8Array[] = [];
  readonly #budget: TokenBucket;
  readonly #world: ConnectionWorld;

  constructor(socket: Socket, budget: TokenBucket, world: ConnectionWorld) {
    super();
    this.socket = socket;
    this.#budget = budget;
    this.#world = world;
  }

  /** The room whose frames it carries from now on. */
  leadsTo(room: Room): void {
    this.#room = room;
  }

  get isOpen(): boolean {
    return this.socket.isOpen;
  }

  /** Of a spectator: what else it sends is dropped, and it is told so once. */
  onlyWatches(allowed: ReadonlySet<string | number>): void {
    this.#allowed = allowed;
  }

  #isMuted(message: Uint8Array): boolean {
    if (!this.#allowed || !isForPlayers(message, this.#allowed)) return false;
    const { close, message: sentence } = errorCatalogue.ONLY_WATCHING;
    if (!this.#isTold) this.send(getMessageBytes[Protocol.ERROR](close, `ONLY_WATCHING: ${sentence}`));
    this.#isTold = true;
    return true;
  }

  /** A frame from the client. It is copied: rooms may keep views of what they were sent. */
  receive(message: Uint8Array, isText: boolean): void {
    const code = this.#refusalOf(message, isText);
    if (code) {
      this.#world.observe({ kind: "bad-client", code });
      this.end(errorCatalogue[code].close, code);
      return;
    }
    if (this.#isMuted(message)) return;
    const { reportFault, clientFrame } = this.#world;
    clientFrame.isRead = true;
    try {
      this.emit("message", Buffer.from(message));
    } catch (error) {
      reportFault("message handler", this.#room?.roomId ?? "", error);
    } finally {
      clientFrame.isRead = false;
    }
  }

  #refusalOf(message: Uint8Array, isText: boolean): ErrorCode | undefined {
    const now = this.#world.nowMs();
    for (let bytes = message.length; bytes >= 0; bytes -= BYTES_PER_TOKEN) {
      if (!this.#budget.take(now)) return "RATE_LIMITED";
    }
    const why = isText ? "text" : whyBadFrame(message, this.#stamps);
    return why ? "BAD_MESSAGE" : undefined;
  }

  /** Bound once: called for input frames only. */
  readonly #stamps = () => (this.#room ? stampsOf(this.#room) : "one");

  send(frame: Uint8Array): void {
    if (!this.socket.isOpen) return;
    if (!this.#world.outbox.collecting) {
      this.#look(this.socket.send(frame));
      return;
    }
    if (this.#waiting.length === 0) this.#world.outbox.mark(this);
    this.#waiting.push(frame);
  }

  /** At once and without a copy, with whatever waits: for frames that make up a client's tick. */
  sendNow(frame: Uint8Array): SendResult {
    if (!this.socket.isOpen) return "dropped";
    if (this.#waiting.length === 0) return this.#look(this.socket.send(frame));
    const earlier = this.#waiting;
    this.#waiting = [];
    let result: SendResult = "dropped";
    this.socket.cork(() => {
      for (const waiting of earlier) this.#look(this.socket.send(waiting));
      result = this.#look(this.socket.send(frame));
    });
    return result;
  }

  buffered(): number {
    return this.socket.buffered();
  }

  flush(): void {
    const leaving = this.#waiting;
    if (leaving.length === 0) return;
    this.#waiting = [];
    if (!this.socket.isOpen) return;
    if (leaving.length === 1) this.#look(this.socket.send(leaving[0]!));
    else {
      this.socket.cork(() => {
        for (const frame of leaving) this.#look(this.socket.send(frame));
      });
    }
  }

  /** A frame that went nowhere would leave the player's picture wrong for ever: the connection ends instead. */
  #look(result: SendResult): SendResult {
    if (result === "queued") {
      this.queued++;
      this.#world.observe({ kind: "slow-client", action: "queued" });
    }
    if (result === "dropped" && this.dropped++ === 0) this.endSlow();
    return result;
  }

  /** For one that does not read what it is sent: its SDK connects again, to the same seat, and is sent everything anew. */
  endSlow(): void {
    this.#world.observe({ kind: "slow-client", action: "closed" });
    this.socket.close(CloseCode.MAY_TRY_RECONNECT, "TOO_SLOW");
  }

  ping(): void {
    this.socket.ping(NOTHING);
  }

  /** Sends what waits, then closes. Codes that no close frame may carry become 1000. */
  end(code: number, reason = ""): void {
    this.flush();
    const legal = code === 1000 || (code >= 3000 && code <= 4999);
    // A letter that was cut in two would come back as a longer replacement.
    const whole = Buffer.from(reason)
      .subarray(0, REASON_BYTES)
      .toString()
      .replace(/\uFFFD+$/, "");
    this.socket.close(legal ? code : 1000, whole);
  }
}
