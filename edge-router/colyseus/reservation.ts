/** What stock SDKs are answered with, over HTTP and in a queue's `seat` message: where to dial, or why not. */
import type { Refusal } from "@frontrow/shared/errors.ts";
import type { Seat } from "@frontrow/shared/protocol/words.ts";
import { dialAddress } from "@frontrow/shared/public-address.ts";

/** The SDK dials `ws[s]://{publicAddress}/{processId}/{roomId}`; without a public address the host and path that it asked at. */
export interface Reservation {
  readonly name: string;
  readonly roomId: string;
  readonly sessionId: string;
  readonly processId: string;
  readonly publicAddress?: string;
  readonly reconnectionToken?: string;
}

/** `host` is the Host header that the player came by. */
export const reservationOf = (seat: Seat, host: string): Reservation => ({
  name: seat.mode,
  roomId: seat.roomId,
  sessionId: seat.sessionId,
  processId: seat.token,
  publicAddress: dialAddress(seat.publicAddress, host),
});

/** Stock SDKs hand on a number and one text, so the code and the issues stand in it, as in what a game server says at its door. */
export function stockSentence({ code, message, issues }: Refusal): string {
  return `${code}: ${issues ? `${message} ${issues.join("; ")}` : message}`;
}

/** The error body of the HTTP doors. Of it stock SDKs hand on the status and `message` (older ones `error`) and nothing else. */
export const stockErrorBody = (why: Refusal, requestId: string) => ({
  ...why,
  message: stockSentence(why),
  error: why.message,
  requestId,
});
