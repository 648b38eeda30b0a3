/**
 * How a socket is told no. Over HTTP before the upgrade where nobody can be listening for more; otherwise upgraded, told by
 * Colyseus' own error frame, which every Colyseus SDK shows to the game, and closed with the catalogue's code.
 */
import { CloseCode, getMessageBytes, Protocol, ServerError } from "@colyseus/core";
import type { HttpReply } from "@frontrow/listener/listener.ts";
import { type ErrorCode, errorCatalogue, FrontrowError } from "@frontrow/shared/errors.ts";
import type { Connection } from "../transport/connection.ts";

export function httpRefusal(code: ErrorCode): HttpReply {
  const { http, message, retryable, retryAfterMs } = errorCatalogue[code];
  return {
    status: http,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ code, error: message, retryable, retryAfterMs }),
  };
}

/**
 * Tells a connection why and ends it; returns the catalogue's code for it. A ServerError was thrown by room code to be read by
 * the player; of any other exception the player learns nothing.
 */
export function refuseConnection(connection: Connection, error: unknown, isReconnection: boolean): ErrorCode {
  if (error instanceof ServerError) {
    tell(connection, error.code, error.message, CloseCode.WITH_ERROR);
    return "INTERNAL";
  }
  const code = error instanceof FrontrowError ? error.refusal.code : "INTERNAL";
  const { close, message } = errorCatalogue[code];
  tell(connection, close, `${code}: ${message}`, closeCodeOf(code, close, isReconnection));
  return code;
}

/**
 * A reconnection ends with the codes that SDKs and games know: try again later for a full door, else 4003. Without a close frame
 * a Node client would wait for ever, which is why a reconnection is never refused over HTTP.
 */
function closeCodeOf(code: ErrorCode, close: number, isReconnection: boolean): number {
  if (!isReconnection) return close;
  if (code === "RATE_LIMITED") return CloseCode.MAY_TRY_RECONNECT;
  return code === "RECONNECTION_EXPIRED" ? CloseCode.FAILED_TO_RECONNECT : close;
}

function tell(connection: Connection, code: number, message: string, closeCode: number): void {
  if (!connection.isOpen) return;
  connection.send(getMessageBytes[Protocol.ERROR](code, message));
  connection.end(closeCode, message);
}
