/**
 * HTTP on uWebSockets. It speaks HTTP/1.1 only (an HTTP/1.0 health check gets 505), and it gives a head, a TLS handshake,
 * an unread reply and the pause between two requests 10 s each, looked at every 4 s; heads that dribble do not gain by it.
 * It has the same for bodies, but lets one that arrives at 16 kB/s go on, so bodies get `requestHeadMs` here.
 */
import type * as uWS from "uWebSockets.js";
import { RequestHead } from "./head.ts";
import type { HttpReply, HttpRoute, ListenerOptions } from "./listener.ts";
import type { OriginOf } from "./proxies.ts";
import { answer, bodyRuleOf, type Failed, type FindHttp, prepare } from "./reply.ts";
import { Exchange, peerOf, readHead } from "./uws-exchange.ts";

export interface UwsHttp {
  handle(response: uWS.HttpResponse, request: uWS.HttpRequest): void;
  /** Requests that wait for their body or their handler. */
  pending(): number;
  /** From now on every reply closes its connection. */
  stop(): void;
}

export interface UwsHttpParts {
  readonly options: ListenerOptions;
  readonly findHttp: FindHttp;
  readonly originOf: OriginOf;
  readonly failed: Failed;
}

export function createUwsHttp({ options, findHttp, originOf, failed }: UwsHttpParts): UwsHttp {
  const pending = new Set<Exchange>();
  let stopping = false;

  function settle(exchange: Exchange, reply: HttpReply | Promise<HttpReply>): void {
    if (reply instanceof Promise) {
      void reply.then((value) => settle(exchange, value));
      return;
    }
    exchange.reply(prepare(reply, failed), stopping);
    if (exchange.streaming) void followStream(exchange, exchange.streaming);
    else pending.delete(exchange);
  }

  async function followStream(exchange: Exchange, streaming: Promise<void>): Promise<void> {
    pending.add(exchange);
    if (stopping) exchange.leave();
    await streaming;
    pending.delete(exchange);
  }

  function run(exchange: Exchange, route: HttpRoute, head: RequestHead, body: Uint8Array): void {
    const reply = answer(route, head, body, () => exchange.gone(), failed);
    if (reply instanceof Promise) track(exchange);
    settle(exchange, reply);
  }

  function track(exchange: Exchange): void {
    if (pending.has(exchange)) return;
    pending.add(exchange);
    exchange.onAborted(() => pending.delete(exchange));
  }

  function readBody(exchange: Exchange, route: HttpRoute, head: RequestHead): void {
    track(exchange);
    const { bytesMax, tooLarge } = bodyRuleOf(route, options);
    const body = createBody(bytesMax);
    const late = setTimeout(() => {
      pending.delete(exchange);
      exchange.reply(prepare(body.isTooLarge() ? tooLarge : { status: 408 }, failed), true);
    }, options.requestHeadMs);
    exchange.onAborted(() => clearTimeout(late));
    exchange.onData((chunk, isLast) => {
      body.add(chunk);
      if (!isLast || exchange.isOver) return;
      clearTimeout(late);
      if (body.isTooLarge()) settle(exchange, tooLarge);
      else run(exchange, route, head, body.whole());
    });
  }

  return {
    pending: () => pending.size,
    stop: () => {
      stopping = true;
      for (const exchange of pending) exchange.leave();
    },
    handle(response, request) {
      const { line, headers } = readHead(request);
      const exchange = new Exchange(response, line.method === "HEAD");
      const found = findHttp(line.method, line.path);
      const length = headers.get("content-length");
      if ("status" in found) return settle(exchange, found);
      const { bytesMax, tooLarge } = bodyRuleOf(found.route, options);
      if (Number(length) > bytesMax) return settle(exchange, tooLarge);
      const header = (name: string) => headers.get(name);
      const origin = originOf(peerOf(response), options.tls !== undefined, header);
      const head = new RequestHead(line, headers, origin, found.params);
      const hasBody = Number(length) > 0 || headers.get("transfer-encoding") !== "";
      if (hasBody) readBody(exchange, found.route, head);
      else run(exchange, found.route, head, NO_BODY);
    },
  };
}

const NO_BODY = Buffer.alloc(0);

/**
 * Collects chunks, which have to be copied, up to a bound, and reads on beyond it without keeping anything: once answered,
 * uWebSockets would let an endless body go on for ever, and closing under a sender loses it the reply.
 */
function createBody(bytesMax: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    isTooLarge: () => bytes > bytesMax,
    whole: () => Buffer.concat(chunks, bytes),
    add(chunk: ArrayBuffer) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) chunks.length = 0;
      else chunks.push(Buffer.from(new Uint8Array(chunk)));
    },
  };
}
