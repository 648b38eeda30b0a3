/** The edge on Node, as routes of a Listener: its player socket with native pings, and its HTTP. */

import { createEchoLife, type EchoLife } from "@frontrow/listener/echo-life.ts";
import type { Head, HttpReply, HttpRoute, Socket, SocketRoute } from "@frontrow/listener/listener.ts";
import { type ErrorCode, errorCatalogue, refusal } from "@frontrow/shared/errors.ts";
import { SUBPROTOCOLS, type Subprotocol } from "@frontrow/shared/protocol/codec.ts";
import { TokenBucket } from "@frontrow/shared/token-bucket.ts";
import type { QueueSession } from "../colyseus/queue/queue-room.ts";
import { QUEUE_SEGMENT } from "../colyseus/queue/queues.ts";
import type { Edge } from "../edge.ts";
import { createEdgeHttp, type EdgeRequest } from "../http.ts";
import type { OriginRule } from "../origins.ts";
import type { Session } from "../session/session.ts";

/** What this runtime can do. */
const capabilities = { nativePing: true, clockStepMs: 0.001 } as const;

/** A check takes some round trips; whoever is silent for longer has forgotten to close; ms. */
const LATENCY_IDLE_MS = 2_000;
const CLOSE_NORMAL = 1_000;

interface Connection {
  readonly head: Head;
  readonly subprotocol: Subprotocol;
  session: Session | undefined;
}

interface QueueVisit {
  readonly head: Head;
  readonly isReturn: boolean;
  session: QueueSession | undefined;
}

interface Echoer {
  readonly budget: TokenBucket;
  readonly life: EchoLife;
}

export function createNodeEdge(edge: Edge, origins: OriginRule) {
  const { limits } = edge.world;
  const http = createEdgeHttp(edge, origins);

  const socket: SocketRoute<Connection> = {
    path: "/v1/ws",
    messageBytesMax: limits.edgeMessageBytes,
    sendBufferBytesMax: limits.sendBufferBytes,
    idleMs: limits.socketIdleMs,

    upgrade(head) {
      const origin = head.header("origin");
      if (origin && !origins.allows(origin, head.header("host"))) return { refuse: bare("ORIGIN_FORBIDDEN") };
      if (!edge.world.rates.mayOpen(head.address)) return { refuse: bare("RATE_LIMITED") };
      if (edge.isFull()) return { refuse: bare("EDGE_FULL") };
      const offered = head.header("sec-websocket-protocol").split(/,\s*/);
      const subprotocol = SUBPROTOCOLS.find((known) => offered.includes(known));
      if (!subprotocol) return { refuse: bare("UNSUPPORTED_VERSION", OFFER) };
      return { accept: { head, subprotocol, session: undefined }, protocol: subprotocol };
    },

    open(client: Socket<Connection>) {
      const { subprotocol } = client.data;
      client.data.session = edge.open({ socket: clientSocketOf(client), address: client.address, subprotocol });
    },
    message(client, message, isText) {
      const { session, subprotocol } = client.data;
      const expectsText = subprotocol === "frontrow.v1.json";
      if (isText !== expectsText) {
        client.close(errorCatalogue.BAD_MESSAGE.close, expectsText ? "text frames expected" : "binary frames expected");
      } else {
        session?.message(isText ? new TextDecoder().decode(message) : message);
      }
    },
    pong: (client, payload) => client.data.session?.pong(payload),
    close: (client) => client.data.session?.closed(),
  };

  /** Stock SDKs that wait for a match. */
  const queue: SocketRoute<QueueVisit> = {
    path: `/${QUEUE_SEGMENT}/:place`,
    messageBytesMax: limits.edgeMessageBytes,
    sendBufferBytesMax: limits.sendBufferBytes,
    idleMs: limits.socketIdleMs,
    upgrade(head) {
      const visit = { head, session: undefined };
      // Never refused over HTTP: Node's WebSocket fires no close then, and the SDK would wait for ever.
      if (head.query.has("reconnectionToken")) return { accept: { ...visit, isReturn: true } };
      const origin = head.header("origin");
      if (origin && !origins.allows(origin, head.header("host"))) return { refuse: bare("ORIGIN_FORBIDDEN") };
      if (!edge.world.rates.mayOpen(head.address)) return { refuse: bare("RATE_LIMITED") };
      return { accept: { ...visit, isReturn: false } };
    },
    open(client) {
      const { head, isReturn } = client.data;
      const token = head.params.place ?? "";
      const jwt = head.query.get("_authToken") ?? undefined;
      client.data.session = edge.queues.enter({ token, jwt, isReturn, socket: clientSocketOf(client) });
    },
    message: (client, message, isText) => client.data.session?.message(message, isText),
    pong: (client, payload) => client.data.session?.pong(payload),
    close: (client) => client.data.session?.closed(),
  };

  /** What `client.getLatency()` of Colyseus SDKs dials: `/`, where the one byte that they send is echoed. */
  const latency: SocketRoute<Echoer> = {
    path: "/",
    messageBytesMax: 16,
    sendBufferBytesMax: 1_024,
    idleMs: LATENCY_IDLE_MS,
    upgrade(head) {
      if (!edge.world.rates.mayOpen(head.address)) return { refuse: bare("RATE_LIMITED") };
      const { edgeMessagesPerSecond } = limits;
      const budget = new TokenBucket(edgeMessagesPerSecond, edgeMessagesPerSecond, performance.now());
      return { accept: { budget, life: createEchoLife() } };
    },
    open: (client) => client.data.life.opened(() => client.close(CLOSE_NORMAL, "time is up")),
    message(client, message) {
      const { budget, life } = client.data;
      if (!budget.take(performance.now())) client.close(errorCatalogue.RATE_LIMITED.close, "RATE_LIMITED");
      else if (message.length !== 1) client.close(errorCatalogue.BAD_MESSAGE.close, "BAD_MESSAGE");
      else {
        client.send(message);
        if (life.echoed()) client.close(CLOSE_NORMAL, "enough echoes");
      }
    },
    close: (client) => client.data.life.closed(),
  };

  const routes: HttpRoute[] = [
    { method: "OPTIONS", path: "/matchmake/*", handle: async (head) => http.preflight(requestOf(head)) },
    { method: "OPTIONS", path: "/v1/*", handle: async (head) => http.preflight(requestOf(head)) },
    { method: "POST", path: "/matchmake/:method/:name", handle: (head, body) => http.matchmake(requestOf(head), body) },
    { method: "GET", path: "/v1/rooms", handle: (head) => http.rooms(requestOf(head)) },
    { method: "GET", path: "/v1/ws", handle: () => bare("UNSUPPORTED_VERSION", `This is a WebSocket. ${OFFER}`) },
  ];
  /** To come after all other routes of the port. */
  const fallback: HttpRoute = { method: "ANY", path: "/*", handle: () => bare("NOT_FOUND") };
  return { sockets: [socket, queue, latency], routes, fallback };
}

const requestOf = (head: Head): EdgeRequest => head;

const clientSocketOf = (client: Socket) => ({
  send: (message: Uint8Array | string) => void client.send(message),
  cork: (sends: () => void) => client.cork(sends),
  ping: capabilities.nativePing ? (payload: Uint8Array) => client.ping(payload) : undefined,
  close: (code: number, reason: string) => client.close(code, reason),
});

const OFFER = `Offer one of the subprotocols ${SUBPROTOCOLS.join(", ")}.`;

function bare(code: ErrorCode, detail?: string): HttpReply {
  return {
    status: errorCatalogue[code].http,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(refusal(code, detail)),
  };
}
