/**
 * Every bound and every time of the system, by name, with its unit and its reason.
 * A process takes the defaults, lays the config's `limits` over them, and checks the order that the promises need
 * (a token must expire before its hold, a lease must outlive two missed heartbeats, …) before it opens a port.
 */
export const defaultLimits = {
  // ---- times, in milliseconds -------------------------------------------------------------------------------------
  /** How often a game server tells the lobby index that it lives. */
  heartbeatMs: 1_000,
  /** A server that was silent this long takes no reservations: three heartbeats, so that one lost packet harms nobody. */
  leaseMs: 3_000,
  /** A seat token opens its door this long. Shorter than its hold, so that no token outlives the seat it promises. */
  seatTokenMs: 10_000,
  /** Seats held for a match that has not sat down yet come back after this. */
  seatHoldMs: 15_000,
  /** A room that its server no longer publishes is forgotten after this; servers publish everything twice within it. */
  roomForgottenMs: 60_000,
  /** How long Colyseus keeps a dropped player's place. */
  reconnectionMs: 30_000,
  /** A player with a seat has sat down, the room's making and its onJoin included, or is told why not, within this. */
  admissionMs: 5_000,
  /** Who comes back while many do waits in line this long at most; beyond it he is told to come again. */
  returnWaitMs: 1_000,
  /** A fill ticket is answered, with a seat or an error, within this. */
  fillDeadlineMs: 5_000,
  /** A client that has not shown what it was sent so long ago gets the stream at half its rate. */
  streamHalfMs: 500,
  /** Nothing more until it has caught up, then keyframes of what it sees. */
  streamSkipMs: 1_000,
  /** It is closed; its SDK connects again and starts from keyframes. */
  streamEvictMs: 8_000,
  /** A slow client that kept up for so long gets the full rate again. */
  streamCalmMs: 2_000,
  /** How often a fill ticket without a free server asks again. */
  fillRetryMs: 250,
  /** Longest wait for one Redis command. */
  redisCommandMs: 300,
  /** Longest wait for the matchmaker's answer over a link; above the Redis command with its one retry. */
  linkRequestMs: 1_500,
  /** A stock SDK that asked for a queue over HTTP must have opened its socket within this. */
  queueDialMs: 10_000,
  /** A client must say hello within this after its socket opened. */
  helloMs: 5_000,
  /** A signed link hello is believed this long after it was signed. */
  linkHelloMs: 30_000,
  /** play waits at most this long for the player's session record, then goes on and the claim is retried. */
  sessionClaimMs: 50,
  /** A player's session record is forgotten this long after the last renewal. */
  sessionForgottenMs: 600_000,
  /** A match result that was taken and not done with is given to somebody else after this. */
  reportRetryMs: 10_000,
  /** A match result is known this long, so that a repeat is noticed; one that nobody took until then is dropped. */
  reportKeptMs: 3_600_000,
  /** A ticket that was not renewed for so long leaves its pool: an edge that died leaves no ghosts. */
  ticketLeaseMs: 5_000,
  /** How often a holder renews its tickets: three times within their lease. */
  ticketRenewMs: 1_500,
  /** A holder keeps a ticket for one match this long; then it asks the index what became of the match. */
  ticketLockMs: 1_000,
  /** An unanswered question for a match's end is asked again after this. */
  settleRetryMs: 500,
  /** How long ago a receipt may have been issued and still prove an age; beyond it counts the age that was signed. */
  receiptMs: 60_000,
  /** A server that could not make a room, or had no place in it, counts as failing for so long, for that room's mode. */
  failingServerMs: 10_000,
  /** A seat that its server refused is looked for again so soon: the server's word travels with a heartbeat that hurries. */
  seatAgainRetryMs: 100,
  /** Tickets that nobody could be found for a seat (no server, paused) are not proposed again for this. */
  placeRetryMs: 250,
  /** First probes follow one another by this, until the round trip is verified. */
  probeFastMs: 100,
  /** Then by this: distances of a player who stays change slowly. */
  probeSlowMs: 5_000,
  /** An echo later than this counts as lost. */
  probeTimeoutMs: 2_000,
  /** A socket on which nothing arrived for this long is closed; probes keep an honest one alive. */
  socketIdleMs: 30_000,
  /** An upgrade or an HTTP request must be complete within this: the bound on slow-loris. */
  requestHeadMs: 10_000,
  /** Longest wait for the keys of player tokens (JWKS); the matchmaker fetches them inside a link request. */
  jwksFetchMs: 1_000,
  /** Fetched keys are used this long, so that a key taken back stops working; an unknown key id asks earlier. */
  jwksCacheMs: 600_000,
  /** An unknown key id, or a failed fetch, asks again no sooner: a flood of made-up ids is not passed on. */
  jwksCooldownMs: 5_000,
  /** How far the clock that signed a player token may be off. */
  jwtToleranceMs: 5_000,
  /** Longest long poll for a ticket: below the 30 s after which proxies commonly cut. */
  apiWaitMs: 25_000,
  /** An event stream says at least this often that it lives. */
  apiKeepAliveMs: 5_000,
  /** One delivery of a webhook. */
  webhookMs: 5_000,
  /** A ticket over HTTP that ended can be read this long. */
  apiEndedKeptMs: 60_000,
  /** A repeated Idempotency-Key is recognised this long. */
  idempotencyKeptMs: 600_000,
  /** One readiness check that does not answer within this has failed. */
  readyCheckMs: 1_000,

  // ---- counts -----------------------------------------------------------------------------------------------------
  /** Samples before a round trip is called verified: the fewest at which a minimum stops jumping. */
  probeSamplesVerified: 5,
  /** Samples in the window over which minimum, jitter and loss are taken. */
  probeWindow: 16,
  /** Dead servers that one reservation looks past before it gives up. */
  sweepPerCall: 16,
  /** Reservations in one Lua call: above 64 the p99 rises and the rate does not (HOTPATHS.md A). */
  batchMax: 64,
  /** Batches in flight at once (HOTPATHS.md A). */
  batchesInFlight: 2,
  /** Reservations waiting for a batch; the next one is told INDEX_BUSY. */
  batchQueueMax: 4_096,
  /** Rooms in one heartbeat: a script stays under a millisecond. */
  roomsPerHeartbeat: 200,
  /** New rooms that a failing server is given while it counts as one: enough to notice that it works again. */
  failingPlacementsMax: 4,
  /** Match results that wait for the matchmaker; the next is dropped and counted. */
  reportsMax: 10_000,
  /** Tickets in one pool; the next is told POOL_FULL. */
  poolTicketsMax: 200_000,
  /** Tickets that one edge enlists again in one turn after a pool changed hands: 25,000 a second. */
  ticketsPerResend: 500,
  /** The length of such a turn: a new owner's other work fits in between. */
  resendEveryMs: 20,
  /** Tickets from which one slice of a round starts at most: under 10 ms. */
  roundAnchorsMax: 2_000,
  /** Matches that a metro's replica may have between proposal and seats; tickets beyond wait in their pool. */
  matchesInFlightMax: 4_096,
  /** Members of one party: the largest team that friends fill together in most games, and what every member hears of each change. */
  partyMembersMax: 16,
  /** Parties on one replica; the next is told PARTIES_FULL. */
  partiesMax: 50_000,
  /** Clients on one edge process. */
  edgeSessionsMax: 20_000,
  /** Tickets over HTTP that one process holds; the next is told POOL_FULL. */
  apiTicketsMax: 20_000,
  /** Webhooks that wait or are tried again; the next is dropped and counted. A receiver may be away for a minute of 20 matches a second. */
  webhooksMax: 1_200,
  /** Idempotency-Keys that one process remembers; the oldest goes first. */
  idempotencyKeysMax: 20_000,
  /** Requests of one link without an answer yet. */
  linkPendingMax: 8_192,

  // ---- rates ------------------------------------------------------------------------------------------------------
  /** Messages a second from one client socket to the edge, averaged over ten seconds. */
  edgeMessagesPerSecond: 20,
  /** New sockets and HTTP requests a second from one address, averaged over ten seconds; a school behind one NAT fits. */
  requestsPerAddressPerSecond: 20,
  /** Wrong codes of rooms and parties a minute from one address: 32^8 codes cannot be guessed at this rate. */
  wrongCodesPerMinute: 10,
  /** play, create and join a second from one player, averaged over ten seconds. */
  playsPerPlayerPerSecond: 2,
  /** HTTP requests a second with one API key, averaged over two seconds: 2,500 tickets that poll every 25 s, and as many new ones. */
  apiRequestsPerKeyPerSecond: 200,
  /** Players who come back to their places a second, on one game server: some fifteen in a tick of 20 Hz, each worth half a millisecond; 6,000 within the time that places are kept. */
  returnsPerSecond: 300,
  /** Messages a second from one client to its room, averaged over two seconds. */
  roomMessagesPerSecond: 120,

  // ---- sizes, in bytes --------------------------------------------------------------------------------------------
  /** One message from a client to the edge: a hello with a 4 kB JWT fits twice. */
  edgeMessageBytes: 8_192,
  /** One frame on a link; a frame carries many messages. */
  linkFrameBytes: 4_194_304,
  /** One message from a client to its room. */
  roomMessageBytes: 16_384,
  /** Bytes waiting for a client that does not read; above it the connection is closed. */
  sendBufferBytes: 65_536,
  /** Bytes waiting for a client of the stream; above it nothing is added before it has caught up. */
  streamSkipBytes: 16_384,
  /** Join options, as JSON, inside a seat token. */
  joinOptionsBytes: 512,
  /** A room's public metadata, as JSON. */
  roomMetadataBytes: 1_024,
  /** Who plays in a match, as JSON, kept with its seats: 64 players with everything that a seat token says of them. */
  rosterBytes: 8_192,
  /** The result of a match, as JSON: 64 players with the longest ids, thrice. */
  reportBytes: 32_768,
  /** A whole seat token: one URL segment. With the longest of everything that it can carry it has 1,749. */
  seatTokenBytes: 2_048,
  /** The ticket log; full, it becomes `<file>.1` in place of the one before. Some half a million tickets. */
  ticketLogBytes: 268_435_456,
  /** Lines of the ticket log that wait for the disk; those beyond are lost and counted, so that no round waits. */
  ticketLogBufferBytes: 4_194_304,
  /** The body of one HTTP request. */
  httpBodyBytes: 8_192,
  /** The body of one request of the API for servers: a roster of 64 players with half a kilobyte of options each. */
  apiBodyBytes: 65_536,
} as const;

