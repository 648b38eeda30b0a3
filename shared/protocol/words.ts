/** Pieces that several messages share. No message has a bytes field, so msgpack and JSON carry the same schemas. */
import * as z from "zod";
import { errorCodes, type Refusal } from "../errors.ts";
import { SEAT_TOKEN_BYTES_MAX } from "../limits.ts";
import { METRO, ROOM_ID } from "../metro.ts";
import { Json } from "./json.ts";

/** Chosen by the client, unique among its own open tickets; asking again with it asks for the same seat. */
export const TicketId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
export const ModeName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/);
export const MetroCode = z.string().regex(METRO);
export const RoomId = z.string().regex(ROOM_ID);
/** As a person types it; `normaliseRoomCode` decides. */
export const TypedRoomCode = z.string().min(8).max(32);
/** Join options: any small JSON object; each mode's own schema says more. Its size is bounded where it is encoded. */
export const JoinOptions = z.record(z.string().max(64), Json);
export const MatchId = z.string().regex(/^[A-Za-z0-9_-]{8,48}$/);
/** 8 to 32 random bytes as base64url. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{11,43}$/);

/** A measured round trip; milliseconds. */
export const RoundTrip = z.object({
  minMs: z.number().nonnegative(),
  /** Mean absolute difference of neighbouring samples. */
  jitterMs: z.number().nonnegative(),
  /** 0 to 1, over the window. */
  loss: z.number().min(0).max(1),
  samples: z.int().nonnegative(),
  /** Enough samples, each proved by a nonce. */
  verified: z.boolean(),
});
export type RoundTrip = z.infer<typeof RoundTrip>;

export const RefusalWire = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.number().nonnegative(),
  issues: z.array(z.string()).max(32).optional(),
});

/** A refusal as its message carries it, whose type has a plain list of issues. */
export const refusalWire = ({ issues, ...rest }: Refusal): z.infer<typeof RefusalWire> => ({
  ...rest,
  ...(issues ? { issues: [...issues] } : {}),
});

/** What to ask the target metro for. */
export const Target = z.discriminatedUnion("kind", [
  /** A place in the best open room, else in a new one. */
  z.object({ kind: z.literal("best"), mode: ModeName }),
  /** A place in the best open room; none is made. */
  z.object({ kind: z.literal("open"), mode: ModeName }),
  /** A place in a room made for this ticket; a private one is not listed and has a code. */
  z.object({ kind: z.literal("new"), mode: ModeName, private: z.boolean() }),
  z.object({ kind: z.literal("room"), roomId: RoomId }),
  z.object({ kind: z.literal("code"), code: TypedRoomCode }),
  /** To look on, in a room that takes spectators. */
  z.object({ kind: z.literal("watch-room"), roomId: RoomId }),
  z.object({ kind: z.literal("watch-code"), code: TypedRoomCode }),
]);
export type Target = z.infer<typeof Target>;

/** A place to sit, as a client needs it to dial `ws[s]://{publicAddress}/{token}/{roomId}`. */
export const Seat = z.object({
  token: z.string().max(SEAT_TOKEN_BYTES_MAX),
  mode: ModeName,
  roomId: RoomId,
  /** The Colyseus session id; other players see it, it is not a secret. */
  sessionId: z.string(),
  /** Host, port and path prefix, without a scheme; empty: the host that the client is talking to. */
  publicAddress: z.string(),
  secure: z.boolean(),
  expiresInMs: z.number(),
  /** Goes up when the same seat is asked for again; the newest sits. */
  generation: z.int(),
  /** Of a private room. */
  code: z.string().optional(),
});
export type Seat = z.infer<typeof Seat>;

/** A listed room. */
export const RoomEntry = z.object({
  roomId: z.string(),
  mode: z.string(),
  seats: z.int(),
  free: z.int(),
  metadata: Json,
  /** Free places for spectators, of a room that takes some. */
  watch: z.int().nonnegative().optional(),
});
export type RoomEntry = z.infer<typeof RoomEntry>;
export const RoomPage = z.object({ rooms: z.array(RoomEntry), next: z.string().optional() });
export type RoomPage = z.infer<typeof RoomPage>;
