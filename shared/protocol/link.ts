/**
 * The link between an edge and one metro's matchmaker: many sessions and requests over one socket, msgpack only.
 * A frame is an array of messages, so that everything said in one turn of the event loop travels together.
 * `rid` pairs an answer with its request; `sid` names a client session of that edge.
 */
import * as z from "zod";
import {
  Enlist,
  Enlisted,
  Gone,
  Locked,
  Moved,
  Propose,
  Released,
  Renew,
  Replicas,
  SeatedInMatch,
  Settle,
  Standing,
  Unknown,
  Unlisted,
  Unsettled,
  Withdraw,
} from "./match-link.ts";
import { PartyAttend, PartyDepart, PartyRefused, PartyRenew, PartyState, PartyUnknown } from "./party-link.ts";
import {
  JoinOptions,
  MatchId,
  MetroCode,
  ModeName,
  Nonce,
  RefusalWire,
  RoomId,
  RoomPage,
  RoundTrip,
  Seat,
  Target,
  TicketId,
} from "./words.ts";

const rid = z.int().nonnegative();
const sid = z.string().min(1).max(64);

/** First message of both ends; see `link-hello.ts` for what is signed. */
export const LinkHello = z.object({
  t: z.literal("hello"),
  v: z.int(),
  /** The edge's or the metro's name. */
  name: z.string().max(64),
  nonce: Nonce,
  signedAtMs: z.number(),
  /** Ed25519 public key and signature, base64url; both empty on an unsigned link. */
  key: z.string().max(64),
  signature: z.string().max(128),
});
export type LinkHello = z.infer<typeof LinkHello>;

/** A client session opened at the edge. The matchmaker verifies the JWT itself. */
export const OpenSession = z.object({
  t: z.literal("open-session"),
  rid,
  sid,
  jwt: z.string().max(4_096).optional(),
  /** Of a guest, made by the edge. */
  guest: z.string().max(64).optional(),
  /** How long ago the session opened: a link that is back says its sessions again, and the newest of a player wins. */
  ageMs: z.number().nonnegative(),
});
export const CloseSession = z.object({ t: z.literal("close-session"), sid });

/** Find a place for a ticket of the session. */
export const Place = z.object({
  t: z.literal("place"),
  rid,
  sid,
  ticket: TicketId,
  target: Target,
  compat: z.string().max(64),
  options: JoinOptions,
  /** The player's verified round trip to the edge, carried into the seat token. */
  rtt: RoundTrip,
});
/** Where the session's player sits in this metro. */
export const FindSeat = z.object({ t: z.literal("find-seat"), rid, sid, rtt: RoundTrip });
export const GiveBack = z.object({
  t: z.literal("give-back"),
  rid,
  sid,
  ticket: TicketId,
  /** The seat is one of a match's. */
  of: z.object({ match: MatchId, place: z.int().min(0).max(63) }).optional(),
});
export const ListRooms = z.object({
  t: z.literal("list-rooms"),
  rid,
  mode: ModeName,
  after: z.string().max(64).optional(),
  limit: z.int().min(1).max(100),
  /** Those that may be watched, matches included. */
  watchable: z.boolean().optional(),
});
/** Where a room is, for a reconnection. */
export const Locate = z.object({ t: z.literal("locate"), rid, roomId: RoomId });
export const LinkProbe = z.object({ t: z.literal("probe"), nonce: Nonce });

export const LinkUp = z.discriminatedUnion("t", [
  LinkHello,
  OpenSession,
  CloseSession,
  Place,
  FindSeat,
  GiveBack,
  ListRooms,
  Locate,
  LinkProbe,
  Enlist,
  Renew,
  Withdraw,
  Locked,
  Gone,
  Settle,
  PartyAttend,
  PartyRenew,
  PartyDepart,
]);
export type LinkUp = z.infer<typeof LinkUp>;

export const SessionOpened = z.object({
  t: z.literal("session-opened"),
  rid,
  playerId: z.string(),
  generation: z.int(),
});
export const Placed = z.object({ t: z.literal("placed"), rid, seat: Seat });
export const SeatFound = z.object({
  t: z.literal("found-seat"),
  rid,
  seat: Seat,
  match: MatchId.optional(),
  team: z.int().nonnegative().optional(),
});
export const GivenBack = z.object({ t: z.literal("given-back"), rid });
export const Rooms = z.object({ t: z.literal("rooms"), rid, page: RoomPage });
export const Located = z.object({
  t: z.literal("located"),
  rid,
  mode: z.string(),
  publicAddress: z.string(),
  secure: z.boolean(),
});
export const Refused = z.object({ t: z.literal("refused"), rid, ...RefusalWire.shape });
/** A newer session of the same player took over; nothing of `sid` is open any more. */
export const Superseded = z.object({ t: z.literal("superseded"), sid });
export const LinkEcho = z.object({ t: z.literal("echo"), nonce: Nonce });
/** After the hello: what this metro is. */
export const MetroStatus = z.object({ t: z.literal("status"), metro: MetroCode, degraded: z.boolean() });

export const LinkDown = z.discriminatedUnion("t", [
  LinkHello,
  SessionOpened,
  Placed,
  SeatFound,
  GivenBack,
  Rooms,
  Located,
  Refused,
  Superseded,
  LinkEcho,
  MetroStatus,
  Replicas,
  Enlisted,
  Standing,
  Unknown,
  Moved,
  Propose,
  Released,
  SeatedInMatch,
  Unsettled,
  Unlisted,
  PartyState,
  PartyUnknown,
  PartyRefused,
]);
export type LinkDown = z.infer<typeof LinkDown>;
