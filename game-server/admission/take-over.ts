/**
 * Another connection in place of one that is still open: a page that was reloaded or opened twice, another device, another network. Its
 * player was never away, so the room is asked nothing, and nothing that it says of drops can cost the seat: in one turn the client
 * gets the new connection, and stays who and where it is. A room with an `onReconnect`, which sends or notes what a new connection
 * needs, is told as of a drop that was made good at once: `onDrop`, where it has one, then `onReconnect`, which may refuse as ever.
 */

import type { Room } from "@colyseus/core";
import { type Client, ClientState, CloseCode, Deferred, generateId, getMessageBytes, Protocol } from "@colyseus/core";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import { internalsOf } from "../colyseus/internals.ts";
import type { ReportFault } from "../room-faults.ts";
import type { Connection } from "../transport/connection.ts";
import type { SeatClient } from "../transport/seat-client.ts";
import { within } from "../within.ts";
import type { Sitter } from "./sit.ts";

const { close: TAKEN_OVER } = errorCatalogue.SEAT_TAKEN_OVER;

export interface TakeOverOptions {
  /** How long the room's `onDrop` may take before it says that it waits; ms. */
  readonly deadlineMs: number;
  readonly reportFault: ReportFault;
}

/** Whether its player is there, as far as this end knows. */
export function isHere(room: Room, client: SeatClient): boolean {
  return room.clients.get(client.sessionId) === client && client.ref.isOpen;
}

/** `client` is here. Rejects with what its room's `onReconnect` threw: then the player has left. */
export async function takeOver(
  room: Room,
  client: SeatClient,
  { connection, skipHandshake }: Sitter,
  options: TakeOverOptions,
): Promise<void> {
  const internals = internalsOf(room);
  swap(room, client, connection);
  if (room.onReconnect) await tell(room, client, options);
  if (room.clients.get(client.sessionId) !== client) return;
  client.state = ClientState.JOINING;
  connection.onleave = (code) => void internals._onLeave(client, code);
  // Gone while its room was told: a drop like any other.
  if (!connection.isOpen) return internals._onLeave(client, CloseCode.ABNORMAL_CLOSURE);
  connection.once("close", connection.onleave);
  connection.on("message", (frame: Buffer) => internals._onMessage(client, frame));
  const schema = skipHandshake ? undefined : internals._serializer.handshake?.();
  const inputs = internals._inputController?.handshakeSections();
  client.raw(getMessageBytes[Protocol.JOIN_ROOM](client.reconnectionToken, internals._serializer.id, schema, inputs));
}

/** What Colyseus does for a client that comes back, to the client that is there. */
function swap(room: Room, client: SeatClient, connection: Connection): void {
  const { _inputController: inputs } = internalsOf(room);
  const { ref: older } = client;
  older.removeAllListeners("message");
  if (older.onleave) older.removeListener("close", older.onleave);
  client.beginAgain(connection, generateId());
  // Colyseus takes it off a client that it throws out.
  connection.onleave = () => {};
  inputs?.allocate(client);
  inputs?.register(client.sessionId, client);
  older.end(TAKEN_OVER, "SEAT_TAKEN_OVER");
}

async function tell(room: Room, client: SeatClient, { deadlineMs, reportFault }: TakeOverOptions): Promise<void> {
  const waits = new Deferred<void>();
  const back = new Deferred<Client>();
  client.backAlready = () => {
    waits.resolve();
    return back;
  };
  const drop = async () => room.onDrop?.(client, TAKEN_OVER);
  const dropped = drop().catch((error) => reportFault("onDrop", room.roomId, error));
  await within(Promise.race([dropped, waits.promise]), deadlineMs, () => {});
  client.backAlready = undefined;
  back.resolve(client);
  if (room.clients.get(client.sessionId) !== client) return;
  client.state = ClientState.RECONNECTING;
  try {
    await room.onReconnect!(client);
  } catch (error) {
    await internalsOf(room)._onLeave(client, CloseCode.FAILED_TO_RECONNECT);
    throw error;
  }
}
