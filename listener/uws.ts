/**
 * The listener on uWebSockets.js. Routes are looked up in our own table, so that both implementations choose alike; the
 * patterns given to uWebSockets only lead an upgrade to the settings of its route, and a pattern whose route is not the
 * first that fits yields to the next.
 */

import type * as uWS from "uWebSockets.js";
import { setTimeout } from "node:timers/promises";
import { CLOSE_MS_MAX, HEAD_BYTES_MAX, LINGER_MS } from "./bounds.ts";
import { CLOSE } from "./connection.ts";
import { createDoor, type Door } from "./door.ts";
import { hostPort, quiet, tryBind } from "./ends.ts";
import { askRoute, asksForSocket, chooseProtocol, handshakeProblem } from "./handshake.ts";
import { RequestHead } from "./head.ts";
import type { HttpReply, Listen, ListenerOptions, Listening } from "./listener.ts";
import { createOriginOf } from "./proxies.ts";
import { createFindHttp, prepare } from "./reply.ts";
import { createRouteTable } from "./route-table.ts";
import { readTls } from "./tls.ts";
import { type NativeSocket, UwsConnection, type Wired } from "./uws-connection.ts";
import { Exchange, peerOf, readHead } from "./uws-exchange.ts";
import { createUwsHttp } from "./uws-http.ts";

/** Rejects where uWebSockets has no binary for this system or Node. */
export async function createUwsListen(): Promise<Listen> {
  // Read once, when the binary is loaded; its own default of 4 kB is less than a token and a browser's cookies.
  process.env.UWS_HTTP_MAX_HEADERS_SIZE = String(HEAD_BYTES_MAX);
  const uws = await import("uWebSockets.js");
  return (options) => listen(uws, options);
}

async function listen(uws: typeof uWS, options: ListenerOptions): Promise<Listening> {
  const failed = options.failed ?? console.error;
  const originOf = createOriginOf(options.trustedProxies);
  const http = createUwsHttp({ options, findHttp: createFindHttp(options.http), originOf, failed });
  const find = createRouteTable(options.sockets);
  const doors = options.sockets.map((route) => createDoor(route, failed));
  const app = createApp(uws, options);
  let stopping = false;

  function upgradeOf(door: Door) {
    return (response: uWS.HttpResponse, request: uWS.HttpRequest, context: uWS.us_socket_context_t) => {
      const found = find(request.getUrl());
      if (found?.route !== door.route || !asksForSocket((name) => request.getHeader(name))) {
        request.setYield(true);
        return;
      }
      const { line, headers } = readHead(request);
      const header = (name: string) => headers.get(name);
      const refuse = (reply: HttpReply) => new Exchange(response, false).reply(prepare(reply, failed), true);
      const problem = stopping ? { status: 503 } : handshakeProblem(header);
      if (problem) return refuse(problem);
      const origin = originOf(peerOf(response), options.tls !== undefined, header);
      const verdict = askRoute(door.route, new RequestHead(line, headers, origin, found.params), failed);
      if ("refuse" in verdict) return refuse(verdict.refuse);
      const protocol = chooseProtocol(header("sec-websocket-protocol"), verdict.protocol);
      const connection = new UwsConnection(door, verdict.accept, origin.address, protocol);
      response.upgrade<Wired>({ connection }, header("sec-websocket-key"), protocol, "", context);
    };
  }

  for (const [pattern, door] of patternsOf(doors)) {
    app.ws(pattern, { ...behaviorOf(door), upgrade: upgradeOf(door) });
  }
  app.any("/*", http.handle);
  const bound = await bind(uws, app, options.host, options.port);

  async function stop(): Promise<void> {
    stopping = true;
    uws.us_listen_socket_close(bound);
    http.stop();
    const lingerMs = doors.some((door) => door.size > 0) ? LINGER_MS : 0;
    for (const door of doors) door.closeAll(CLOSE.goingAway);
    await quiet(() => http.pending() === 0 && doors.every((door) => door.size === 0), CLOSE_MS_MAX);
    await setTimeout(lingerMs);
    app.close();
  }
  let stopped: Promise<void> | undefined;
  return {
    kind: "uws",
    port: uws.us_socket_local_port(bound as uWS.us_socket),
    close: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function createApp(uws: typeof uWS, { tls }: ListenerOptions): uWS.TemplatedApp {
  if (!tls) return uws.App();
  readTls(tls);
  return uws.SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile });
}

/**
 * Exclusively, because uWebSockets otherwise lets a second process listen beside the first, and on a number, because only
 * then can the port be had again at once after a restart: port 0 is chosen here.
 */
async function bind(uws: typeof uWS, app: uWS.TemplatedApp, host: string, port: number, triesLeft = 5) {
  const wanted = port === 0 ? await tryBind(host, 0) : port;
  const bound = typeof wanted === "number" && bindExactly(uws, app, host, wanted);
  if (bound) return bound;
  // Somebody else was given the same free port in between.
  if (port === 0 && typeof wanted === "number" && triesLeft > 1) return bind(uws, app, host, port, triesLeft - 1);
  const found = typeof wanted === "number" ? await tryBind(host, wanted) : wanted;
  const why = typeof found === "number" ? "EADDRINUSE" : found.code;
  throw new Error(`cannot listen on ${hostPort(host, port)}: ${why}`);
}

function bindExactly(uws: typeof uWS, app: uWS.TemplatedApp, host: string, port: number) {
  let bound: uWS.us_listen_socket | false = false;
  // Both are missing from the types: the constant, and options after a host.
  const { LIBUS_LISTEN_EXCLUSIVE_PORT: exclusive } = uws as unknown as { LIBUS_LISTEN_EXCLUSIVE_PORT: number };
  const listening = app as unknown as {
    listen(host: string, port: number, options: number, told: (bound: uWS.us_listen_socket | false) => void): void;
  };
  listening.listen(host, port, exclusive, (result) => {
    bound = result;
  });
  return bound as uWS.us_listen_socket | false;
}

/** Parameter names do not matter to uWebSockets, and the second of two equal patterns would replace the first. */
function patternsOf(doors: readonly Door[]): Map<string, Door> {
  const patterns = new Map<string, Door>();
  for (const door of doors) {
    const pattern = door.route.path.replace(/\/:[^/]+/g, "/:p");
    if (!patterns.has(pattern)) patterns.set(pattern, door);
  }
  return patterns;
}

/** The callbacks of one route. They are called for every message: no closures, no copies. */
function behaviorOf({ route }: Door): uWS.WebSocketBehavior<Wired> {
  return {
    compression: 0,
    maxPayloadLength: route.messageBytesMax,
    maxBackpressure: route.sendBufferBytesMax,
    idleTimeout: 0,
    sendPingsAutomatically: false,
    open: (native) => connectionOf(native).wire(native as NativeSocket),
    message: (native, message, isBinary) => connectionOf(native).received(new Uint8Array(message), !isBinary),
    ping: (native) => connectionOf(native).heard(),
    pong: (native, payload) => connectionOf(native).ponged(new Uint8Array(payload)),
    drain: (native) => connectionOf(native).drain(),
    close: (native, code, reason) => connectionOf(native).closed(code, Buffer.from(reason).toString()),
  };
}

function connectionOf(native: uWS.WebSocket<Wired>): UwsConnection {
  return (native as NativeSocket).connection;
}