export type Limits = { readonly [K in keyof typeof defaultLimits]: number };

/** Pairs that must be in this order, with the promise that breaks otherwise. */
export const limitsInOrder: ReadonlyArray<[smaller: keyof Limits, larger: keyof Limits, why: string]> = [
  ["seatTokenMs", "seatHoldMs", "every token expires before its hold"],
  ["heartbeatMs", "leaseMs", "a live server keeps its lease"],
  ["leaseMs", "seatHoldMs", "a gap in Redis is noticed before holds run out"],
  ["returnWaitMs", "admissionMs", "who waits in line is admitted, or told why not, in time"],
  ["admissionMs", "seatHoldMs", "a place is settled while its hold lives"],
  ["seatHoldMs", "roomForgottenMs", "a room outlives the holds on it"],
  ["redisCommandMs", "linkRequestMs", "the matchmaker answers before its edge gives up"],
  ["jwksFetchMs", "linkRequestMs", "a player is verified, or told why not, before its edge gives up"],
  ["jwksCooldownMs", "jwksCacheMs", "keys are fetched again while old ones are still used"],
  ["linkRequestMs", "fillDeadlineMs", "a ticket can be tried more than once"],
  ["ticketRenewMs", "ticketLeaseMs", "a held ticket stays in its pool"],
  ["redisCommandMs", "ticketLockMs", "a match is reserved while its tickets are locked"],
  ["ticketLockMs", "seatHoldMs", "a holder asks what became of its match while the seats are held"],
  ["ticketLockMs", "ticketLeaseMs", "a lock outlives no ticket"],
  ["fillRetryMs", "fillDeadlineMs", "a ticket can be tried more than once"],
  ["probeSlowMs", "socketIdleMs", "probes keep an honest socket alive"],
  ["streamHalfMs", "streamSkipMs", "a slow client is sent less before it is sent nothing"],
  ["streamSkipMs", "streamEvictMs", "a client that stopped reading may catch up before it is closed"],
  ["streamSkipBytes", "sendBufferBytes", "a client that stopped reading may catch up before it is closed"],
];

