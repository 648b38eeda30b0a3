/** What a client may say to the edge. One schema a message; types come from the schemas. */
import * as z from "zod";
import { PartyResume } from "./party-link.ts";
import { JoinOptions, MatchId, ModeName, Nonce, RoomId, TicketId, TypedRoomCode } from "./words.ts";

/** First, within five seconds. Without a `jwt` the player is a guest, where guests are allowed. */
export const Hello = z.object({
  t: z.literal("hello"),
  /** Protocol version. */
  v: z.int(),
  jwt: z.string().max(4_096).optional(),
  /** Decides with `platform` who may play together, by the server's compat table. */
  build: z.string().max(64).optional(),
  platform: z.string().max(32).optional(),
});

/** A place in the best open room of a fill mode, else in a new one; of a match mode, a match. */
export const Play = z.object({
  t: z.literal("play"),
  id: TicketId,
  mode: ModeName,
  options: JoinOptions.optional(),
  /** From a `state` of the same wish on a connection that was lost: keeps its age. */
  receipt: z.string().max(512).optional(),
  /** Player ids not to be met in a match. */
  avoid: z.array(z.string().min(1).max(64)).max(16).optional(),
});

/** A room of one's own; a private one is not listed, and its code comes with the seat. */
export const Create = z.object({
  t: z.literal("create"),
  id: TicketId,
  mode: ModeName,
  private: z.boolean(),
  options: JoinOptions.optional(),
});

/** A place in one room, by its id or by its code. */
export const Join = z.object({
  t: z.literal("join"),
  id: TicketId,
  room: z.union([z.object({ roomId: RoomId }), z.object({ code: TypedRoomCode })]),
  options: JoinOptions.optional(),
  /** To look on only. */
  watch: z.literal(true).optional(),
});

/** Ends a ticket: before its seat it yields none, after it the seat is given back unless somebody sits in it. */
export const Cancel = z.object({ t: z.literal("cancel"), id: TicketId });

/**
 * A token for the seat of a match that the ticket has: another one, because the first went stale; or, `refused`, because the game
 * server let the player not in. Then the whole match is placed again if that server says so too. A connection that brought no such
 * ticket names the `seat`: a match gives seats to its own players only.
 */
export const Again = z.object({
  t: z.literal("again"),
  id: TicketId,
  refused: z.boolean(),
  seat: z.object({ match: MatchId, roomId: RoomId, options: JoinOptions.optional() }).optional(),
});

/** Back to the seat where the player sits; a signed-in one, by his name alone. */
export const Resume = z.object({ t: z.literal("resume"), id: TicketId });

/** The player's answer to a ready check. */
export const Ready = z.object({ t: z.literal("ready"), id: TicketId, yes: z.boolean() });

/** A party of one's own, with a code that lets friends in. `id` names it from now on. */
export const PartyCreate = z.object({ t: z.literal("party-create"), id: TicketId, options: JoinOptions.optional() });
/** Into the party of this code; with `resume` as the member that one was on a connection that was lost. */
export const PartyJoin = z.object({
  t: z.literal("party-join"),
  id: TicketId,
  code: TypedRoomCode,
  options: JoinOptions.optional(),
  resume: PartyResume.optional(),
});
/** Agrees to what the leader plays next, with these options from now on; or takes it back. */
export const PartyReady = z.object({
  t: z.literal("party-ready"),
  id: TicketId,
  yes: z.boolean(),
  options: JoinOptions.optional(),
});
/** The leader's: everybody's ticket for a match mode. `ticket` names the leader's own. */
export const PartyPlay = z.object({
  t: z.literal("party-play"),
  id: TicketId,
  ticket: TicketId,
  mode: ModeName,
  options: JoinOptions.optional(),
  avoid: z.array(z.string().min(1).max(64)).max(16).optional(),
});
export const PartyLeave = z.object({ t: z.literal("party-leave"), id: TicketId });

/** Answer to a probe, at once. */
export const Echo = z.object({ t: z.literal("echo"), nonce: Nonce });

export const Up = z.discriminatedUnion("t", [
  Hello,
  Play,
  Create,
  Join,
  Cancel,
  Again,
  Resume,
  Ready,
  PartyCreate,
  PartyJoin,
  PartyReady,
  PartyPlay,
  PartyLeave,
  Echo,
]);
export type Up = z.infer<typeof Up>;
export type TicketRequest = z.infer<typeof Play> | z.infer<typeof Create> | z.infer<typeof Join>;
export type PartyRequest = Extract<Up, { t: `party-${string}` }>;
