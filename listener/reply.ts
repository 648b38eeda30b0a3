/**
 * From a route to the reply that goes out. A handler that throws or rejects becomes a bare 500; a header that would split
 * the response (uWebSockets writes what it is given) counts as such a failure.
 */
import { STATUS_CODES } from "node:http";
import type { Head, HttpReply, HttpRoute, ListenerOptions } from "./listener.ts";
import { createRouteTable, type Found } from "./route-table.ts";

export type Failed = (error: unknown) => void;

/** The route of a request, or the bare reply where there is none: 404, or 405 where only the method is wrong. */
export type FindHttp = (method: string, path: string) => Found<HttpRoute> | HttpReply;

export function createFindHttp(routes: readonly HttpRoute[]): FindHttp {
  const find = createRouteTable(routes);
  const singly = routes.map((route) => ({ method: route.method, fits: createRouteTable([route]) }));
  return (method, path) => {
    const asked = method === "HEAD" ? "GET" : method;
    const found = find(path, (route) => route.method === asked || route.method === "ANY");
    if (found) return found;
    const others = new Set(singly.filter((route) => route.fits(path)).map((route) => route.method));
    if (others.size === 0) return { status: 404 };
    return { status: 405, headers: { allow: [...others].join(", ").replace("GET", "GET, HEAD") } };
  };
}

/** Runs a handler; a synchronous answer stays synchronous. Never throws or rejects. */
export function answer(
  route: HttpRoute,
  head: Head,
  body: Uint8Array,
  gone: () => AbortSignal,
  failed: Failed,
): HttpReply | Promise<HttpReply> {
  const bare = (error: unknown): HttpReply => {
    failed(error);
    return { status: 500 };
  };
  try {
    const reply = route.handle(head, body, gone);
    return reply instanceof Promise ? reply.catch(bare) : reply;
  } catch (error) {
    return bare(error);
  }
}

/** How long a route's bodies may be, and what a longer one is answered. */
export const bodyRuleOf = (route: HttpRoute, { httpBodyBytes }: Pick<ListenerOptions, "httpBodyBytes">) =>
  route.body ?? { bytesMax: httpBodyBytes, tooLarge: { status: 413 } };

export interface Prepared {
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Bytes that the reply has or, to HEAD, would have; undefined where the status allows none, or nobody knows yet. */
  readonly length: number | undefined;
}

/** Framing is the listener's own: a handler's word on it could not be true for HEAD, 413 and closing connections. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection"]);

export function prepare(reply: HttpReply, failed: Failed): Prepared {
  try {
    return prepared(reply);
  } catch (error) {
    failed(error);
    return prepared({ status: 500 });
  }
}

function prepared({ status, headers, body = "" }: HttpReply): Prepared {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new Error(`${status} is not a final HTTP status`);
  const checked: Array<readonly [string, string]> = [];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (FRAMING.has(name.toLowerCase())) continue;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new Error(`the response header ${JSON.stringify(name)} has characters that a header cannot have`);
    }
    checked.push([name, value]);
  }
  const bodiless = status === 204 || status === 304;
  const length = bodiless ? undefined : lengthOf(body);
  if (bodiless && body instanceof ReadableStream) void body.cancel().catch(() => {});
  return { status, reason: STATUS_CODES[status] ?? "Unknown", headers: checked, body: bodiless ? "" : body, length };
}

function lengthOf(body: Prepared["body"]): number | undefined {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof ReadableStream ? undefined : body.byteLength;
}
