/**
 * HTTP on uWebSockets. A request object is valid only during its callback and a response only until it is answered or
 * aborted, so the head is copied first and an `Exchange` remembers which of the two happened.
 *
 * uWebSockets itself gives a head, and the pause between two requests, 10 to 12 s; a body as well unless 16 kB a second
 * arrive. Bodies get `requestHeadMs` here on top.
 */
import type * as uWS from "uWebSockets.js";
import { Headers, RequestHead } from "./head.ts";
import type { HttpReply, HttpRoute, ListenerOptions } from "./listener.ts";
import type { OriginOf } from "./proxies.ts";
import { answer, type Failed, type FindHttp, type Prepared, prepare } from "./reply.ts";

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
    pending.delete(exchange);
    exchange.reply(prepare(reply, failed), stopping);
  }

  function run(exchange: Exchange, route: HttpRoute, head: RequestHead, body: Uint8Array): void {
    const reply = answer(route, head, body, failed);
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
    const late = setTimeout(() => {
      pending.delete(exchange);
      exchange.reply(prepare({ status: 408 }, failed), true);
    }, options.requestHeadMs);
    const body = createBody(options.httpBodyBytes);
    exchange.onAborted(() => clearTimeout(late));
    exchange.onData((chunk, isLast) => {
      if (exchange.isOver) return;
      const complete = body.add(chunk, isLast);
      if (complete === undefined) return;
      clearTimeout(late);
      if (complete === "too large") settle(exchange, { status: 413 });
      else run(exchange, route, head, complete);
    });
  }

  return {
    pending: () => pending.size,
    stop: () => {
      stopping = true;
    },
    handle(response, request) {
      const { line, headers } = readHead(request);
      const exchange = new Exchange(response, line.method === "HEAD");
      const found = findHttp(line.method, line.path);
      const length = headers.get("content-length");
      if ("status" in found) return settle(exchange, found);
      if (Number(length) > options.httpBodyBytes) return settle(exchange, { status: 413 });
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

/** Copies what uWebSockets takes back when the callback returns. */
export function readHead(request: uWS.HttpRequest) {
  const headers = new Headers();
  request.forEach((name, value) => {
    headers.add(name, value);
  });
  const line = { method: request.getCaseSensitiveMethod(), path: request.getUrl(), search: request.getQuery() ?? "" };
  return { line, headers };
}

export function peerOf(response: uWS.HttpResponse): string {
  return Buffer.from(response.getRemoteAddressAsText()).toString("latin1");
}

/** Collects chunks, which have to be copied, up to a bound. */
function createBody(bytesMax: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: ArrayBuffer, isLast: boolean): Buffer | "too large" | undefined {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) return "too large";
      chunks.push(Buffer.from(new Uint8Array(chunk)));
      return isLast ? Buffer.concat(chunks, bytes) : undefined;
    },
  };
}

/** One request and its one answer; afterwards, or once the client has gone, every method does nothing. */
export class Exchange {
  isOver = false;
  readonly #response: uWS.HttpResponse;
  readonly #isHead: boolean;
  #aborted: Array<() => void> | undefined;

  constructor(response: uWS.HttpResponse, isHead: boolean) {
    this.#response = response;
    this.#isHead = isHead;
  }

  onAborted(told: () => void): void {
    if (this.#aborted) {
      this.#aborted.push(told);
      return;
    }
    this.#aborted = [told];
    this.#response.onAborted(() => {
      this.isOver = true;
      for (const each of this.#aborted!) each();
    });
  }

  onData(take: (chunk: ArrayBuffer, isLast: boolean) => void): void {
    this.#response.onData(take);
  }

  reply(reply: Prepared, close: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#response.cork(() => this.#write(reply, close));
  }

  #write({ status, reason, headers, body, length }: Prepared, close: boolean): void {
    const response = this.#response;
    response.writeStatus(`${status} ${reason}`);
    for (const [name, value] of headers) response.writeHeader(name, value);
    if (!this.#isHead && length !== undefined) {
      response.end(body, close);
      return;
    }
    // Any argument to endWithoutBody makes uWebSockets wait for a body that never comes, so the headers are ours.
    if (length !== undefined) response.writeHeader("content-length", String(length));
    if (close) response.writeHeader("connection", "close");
    response.endWithoutBody();
  }
}
