/**
 * From a seat to a joined room, with the stock SDK: the seat token stands where Colyseus puts its process id. Ends with the
 * room, or with a failure that says why there is none, within a deadline, because a WebSocket has none of its own.
 */
import { Client as ColyseusClient, type Room } from "@colyseus/sdk";
import { codeOfClose } from "@frontrow/shared/errors.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { dialAddress } from "@frontrow/shared/public-address.ts";
import { type Failure, failure } from "./ticket.ts";

/** The server's own deadline for an admission (5 s), and the way there and back. */
const JOIN_MS = 8_000;

/** A seat, or a place that was kept: then with the token of the connection that it was kept for. */
export type Dialled = Pick<Seat, "mode" | "roomId" | "sessionId" | "token" | "publicAddress" | "secure"> & {
  readonly reconnectionToken?: string;
};

/** `base` is the edge's address: what a game server's address leaves out is as there. Never rejects. */
export async function joinRoom(
  base: URL,
  seat: Dialled,
  signal: AbortSignal | undefined,
  { isReturn = false } = {},
): Promise<Room | Failure> {
  const joining = dial(base, seat);
  const stop = withdrawal(signal);
  try {
    const outcome = await Promise.race([joining.catch((error) => failureOf(error, seat)), stop.failed]);
    // Who came back too late has not left the seat.
    if ("ok" in outcome) void joining.then((late) => late.leave(!isReturn)).catch(() => {});
    return outcome;
  } finally {
    stop.forget();
  }
}

function dial(base: URL, seat: Dialled): Promise<Room> {
  const { mode, roomId, sessionId, token, publicAddress, secure, reconnectionToken } = seat;
  const address = dialAddress(publicAddress, `${base.host}${base.pathname.replace(/\/$/, "")}`);
  const scheme = publicAddress ? (secure ? "https" : "http") : base.protocol.slice(0, -1);
  const sdk = new ColyseusClient(`${scheme}://${address}`);
  return sdk.consumeSeatReservation({
    ...{ name: mode, roomId, sessionId, processId: token, publicAddress: address },
    ...(reconnectionToken ? { reconnectionToken } : {}),
  });
}

/** What ends the waiting for a room: the deadline, and the player. */
function withdrawal(signal: AbortSignal | undefined) {
  let forget = () => {};
  const failed = new Promise<Failure>((resolve) => {
    const cancel = () => resolve(failure("CANCELLED"));
    const late = setTimeout(() => resolve(failure("DEADLINE", "The game server took too long.")), JOIN_MS);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    forget = () => {
      clearTimeout(late);
      signal?.removeEventListener("abort", cancel);
    };
  });
  return { failed, forget };
}

/** Our door says errors by their close code, a room's own code by any other; where there is no code nobody answered. */
function failureOf(error: unknown, { publicAddress }: Dialled): Failure {
  const { code, message } = error as { code?: unknown; message?: string };
  const ours = typeof code === "number" ? codeOfClose(code) : undefined;
  if (ours) return failure(ours);
  if (code === MAY_TRY_RECONNECT) return failure("RATE_LIMITED");
  if (code === FAILED_TO_RECONNECT) return failure("RECONNECTION_EXPIRED");
  if (code === undefined || code === ABNORMAL)
    return failure("SERVER_UNREACHABLE", publicAddress && `(${publicAddress})`);
  return failure("ROOM_REFUSED", message);
}

/** The close code of a connection that ended without a close frame (RFC 6455, 7.4.1). */
const ABNORMAL = 1006;
/** Colyseus' own, with which a reconnection is refused. */
const MAY_TRY_RECONNECT = 4010;
const FAILED_TO_RECONNECT = 4003;