/** The longest seat token that the protocol's messages take, whatever the limits say. */
export const SEAT_TOKEN_BYTES_MAX = 2_048;
/** What a token carries beside the options, at their longest, in base64url with its MAC: 1,066 today (see `seatTokenBytes`). */
const SEAT_TOKEN_REST_BYTES = 1_068;

/** The defaults with `overrides` laid over them, frozen. Throws one Error that lists every problem. */
export function resolveLimits(overrides: Partial<Limits> = {}): Limits {
  const limits: Limits = Object.freeze({ ...defaultLimits, ...overrides });
  const problems = Object.entries(limits)
    .filter(([, value]) => !Number.isFinite(value) || value <= 0)
    .map(([name, value]) => `limits.${name} must be a positive number, not ${value}`);
  for (const name of Object.keys(overrides)) {
    if (!(name in defaultLimits)) problems.push(`limits.${name} is not a limit`);
  }
  for (const [smaller, larger, why] of limitsInOrder) {
    if (limits[smaller] >= limits[larger]) {
      problems.push(
        `limits.${smaller} (${limits[smaller]}) must be below limits.${larger} (${limits[larger]}): ${why}`,
      );
    }
  }
  if (limits.leaseMs < 2 * limits.heartbeatMs) {
    problems.push(`limits.leaseMs (${limits.leaseMs}) must be at least two heartbeats (${2 * limits.heartbeatMs})`);
  }
  const seatTokenNeeds = Math.ceil((limits.joinOptionsBytes * 4) / 3) + SEAT_TOKEN_REST_BYTES;
  if (limits.seatTokenBytes < seatTokenNeeds) {
    problems.push(
      `limits.seatTokenBytes (${limits.seatTokenBytes}) must be at least ${seatTokenNeeds}: a token carries limits.joinOptionsBytes (${limits.joinOptionsBytes}) in base64url, and all else beside them`,
    );
  }
  if (limits.seatTokenBytes > SEAT_TOKEN_BYTES_MAX) {
    problems.push(
      `limits.seatTokenBytes (${limits.seatTokenBytes}) must be at most ${SEAT_TOKEN_BYTES_MAX}: the protocol carries no longer token`,
    );
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return limits;
}
