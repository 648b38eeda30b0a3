/**
 * The one catalogue of errors: what happened, whether asking again can help and when, and how it looks on HTTP and on a
 * socket. Messages are sentences for a developer; a detail may be appended, never a secret or an exception's text.
 *
 * Close codes: 4001–4019 belong to Colyseus, so ours are 4300–4399. Stock SDKs reconnect by themselves only on 1001, 1005,
 * 1006 and 4010; every code here ends the connection for good.
 */
const e = (http: number, close: number, retryable: boolean, retryAfterMs: number, message: string) =>
  ({ http, close, retryable, retryAfterMs, message }) as const;

export const errorCatalogue = {
  // ---- the request itself -----------------------------------------------------------------------------------------
  BAD_MESSAGE: e(400, 4300, false, 0, "The message is not one of the protocol."),
  MESSAGE_TOO_LARGE: e(413, 4301, false, 0, "The message is larger than this door takes."),
  UNSUPPORTED_VERSION: e(426, 4302, false, 0, "This server does not speak that protocol version."),
  HELLO_EXPECTED: e(400, 4303, false, 0, "The first message must be hello, within five seconds."),
  UNKNOWN_MODE: e(404, 4304, false, 0, "There is no such mode."),
  INVALID_ATTRIBUTES: e(422, 4305, false, 0, "The options do not fit the mode."),
  NOT_FOUND: e(404, 4306, false, 0, "There is nothing at this address."),
  BAD_REQUEST: e(400, 4307, false, 0, "The request is not one that the API takes."),
  METHOD_NOT_ALLOWED: e(405, 4308, false, 0, "This address does not take that method."),
  IDEMPOTENCY_CONFLICT: e(422, 4309, false, 0, "The Idempotency-Key was used for another request."),

  // ---- who is asking ----------------------------------------------------------------------------------------------
  AUTH_REQUIRED: e(401, 4310, false, 0, "A signed player token is required."),
  AUTH_INVALID: e(401, 4311, false, 0, "The player token is not valid."),
  AUTH_EXPIRED: e(401, 4312, true, 0, "The player token has expired; ask with a new one."),
  AUTH_UNAVAILABLE: e(503, 4313, true, 1_000, "The keys that verify player tokens cannot be fetched."),
  ORIGIN_FORBIDDEN: e(403, 4314, false, 0, "Pages of this origin may not connect."),
  SUPERSEDED: e(409, 4315, false, 0, "A newer session of the same player took over."),
  RATE_LIMITED: e(429, 4316, true, 1_000, "Too many requests."),
  KEY_REQUIRED: e(401, 4317, false, 0, "An API key is required, as `Authorization: Bearer <key>`."),
  KEY_INVALID: e(401, 4318, false, 0, "The API key is not valid."),
  SCOPE_MISSING: e(403, 4319, false, 0, "The API key may not do this."),

  // ---- finding a place --------------------------------------------------------------------------------------------
  CANCELLED: e(409, 4320, true, 0, "The ticket was cancelled."),
  NO_CAPACITY: e(503, 4322, true, 2_000, "No game server had room before the deadline."),
  NO_METRO: e(503, 4323, true, 1_000, "No metro that this player may use is connected."),
  MODE_PAUSED: e(503, 4324, true, 30_000, "The mode is paused."),
  ROOM_NOT_FOUND: e(404, 4325, false, 0, "There is no such room."),
  ROOM_FULL: e(409, 4326, true, 2_000, "The room has no free seat."),
  ROOM_LOCKED: e(409, 4327, false, 0, "The room takes no more players."),
  CODE_UNKNOWN: e(404, 4328, false, 0, "No room and no party has this code."),
  DEADLINE: e(504, 4329, true, 1_000, "The request was not answered within its deadline."),
  MODE_QUEUED: e(409, 4330, false, 0, "Players of this mode wait for a match; there is no room to join or to make."),
  MATCH_TIMEOUT: e(504, 4331, true, 0, "No match was found in time."),
  POOL_FULL: e(503, 4332, true, 2_000, "Too many tickets are waiting for this mode."),
  WAITING_CAPACITY: e(503, 4333, true, 2_000, "Too many matches are waiting for their seats."),
  DECLINED: e(409, 4334, true, 0, "The match was declined, or not accepted in time."),
  PARTY_CHANGED: e(409, 4336, true, 0, "Somebody of the party left, so its ticket is over."),
  NOT_ASKED: e(409, 4337, false, 0, "Nobody is asked whether the ticket's match is accepted."),
  TICKET_UNKNOWN: e(404, 4338, false, 0, "There is no such ticket, or not any more."),
  ALREADY_SEATED: e(
    409,
    4321,
    false,
    0,
    "The player, or one of the party, sits in a match that goes on: `resume()` goes back to it, or leave it first.",
  ),
  BARRED: e(403, 4335, true, 60_000, "The player left too many matches lately."),
  QUEUE_EXPIRED: e(
    410,
    4339,
    true,
    0,
    "The place in the queue was not taken in time, or was taken already; join the queue again.",
  ),

  // ---- a party ----------------------------------------------------------------------------------------------------
  PARTY_FULL: e(409, 4370, true, 2_000, "The party has no room for another member."),
  PARTIES_FULL: e(503, 4371, true, 2_000, "Too many parties are open."),
  IN_PARTY: e(409, 4372, false, 0, "The player is in a party already; it is to be left first."),
  NOT_IN_PARTY: e(409, 4373, false, 0, "The player is in no such party, or not any more."),
  NOT_LEADER: e(403, 4374, false, 0, "Only the leader of a party says what it plays."),
  PARTY_NOT_READY: e(409, 4375, true, 0, "Not everybody of the party is ready."),
  PARTY_TOO_LARGE: e(409, 4376, false, 0, "The party has more members than the mode takes together."),

  // ---- the seat ---------------------------------------------------------------------------------------------------
  SEAT_INVALID: e(401, 4340, false, 0, "The seat token is not valid here."),
  SEAT_EXPIRED: e(401, 4341, true, 0, "The seat token has expired; ask for the seat again."),
  SEAT_USED: e(409, 4342, true, 0, "The seat token was used already; ask for the seat again."),
  SEAT_FOREIGN: e(403, 4343, false, 0, "The seat belongs to another player."),
  SEAT_TAKEN_OVER: e(409, 4344, false, 0, "The same seat was taken by a newer connection."),
  ROOM_FINISHED: e(410, 4345, true, 0, "The room has finished; ask for a new seat."),
  ROOM_FAILED: e(500, 4346, true, 0, "The room could not be made."),
  RECONNECTION_EXPIRED: e(410, 4347, false, 0, "The place was not kept; join again."),
  ROOM_REFUSED: e(403, 4350, false, 0, "The room's own code refused the player."),
  SERVER_UNREACHABLE: e(503, 4351, true, 1_000, "The game server cannot be reached."),
  DRAINING: e(503, 4348, true, 0, "The server is about to leave; ask for a new seat."),
  TOO_SLOW: e(408, 4349, true, 0, "The connection did not keep up."),
  MATCH_STAYS: e(409, 4352, false, 0, "The match stays where it is: its server did not say that it let nobody in."),
  NOTHING_TO_RESUME: e(404, 4354, false, 0, "There is no seat to come back to."),
  SPECTATORS_FULL: e(409, 4355, true, 2_000, "The room has no place for another spectator."),
  NOT_WATCHED: e(409, 4356, false, 0, "The room takes no spectators."),
  ONLY_WATCHING: e(403, 4357, false, 0, "A spectator sends the room nothing that it has not allowed."),
  MATCH_GONE: e(410, 4353, true, 0, "The match has no seats any more; ask for another."),
  SERVER_LEFT: e(503, 4358, true, 0, "The server leaves and had to end the room; ask for a new seat."),

  // ---- the system -------------------------------------------------------------------------------------------------
  INDEX_AWAY: e(503, 4360, true, 1_000, "The lobby index does not answer."),
  INDEX_BUSY: e(503, 4361, true, 500, "The lobby index has too much waiting."),
  MATCHMAKER_AWAY: e(503, 4362, true, 1_000, "The matchmaker does not answer."),
  EDGE_FULL: e(503, 4363, true, 2_000, "This edge has no room for another session."),
  LINK_REFUSED: e(401, 4364, false, 0, "The link's signed hello was not accepted."),
  EDGE_UNREACHABLE: e(503, 4365, true, 1_000, "The edge cannot be reached."),
  INTERNAL: e(500, 4399, true, 1_000, "Something of ours failed; the request id finds it in the logs."),
} as const;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** What a client is told: everything it needs to decide whether and when to ask again. */
/** What a close code of ours says; undefined for those of others. */
export function codeOfClose(close: number): ErrorCode | undefined {
  return (Object.keys(errorCatalogue) as ErrorCode[]).find((code) => errorCatalogue[code].close === close);
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  /** Single problems of an invalid request, as `path: what is wrong`. */
  readonly issues?: readonly string[];
}

/** A catalogue error as a value, with an optional detail after its sentence. */
export function refusal(
  code: ErrorCode,
  detail?: string,
  extra: { issues?: string[]; retryAfterMs?: number } = {},
): Refusal {
  const { message, retryable, retryAfterMs } = errorCatalogue[code];
  return {
    code,
    message: detail ? `${message} ${detail}` : message,
    retryable,
    retryAfterMs: extra.retryAfterMs ?? retryAfterMs,
    ...(extra.issues ? { issues: extra.issues } : {}),
  };
}

/** A refusal that travels as an exception, for code that is deep inside when it finds out. */
export class FrontrowError extends Error {
  readonly refusal: Refusal;
  constructor(code: ErrorCode, detail?: string, extra?: { issues?: string[]; retryAfterMs?: number }) {
    const made = refusal(code, detail, extra);
    super(made.message);
    this.name = "FrontrowError";
    this.refusal = made;
  }
}

/** The refusal inside `error`, or INTERNAL: an unknown exception's text never reaches a player. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof FrontrowError ? error.refusal : refusal("INTERNAL");
}
