/**
 * Open admission, for development and room tests only: beside seats, the server takes stock Colyseus matchmaking over HTTP and
 * the plain session ids that it answers with, as `@colyseus/testing` and the playground expect. Nobody vouches for these
 * players, and their rooms are not in the lobby index.
 */
import { type AuthContext, connectClientToRoom, matchMaker, ServerError } from "@colyseus/core";
import type { Head, HttpReply, HttpRoute } from "@frontrow/listener/listener.ts";
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { Connection } from "../transport/connection.ts";
import { SeatClient } from "../transport/seat-client.ts";
import type { Visit } from "./visit.ts";
import { contextOf } from "./visit.ts";

/** Sits down a client whose seat Colyseus itself has reserved. */
export async function admitOpenly(visit: Visit, connection: Connection, sessionId: string): Promise<void> {
  const room = matchMaker.getLocalRoomById(visit.roomId);
  if (!room) throw new FrontrowError("ROOM_NOT_FOUND");
  connection.leadsTo(room);
  const client = new SeatClient(sessionId, connection);
  await connectClientToRoom(room, client, visit.context, {
    skipHandshake: visit.skipHandshake,
    ...(visit.reconnectionToken === undefined ? {} : { reconnectionToken: visit.reconnectionToken }),
  });
}

export function openMatchmaking(): HttpRoute[] {
  return [
    { method: "OPTIONS", path: "/matchmake/*", handle: (head) => ({ status: 204, headers: corsOf(head) }) },
    { method: "POST", path: "/matchmake/:method/:name", handle: matchmake },
  ];
}

async function matchmake(head: Head, body: Uint8Array): Promise<HttpReply> {
  const { method = "", name = "" } = head.params;
  const context: AuthContext = contextOf(head, /^Bearer (.+)$/.exec(head.header("authorization"))?.[1]);
  try {
    const options = body.length > 0 ? JSON.parse(Buffer.from(body).toString()) : {};
    return jsonReply(head, 200, await matchMaker.controller.invokeMethod(method, name, options, context));
  } catch (error) {
    const { code, message } = error instanceof ServerError ? error : new ServerError(400, "The body is not JSON.");
    // Stock Colyseus answers with its own codes as HTTP status, and its SDK reads nothing else.
    return jsonReply(head, code >= 400 && code < 600 ? code : 500, { code, error: message });
  }
}

const jsonReply = (head: Head, status: number, body: unknown): HttpReply => ({
  status,
  headers: { "content-type": "application/json", ...corsOf(head) },
  body: JSON.stringify(body),
});

const corsOf = (head: Head): Record<string, string> => ({
  "access-control-allow-origin": head.header("origin") || "*",
  "access-control-allow-headers": "content-type, authorization",
  "access-control-allow-methods": "POST",
  "access-control-allow-credentials": "true",
});
