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
  /** Answered, or without anybody to answer. */
  isOver = false;
  /** A reply whose body is a stream has begun, and not ended. */
  streaming: Promise<void> | undefined;
  readonly #response: uWS.HttpResponse;
  readonly #isHead: boolean;
  #aborted: Array<() => void> | undefined;
  #isAborted = false;
  #gone: AbortController | undefined;

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
      this.#isAborted = true;
      for (const each of this.#aborted!) each();
    });
  }

  /** Aborted when the client goes, or by `leave`. */
  gone(): AbortSignal {
    if (this.#gone) return this.#gone.signal;
    const gone = new AbortController();
    this.#gone = gone;
    if (this.#isAborted) gone.abort();
    else if (!this.isOver) this.onAborted(() => gone.abort());
    return gone.signal;
  }

  /** The listener closes: whoever waits for `gone`, or streams, is to end. */
  leave(): void {
    this.#gone?.abort();
  }

  onData(take: (chunk: ArrayBuffer, isLast: boolean) => void): void {
    this.#response.onData(take);
  }

  reply(reply: Prepared, close: boolean): void {
    if (this.isOver) {
      if (reply.body instanceof ReadableStream) void reply.body.cancel().catch(() => {});
      return;
    }
    if (reply.body instanceof ReadableStream && !this.#isHead) {
      // Before the answer counts as given: a signal is still to be had.
      const gone = this.gone();
      this.isOver = true;
      this.streaming = this.#pump(reply, reply.body, gone).finally(() => {
        this.streaming = undefined;
      });
      return;
    }
    this.isOver = true;
    this.#response.cork(() => this.#write(reply, close));
  }

  /** Chunk by chunk, the head before the first; while uWebSockets holds one back the next is not read. */
  async #pump(head: Prepared, body: ReadableStream<Uint8Array>, gone: AbortSignal): Promise<void> {
    const response = this.#response;
    let isBegun = false;
    const begin = () => {
      if (!isBegun) this.#writeHead(head);
      isBegun = true;
    };
    const reader = body.getReader();
    const cancel = () => void reader.cancel().catch(() => {});
    gone.addEventListener("abort", cancel);
    if (gone.aborted) cancel();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#isAborted) return;
        if (done) break;
        let isThrough = true;
        response.cork(() => {
          begin();
          isThrough = response.write(value);
        });
        if (!isThrough) await this.#drained();
      }
      response.cork(() => {
        begin();
        response.end();
      });
    } catch {
      // The stream failed: a reply that breaks off, because the client must not take it for a whole one.
      if (!this.#isAborted) response.close();
    } finally {
      gone.removeEventListener("abort", cancel);
    }
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isAborted) return resolve();
      this.onAborted(resolve);
      this.#response.onWritable(() => {
        resolve();
        return true;
      });
    });
  }

  #writeHead({ status, reason, headers }: Prepared): void {
    this.#response.writeStatus(`${status} ${reason}`);
    for (const [name, value] of headers) this.#response.writeHeader(name, value);
  }

  #write(reply: Prepared, close: boolean): void {
    const response = this.#response;
    const { body, length } = reply;
    this.#writeHead(reply);
    if (body instanceof ReadableStream) void body.cancel().catch(() => {});
    else if (!this.#isHead && length !== undefined) {
      response.end(body, close);
      return;
    }
    // Any argument to endWithoutBody makes uWebSockets wait for a body that never comes, so the headers are ours.
    if (length !== undefined) response.writeHeader("content-length", String(length));
    if (close) response.writeHeader("connection", "close");
    response.endWithoutBody();
  }
}
