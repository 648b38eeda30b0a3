/** The parts of a WebSocket handshake (RFC 6455, 4.2) that both implementations must judge alike. */
import type { Head, HttpReply, SocketRoute, Upgrade } from "./listener.ts";
import type { Failed } from "./reply.ts";

/** Whether a GET asks for a WebSocket; anything else with an `Upgrade` header (h2c, say) is an ordinary request. */
export function asksForSocket(header: (name: string) => string): boolean {
  return header("sec-websocket-key").length === 24 && header("upgrade").toLowerCase() === "websocket";
}

/** Why a handshake cannot become a socket, before any route is asked; undefined for a good one. */
export function handshakeProblem(header: (name: string) => string): HttpReply | undefined {
  if (header("sec-websocket-version") !== "13") return { status: 426, headers: { "sec-websocket-version": "13" } };
  if (!/^[+/0-9A-Za-z]{22}==$/.test(header("sec-websocket-key"))) return { status: 400 };
  return undefined;
}

/**
 * The subprotocol to answer with: the route's choice if the client offered it, else the client's first, because browsers
 * drop a connection whose offer got no answer. "" when nothing was offered.
 */
export function chooseProtocol(offered: string, chosen: string | undefined): string {
  if (offered === "") return "";
  const names = offered.split(",").map((name) => name.trim());
  return chosen !== undefined && names.includes(chosen) ? chosen : (names[0] ?? "");
}

/** The route's word on a handshake; one that throws refuses with a bare 500. */
export function askRoute<Data>(route: SocketRoute<Data>, head: Head, failed: Failed): Upgrade<Data> {
  try {
    return route.upgrade(head);
  } catch (error) {
    failed(error);
    return { refuse: { status: 500 } };
  }
}
