/**
 * Every key of the lobby index is spelled here and nowhere else. All keys of a metro share one hash tag, so that each script
 * stays in one slot of a Redis Cluster. A name that ends in a colon is the beginning of many keys: scripts get it as it is
 * and put the rest (a room id, a ticket, …) behind it.
 */
interface KeyFacts {
  readonly type: "hash" | "zset" | "set" | "string" | "channel";
  /** Who writes it. */
  readonly owner: string;
  readonly holds: string;
  readonly expiry: string;
}

export const keyTable = {
  meta: {
    type: "hash",
    owner: "every script",
    holds:
      "clock, gap counter and time of the last gap, the store's run id, pauses, epoch of the replicas, reports dropped",
    expiry: "never: a handful of fields",
  },
  holds: {
    type: "zset",
    owner: "reserve-seats",
    holds: "ticket by the time its hold runs out",
    expiry: "entry by entry",
  },
  "hold:": {
    type: "hash",
    owner: "reserve-seats, heartbeat",
    holds:
      "one ticket's room, server, boot, generation, and a letter for each seat; a match's mode, capacity, compat, roster, the servers that refused it, and whether it was cut",
    expiry: "seatHoldMs + roomForgottenMs after it was made, asked for or confirmed",
  },
  "sitter:": {
    type: "hash",
    owner: "heartbeat",
    holds: "player → ticket, seat and team of the seat where he sat down last",
    expiry: "as the hold of that seat",
  },
  "playing:": {
    type: "string",
    owner: "heartbeat",
    holds: "player → gap counter when it was said, seat, room and ticket of the match where he sat down last",
    expiry: "as the hold of that seat",
  },
  "room:": {
    type: "hash",
    owner: "reserve-seats makes it, its server's heartbeats keep it",
    holds:
      "mode, compat, boot, capacity, seated, held, flags, code, metadata, players wanted and their company, places for spectators, whether its result was reported, gap",
    expiry: "roomForgottenMs after its server last published it; unconfirmed with its last hold",
  },
  "open:": {
    type: "zset",
    owner: "reserve-seats, heartbeat",
    holds: "gap:mode:compat → room by free seats and affinity",
    expiry: "2 x roomForgottenMs after the last publication",
  },
  "load:": {
    type: "zset",
    owner: "heartbeat",
    holds: "mode:compat → server by load",
    expiry: "2 x roomForgottenMs after the last heartbeat",
  },
  "listed:": {
    type: "zset",
    owner: "heartbeat",
    holds: "mode → public rooms by their ids",
    expiry: "2 x roomForgottenMs after the last publication",
  },
  "watchable:": {
    type: "zset",
    owner: "heartbeat",
    holds: "mode → rooms that take spectators by their ids",
    expiry: "2 x roomForgottenMs after the last publication",
  },
  "wanted:": {
    type: "zset",
    owner: "heartbeat",
    holds: "mode → rooms that want players by their ids",
    expiry: "2 x roomForgottenMs after the last publication",
  },
  "code:": {
    type: "string",
    owner: "reserve-seats, heartbeat",
    holds: "room code → room id",
    expiry: "roomForgottenMs after its room was last published",
  },
  "server:": {
    type: "hash",
    owner: "register-server, heartbeat",
    holds:
      "boot, sequence, lease, load, when it leaves, seats held, what it offers, modes that fail on it, its signed registration",
    expiry: "2 x roomForgottenMs after the last heartbeat",
  },
  "server-rooms:": {
    type: "set",
    owner: "reserve-seats, heartbeat",
    holds: "server → ids of its rooms",
    expiry: "2 x roomForgottenMs after the last heartbeat",
  },
  "session:": {
    type: "hash",
    owner: "claim-session",
    holds: "player → owner and generation",
    expiry: "sessionForgottenMs after the last claim",
  },
  "aborted:": {
    type: "string",
    owner: "settle-match",
    holds: "tombstone of a match that was told that it has no seats",
    expiry: "4 x seatHoldMs + roomForgottenMs after that",
  },
  replicas: {
    type: "hash",
    owner: "claim-replica",
    holds: "replica → end of its lease, and the gap counter then",
    expiry: "2 x roomForgottenMs after the last claim",
  },
  reports: {
    type: "zset",
    owner: "report-match",
    holds: "match by when its result may be taken",
    expiry: "reportKeptMs after the last result",
  },
  "report:": {
    type: "string",
    owner: "report-match",
    holds: "match → its result, empty once somebody is done with it",
    expiry: "reportKeptMs after it was reported or done with",
  },
  superseded: { type: "channel", owner: "claim-session", holds: "owners that lost their player", expiry: "at once" },
} as const satisfies Record<string, KeyFacts>;

export type KeyName = keyof typeof keyTable;

/** The spelling of a key, or of the beginning of one, in `metro`. */
export const keyOf = (metro: string, name: KeyName) => `{${metro}}:${name}`;
