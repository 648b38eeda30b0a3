/**
 * One port, HTTP and WebSockets, as every process of Frontrow opens it. Two implementations with the same behaviour, held to
 * it by one conformance suite: `uws.ts` (uWebSockets.js) and `ws.ts` (node:http and ws), where uWebSockets cannot load.
 */

/** What a socket's `send` did: into the kernel, into our buffer behind earlier bytes, or nowhere (over the bound, or closed). */
export type SendResult = "sent" | "queued" | "dropped";

/** A connected peer. All methods are safe on a closed socket. */
export interface Socket<Data = unknown> {
  /** Whatever the route's `upgrade` accepted it with. */
  readonly data: Data;
  /** The peer's address; a forwarding header's only when the peer is a named proxy. */
  readonly address: string;
  /** The subprotocol chosen, or "". */
  readonly protocol: string;
  readonly isOpen: boolean;
  /** Bytes not yet taken by the kernel. */
  buffered(): number;
  /** Text for a string, binary for bytes; the bytes may be reused when this returns. */
  send(message: string | Uint8Array): SendResult;
  /** A ping frame of at most 125 bytes (more throws); the answer arrives at the route's `pong`, as do unasked ones. */
  ping(payload: Uint8Array): void;
  /** Runs `sends` so that what it sends leaves in one system call; its sends answer as if each had left. */
  cork(sends: () => void): void;
  /**
   * A closing handshake; code 1000 or 3000 to 4999, reason at most 123 bytes (a code that may not travel is sent as 1011, a
   * longer reason is cut). The route's `close` has run when this returns, and it hears nothing more. A peer sees the end
   * within two seconds, even one that is mute or does not read; uWebSockets frees the half-closed connection of a mute one
   * after at most 4 s.
   */
  close(code: number, reason: string): void;
  /** Gone at once, without a close frame; the peer and the route's `close` see 1006. */
  terminate(): void;
}

/** The head of an HTTP request or upgrade. Plain values: they stay valid after the callback. */
export interface Head {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; repeated headers joined by ", ". */
  header(name: string): string;
  readonly address: string;
  /** Whether the client came by TLS, here or at a named proxy. */
  readonly secure: boolean;
  /** Values of the route's `:name` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is sent as it comes, the head with its first chunk; not read while the client does not read, cancelled when it goes. */
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

export interface HttpRoute {
  readonly method: "GET" | "POST" | "OPTIONS" | "ANY";
  /** Segments are literal or `:name` (not empty); a last `*` takes the rest. The first route that fits answers; a GET route answers HEAD too. */
  readonly path: string;
  /** Instead of the listener's `httpBodyBytes`, and of a bare 413. */
  readonly body?: { readonly bytesMax: number; readonly tooLarge: HttpReply };
  /**
   * Length and connection headers are the listener's. The body is complete and at most `httpBodyBytes` long (413 otherwise). A
   * rejection is answered with a bare 500. `gone()` is aborted when the client goes before it is answered, or the listener closes; to
   * be called before the first `await`.
   */
  handle(head: Head, body: Uint8Array, gone: () => AbortSignal): HttpReply | Promise<HttpReply>;
}

export type Upgrade<Data> =
  | { readonly accept: Data; readonly protocol?: string | undefined }
  | { readonly refuse: HttpReply };

/** A callback that throws loses its connection (1011), a throwing `upgrade` is answered with a bare 500; `failed` hears of both. */
export interface SocketRoute<Data> {
  /** As in HttpRoute. */
  readonly path: string;
  /** Longer messages end the connection (1009, or 1006 on uWebSockets). */
  readonly messageBytesMax: number;
  /** While more than this waits, `send` answers "dropped" and closes the socket with 1013: at most this and one message wait. */
  readonly sendBufferBytesMax: number;
  /** Nothing received for so long, up to an eighth longer, ends the connection with 1006: no message, ping or pong. */
  readonly idleMs: number;
  /** Synchronous, so that junk is cheap. */
  upgrade(head: Head): Upgrade<Data>;
  open(socket: Socket<Data>): void;
  /** `message` is valid only during the call: copy what must outlive it. */
  message(socket: Socket<Data>, message: Uint8Array, isText: boolean): void;
  pong?(socket: Socket<Data>, payload: Uint8Array): void;
  /** The buffer has emptied after a send was "queued", or after a cork that did not leave at once. */
  drained?(socket: Socket<Data>): void;
  /** Exactly once for each `open`. */
  close(socket: Socket<Data>, code: number, reason: string): void;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0 lets the system choose; `Listening.port` says what it was. */
  readonly port: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Addresses or CIDR ranges whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies: readonly string[];
  /** Of routes that say nothing else. */
  readonly httpBodyBytes: number;
  /**
   * A request head, body or upgrade must be complete, and a reply be read on, within this. uWebSockets keeps its own time
   * for all but bodies: 10 s, looked at every 4 s.
   */
  readonly requestHeadMs: number;
  readonly http: readonly HttpRoute[];
  /** `any` because routes of different data types share a list. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly sockets: readonly SocketRoute<any>[];
  /** What a route threw or rejected with; its peer was told 500 or 1011 and nothing more. To stderr where absent. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

export interface Listening {
  readonly port: number;
  readonly kind: "uws" | "ws";
  /** Stops accepting, closes every socket with 1001, resolves when the port is free. */
  close(): Promise<void>;
}

/** Rejects with an Error that names the address when it is taken. */
export type Listen = (options: ListenerOptions) => Promise<Listening>;
