/**
 * The door of the game: `/{seat token}/{roomId}`, as stock Colyseus SDKs dial it. A fresh seat or a live reconnection token
 * opens it; a spent token alone does not. What can be refused without a room is refused in the upgrade, cheapest question
 * first; the rest is told on the open socket.
 */
import { matchMaker } from "@colyseus/core";
import type { Head, SocketRoute, Upgrade } from "@frontrow/listener/listener.ts";
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { peekSeat } from "@frontrow/shared/seat-token.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { Observe } from "../observe.ts";
import { Connection, type ConnectionWorld } from "../transport/connection.ts";
import type { Keepalive } from "../transport/keepalive.ts";
import type { AddressLimits } from "./address-limits.ts";
import type { Admit } from "./admit.ts";
import { type Here, judgeToken } from "./judge.ts";
import { httpRefusal, refuseConnection } from "./refuse.ts";
import type { SeatKeys } from "./seat-keys.ts";
import { type Visit, visitOf } from "./visit.ts";

export interface DoorOptions {
  readonly here: Here;
  readonly keys: SeatKeys;
  readonly addresses: AddressLimits;
  readonly admit: Admit;
  /** Takes sessions of stock matchmaking too: development. */
  readonly isOpen: boolean;
  /** The server is stopping: nobody comes in any more. */
  readonly isClosing: () => boolean;
  readonly keepalive: Keepalive;
  readonly limits: Limits;
  readonly world: ConnectionWorld;
  readonly observe: Observe;
  /** The index's clock: tokens expire on it. */
  readonly indexNowMs: () => number;
}

/** Messages a client may send in one burst: two seconds' worth. */
const BURST_S = 2;

export function createDoor(options: DoorOptions) {
  const { here, keys, addresses, admit, keepalive, limits, world, observe, indexNowMs } = options;

  function refuse(head: Head, code: ErrorCode): Upgrade<Visit> {
    // Never by HTTP for a reconnection: Node's WebSocket fires no close then, and the SDK would wait for ever.
    if (head.query.get("reconnectionToken")) return { accept: visitOf(head, { kind: "refused", code }) };
    observe({ kind: "admission", outcome: code });
    return { refuse: httpRefusal(code) };
  }

  function upgrade(head: Head): Upgrade<Visit> {
    const { seat: token = "", room: roomId = "" } = head.params;
    if (options.isClosing()) return refuse(head, "DRAINING");
    if (!addresses.mayAsk(head.address)) return refuse(head, "RATE_LIMITED");
    const stockSession = options.isOpen && token === matchMaker.processId ? head.query.get("sessionId") : undefined;
    if (stockSession) return { accept: visitOf(head, { kind: "open", sessionId: stockSession }) };
    const claims = keys.verify(token);
    const wrong = claims ? judgeToken(claims, roomId, here, indexNowMs()) : "SEAT_INVALID";
    const reconnectionToken = head.query.get("reconnectionToken");
    if (reconnectionToken) {
      const sessionId = reconnectionToken.slice(0, reconnectionToken.indexOf("."));
      const fresh = wrong ? undefined : claims;
      return { accept: visitOf(head, { kind: "reconnect", sessionId, token: reconnectionToken, claims: fresh }) };
    }
    if (!wrong && claims) return { accept: visitOf(head, { kind: "seat", claims }) };
    // Whoever holds a real seat, if not for here, is told so; a stranger gets the shortest answer there is.
    if (claims || isForElsewhere(token, head.address)) {
      return { accept: visitOf(head, { kind: "refused", code: wrong ?? "SEAT_INVALID" }) };
    }
    return refuse(head, "SEAT_INVALID");
  }

  /** Reads as a seat of another server or boot. Nobody vouches for that: it decides nothing but how the refusal is told. */
  function isForElsewhere(token: string, address: string): boolean {
    if (!addresses.mayErr(address) || token.length > limits.seatTokenBytes) return false;
    const said = peekSeat(token);
    return said !== undefined && (said.metro !== here.metro || said.server !== here.server || said.boot !== here.boot);
  }

  async function serve(visit: Visit, connection: Connection): Promise<void> {
    try {
      observe({ kind: "admission", outcome: await admit(visit, connection) });
    } catch (error) {
      observe({
        kind: "admission",
        outcome: refuseConnection(connection, error, visit.reconnectionToken !== undefined),
      });
    }
  }

  return function routeAt(path: string): SocketRoute<Visit> {
    return {
      path,
      messageBytesMax: limits.roomMessageBytes,
      sendBufferBytesMax: limits.sendBufferBytes,
      idleMs: limits.socketIdleMs,
      upgrade,
      open(socket) {
        const perSecond = limits.roomMessagesPerSecond;
        const budget = new TokenBucket(perSecond, perSecond * BURST_S, world.nowMs());
        const connection = new Connection(socket, budget, world);
        socket.data.connection = connection;
        keepalive.add(connection);
        void serve(socket.data, connection);
      },
      message: (socket, message, isText) => socket.data.connection?.receive(message, isText),
      close(socket, code) {
        const { connection } = socket.data;
        if (!connection) return;
        keepalive.remove(connection);
        connection.emit("close", code);
      },
    };
  };
}
