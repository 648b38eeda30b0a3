/** One upgraded socket at the door: what it asks for, and what its upgrade request said. */
import type { AuthContext } from "@colyseus/core";
import type { Head } from "@frontrow/listener/listener.ts";
import type { ErrorCode } from "@frontrow/shared/errors.ts";
import type { SeatClaims } from "@frontrow/shared/seat-token.ts";
import type { Connection } from "../transport/connection.ts";

export type Wish =
  | { readonly kind: "seat"; readonly claims: SeatClaims }
  /** `claims`: of a token that is good as far as it can be told without its room. */
  | {
      readonly kind: "reconnect";
      readonly sessionId: string;
      readonly token: string;
      readonly claims: SeatClaims | undefined;
    }
  /** A session of stock matchmaking; open admission only. */
  | { readonly kind: "open"; readonly sessionId: string }
  /** Upgraded only to be told why not. */
  | { readonly kind: "refused"; readonly code: ErrorCode };

export interface Visit {
  readonly wish: Wish;
  readonly roomId: string;
  readonly reconnectionToken: string | undefined;
  readonly skipHandshake: boolean;
  /** The player's own JWT, which stock SDKs append. */
  readonly jwt: string | undefined;
  readonly context: AuthContext;
  connection: Connection | undefined;
}

/** Headers that room code may look at; the listener keeps what proxies say out of the address. */
const HEADERS = ["host", "origin", "user-agent", "accept-language", "cookie", "referer", "authorization"] as const;

export function visitOf(head: Head, wish: Wish): Visit {
  const jwt = head.query.get("_authToken") || undefined;
  return {
    wish,
    roomId: head.params.room ?? "",
    reconnectionToken: head.query.get("reconnectionToken") || undefined,
    skipHandshake: head.query.has("skipHandshake"),
    jwt,
    context: contextOf(head, jwt),
    connection: undefined,
  };
}

/** As Colyseus' createAuthContext, but with the listener's address instead of whatever X-Forwarded-For says. */
export function contextOf(head: Head, jwt: string | undefined): AuthContext {
  let headers: Headers | undefined;
  return {
    ...(jwt === undefined ? {} : { token: jwt }),
    ip: head.address,
    get headers() {
      headers ??= new Headers(
        HEADERS.map((name) => [name, head.header(name)] as const).filter(([, value]) => value) as [string, string][],
      );
      return headers;
    },
  };
}
