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
  /** A ping frame of at most 125 bytes; the answer arrives at the route's `pong`. */
  ping(payload: Uint8Array): void;
  /** Runs `sends` so that what it sends leaves in one system call. */
  cork(sends: () => void): void;
  /** A closing handshake; code 1000 or 3000 to 4999, reason at most 123 bytes. The socket is gone within two seconds even if the peer is mute. */
  close(code: number, reason: string): void;
  /** Gone at once, without a close frame; the peer sees 1006. */
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
  readonly body?: string | Uint8Array;
}

export interface HttpRoute {
  readonly method: "GET" | "POST" | "OPTIONS" | "ANY";
  /** Segments are literal or `:name`; a last `*` takes the rest. The first route that fits answers. */
  readonly path: string;
  /** The body is complete and at most `httpBodyBytes` long (413 otherwise). A rejection is answered with a bare 500. */
  handle(head: Head, body: Uint8Array): HttpReply | Promise<HttpReply>;
}

export type Upgrade<Data> =
  | { readonly accept: Data; readonly protocol?: string | undefined }
  | { readonly refuse: HttpReply };

export interface SocketRoute<Data> {
  readonly path: string;
  /** Longer messages end the connection (1009, or 1006 on uWebSockets). */
  readonly messageBytesMax: number;
  /** Over this many unsent bytes the socket is closed with 1013, and `send` answers "dropped". */
  readonly sendBufferBytesMax: number;
  /** Nothing received for so long ends the connection. */
  readonly idleMs: number;
  /** Synchronous, so that junk is cheap. */
  upgrade(head: Head): Upgrade<Data>;
  open(socket: Socket<Data>): void;
  /** `message` is valid only during the call: copy what must outlive it. */
  message(socket: Socket<Data>, message: Uint8Array, isText: boolean): void;
  pong?(socket: Socket<Data>, payload: Uint8Array): void;
  /** The buffer has emptied after a send was "queued". */
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
  readonly httpBodyBytes: number;
  /** A request head, body or upgrade must be complete within this. */
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
