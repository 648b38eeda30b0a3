/**
 * One request on uWebSockets. The request object is valid only during its callback, so the head is copied first; the
 * response only until it is answered or aborted, and an `Exchange` remembers which of the two happened.
 */
import type * as uWS from "uWebSockets.js";
import { Headers } from "./head.ts";
import type { Prepared } from "./reply.ts";

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

/** The one answer to a request; after it, or once the client has gone, every method does nothing. */
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
