/** The listener on node:http, node:https and the `ws` package, for machines where uWebSockets does not load. */
import { createServer, type IncomingMessage, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket as NetSocket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { CLOSE_MS_MAX, HEAD_BYTES_MAX, KEEP_ALIVE_MS, LINGER_MS } from "./bounds.ts";
import { CLOSE } from "./connection.ts";
import { createDoor, type Door } from "./door.ts";
import { hostPort, quiet } from "./ends.ts";
import { askRoute, asksForSocket, chooseProtocol, handshakeProblem } from "./handshake.ts";
import { RequestHead } from "./head.ts";
import type { Listen, ListenerOptions, Listening } from "./listener.ts";
import { createOriginOf } from "./proxies.ts";
import { createFindHttp, prepare } from "./reply.ts";
import { createRouteTable } from "./route-table.ts";
import { readTls } from "./tls.ts";
import { WsConnection } from "./ws-connection.ts";
import { createWsHttp, peerOf, readHead, refuse } from "./ws-http.ts";

export function createWsListen(): Listen {
  return listen;
}

async function listen(options: ListenerOptions): Promise<Listening> {
  const failed = options.failed ?? console.error;
  const originOf = createOriginOf(options.trustedProxies);
  const find = createRouteTable(options.sockets);
  const doors = new Map(options.sockets.map((route) => [route, createWsDoor(createDoor(route, failed))]));
  const server = createHttpServer(options, (request) => find(readHead(request).line.path) !== undefined);
  const stopping = new AbortController();

  const parts = { options, findHttp: createFindHttp(options.http), originOf, failed };
  server.on("request", createWsHttp(parts, stopping.signal));
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, early: Buffer) => {
    stream.on("error", () => {});
    const { line, headers } = readHead(request);
    const header = (name: string) => headers.get(name);
    const found = find(line.path);
    if (!found) return refuse(stream, prepare({ status: 404 }, failed));
    const problem = stopping.signal.aborted ? { status: 503 } : handshakeProblem(header);
    if (problem) return refuse(stream, prepare(problem, failed));
    const origin = originOf(peerOf(request), options.tls !== undefined, header);
    const verdict = askRoute(found.route, new RequestHead(line, headers, origin, found.params), failed);
    if ("refuse" in verdict) return refuse(stream, prepare(verdict.refuse, failed));
    const protocol = chooseProtocol(header("sec-websocket-protocol"), verdict.protocol);
    doors.get(found.route)!.admit(request, stream as NetSocket, early, verdict.accept, origin.address, protocol);
  });
  await bind(server, options);

  async function stop(): Promise<void> {
    stopping.abort();
    let isFree = false;
    server.close(() => {
      isFree = true;
    });
    for (const { door } of doors.values()) door.closeAll(CLOSE.goingAway);
    server.closeIdleConnections();
    // Counts sockets as well: `ws` cuts mute ones at the same moment as this gives up on HTTP.
    await quiet(() => isFree, CLOSE_MS_MAX);
    server.closeAllConnections();
    await quiet(() => isFree, LINGER_MS);
  }
  let stopped: Promise<void> | undefined;
  return {
    kind: "ws",
    port: (server.address() as AddressInfo).port,
    close: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function createHttpServer(options: ListenerOptions, isSocketPath: (request: IncomingMessage) => boolean): Server {
  const settings: ServerOptions & { shouldUpgradeCallback(request: IncomingMessage): boolean } = {
    maxHeaderSize: HEAD_BYTES_MAX,
    headersTimeout: options.requestHeadMs,
    requestTimeout: options.requestHeadMs,
    connectionsCheckingInterval: Math.min(1_000, Math.max(50, options.requestHeadMs / 4)),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Everything else with an Upgrade header (h2c, an unknown path) is an ordinary request.
    shouldUpgradeCallback: (request) =>
      request.method === "GET" && asksForSocket((name) => String(request.headers[name] ?? "")) && isSocketPath(request),
  };
  if (!options.tls) return createServer(settings);
  return createTlsServer({ ...settings, ...readTls(options.tls), handshakeTimeout: options.requestHeadMs });
}

function bind(server: Server, { host, port }: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new Error(`cannot listen on ${hostPort(host, port)}: ${cause.code}`, { cause }));
    });
    server.listen(port, host, () => resolve());
  });
}

/** A route with the `ws` server that has its settings. */
function createWsDoor(door: Door) {
  let protocol = "";
  // A variable, because @types/ws does not know closeTimeout yet.
  const settings = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: door.route.messageBytesMax,
    closeTimeout: CLOSE_MS_MAX,
    handleProtocols: () => protocol || (false as const),
  };
  const sockets = new WebSocketServer(settings);
  return {
    door,
    admit(request: IncomingMessage, stream: NetSocket, early: Buffer, data: unknown, address: string, chosen: string) {
      // handleUpgrade asks for the protocol before it returns.
      protocol = chosen;
      sockets.handleUpgrade(request, stream, early, (socket) => {
        new WsConnection(door, data, address, chosen, socket, stream).opened();
      });
    },
  };
}
