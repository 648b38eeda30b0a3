/**
 * HTTP on node:http. Node enforces `requestHeadMs` itself, for heads and for whole requests, and reads what is left of a
 * body that was answered early, so that the client sees its 413.
 */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Headers, RequestHead } from "./head.ts";
import type { HttpReply, ListenerOptions } from "./listener.ts";
import type { OriginOf } from "./proxies.ts";
import { answer, bodyRuleOf, type Failed, type FindHttp, type Prepared, prepare } from "./reply.ts";

export interface WsHttpParts {
  readonly options: ListenerOptions;
  readonly findHttp: FindHttp;
  readonly originOf: OriginOf;
  readonly failed: Failed;
}

/** The request listener of a node:http server. Never rejects. Once `stopping`, every reply closes its connection. */
export function createWsHttp({ options, findHttp, originOf, failed }: WsHttpParts, stopping: AbortSignal) {
  async function replyTo(request: IncomingMessage, gone: () => AbortSignal): Promise<HttpReply | undefined> {
    const { line, headers } = readHead(request);
    const found = findHttp(line.method, line.path);
    if ("status" in found) return found;
    const { bytesMax, tooLarge } = bodyRuleOf(found.route, options);
    if (Number(headers.get("content-length")) > bytesMax) return tooLarge;
    const origin = originOf(peerOf(request), options.tls !== undefined, (name) => headers.get(name));
    const head = new RequestHead(line, headers, origin, found.params);
    const body = await readBody(request, bytesMax);
    if (body === "aborted") return undefined;
    return body === "too large" ? tooLarge : answer(found.route, head, body, gone, failed);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = () => goneOf(response, stopping);
    const reply = await replyTo(request, gone);
    if (!reply) return;
    if (stopping.aborted) response.setHeader("connection", "close");
    write(response, prepare(reply, failed), gone);
    // Node waits for ever for a client that does not read; its own timer goes on when the reply has left.
    if (!response.writableFinished && !(reply.body instanceof ReadableStream)) {
      request.socket.setTimeout(options.requestHeadMs);
    }
  };
}

/** Aborted when the client goes before its answer is through, or the listener closes. */
function goneOf(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => response.writableFinished || gone.abort());
  if (response.destroyed) gone.abort();
  return AbortSignal.any([gone.signal, stopping]);
}

function write(
  response: ServerResponse,
  { status, reason, headers, body, length }: Prepared,
  gone: () => AbortSignal,
): void {
  if (length !== undefined) response.setHeader("content-length", length);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(status, reason);
  if (!(body instanceof ReadableStream)) return void response.end(body);
  if (response.req.method === "HEAD") {
    void body.cancel().catch(() => {});
    return void response.end();
  }
  // A stream that fails breaks the reply off: the client must not take it for a whole one.
  pump(body, response, gone()).catch(() => response.destroy());
}

/** Chunk by chunk; while the client does not read the next is not read either. */
async function pump(body: ReadableStream<Uint8Array>, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  gone.addEventListener("abort", cancel);
  if (gone.aborted) cancel();
  for (;;) {
    const { done, value } = await reader.read();
    if (response.destroyed) return cancel();
    if (done) return void response.end();
    // Nothing stays behind that waits for a close: an endless stream drains without end.
    if (!response.write(value)) await once(response, "drain", { signal: gone }).catch(() => {});
  }
}

/** A refusal on a connection that node:http has handed over for an upgrade. */
export function refuse(stream: Duplex, { status, reason, headers, body, length = 0 }: Prepared): void {
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    `content-length: ${length}`,
    "connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  stream.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  stream.end(body instanceof ReadableStream ? "" : body, () => stream.destroy());
}

export function readHead(request: IncomingMessage) {
  const headers = new Headers();
  const { rawHeaders } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) headers.add(rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!);
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const search = mark === -1 ? "" : target.slice(mark + 1);
  return { line: { method: request.method ?? "GET", path, search }, headers };
}

export function peerOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? "";
}

const NO_BODY = Buffer.alloc(0);

function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | "too large" | "aborted"> | Buffer {
  const { headers } = request;
  if (headers["transfer-encoding"] === undefined && !(Number(headers["content-length"]) > 0)) return NO_BODY;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) resolve("too large");
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks, Math.min(bytes, bytesMax))));
    request.on("close", () => resolve("aborted"));
    request.on("error", () => resolve("aborted"));
  });
}
