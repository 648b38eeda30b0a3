/** What the edge says to a client. */
import * as z from "zod";
import { PartyMember, PartyResume } from "./party-link.ts";
import { MetroCode, Nonce, RefusalWire, RoundTrip, Seat, TicketId } from "./words.ts";

/** Answer to hello. */
export const Welcome = z.object({
  t: z.literal("welcome"),
  v: z.int(),
  playerId: z.string(),
  guest: z.boolean(),
  edge: z.string(),
  modes: z.array(z.string()),
});

/** To be echoed at once; runtimes with WebSocket pings measure below the page instead. */
export const Probe = z.object({ t: z.literal("probe"), nonce: Nonce });

/** The player's distances so far: to this edge, and from here to each metro. */
export const Distances = z.object({
  t: z.literal("distances"),
  edge: RoundTrip,
  metros: z.array(z.object({ metro: MetroCode, rttMs: z.number() })),
});

/** Where a ticket is on its way, and why. */
export const TicketState = z.object({
  t: z.literal("state"),
  id: TicketId,
  /** `waiting`: in a match mode's pool. `asked`: a match was found; the player says `ready`. */
  state: z.enum(["searching", "placing", "waiting", "asked"]),
  metro: MetroCode.optional(),
  why: z.array(z.string()),
  /** While waiting: players in the pool. */
  players: z.int().nonnegative().optional(),
  /** While waiting: how long players like this one waited lately, ms. */
  waitMs: z.number().nonnegative().optional(),
  /** Keeps the ticket's age when this connection is lost: to be given with the same wish on the next. */
  receipt: z.string().max(512).optional(),
  /** When asked: how long there is to answer, ms. */
  askMs: z.number().positive().optional(),
});

/** The end of a ticket that found a place. */
export const Seated = z.object({
  t: z.literal("seat"),
  id: TicketId,
  metro: MetroCode,
  /** Why this metro, sentence by sentence. */
  why: z.array(z.string()),
  seat: Seat,
  /** In a match mode: the match, and the player's team from 0. */
  match: z.string().optional(),
  team: z.int().nonnegative().optional(),
});

/** How the party `id` stands: when it was entered, and whenever it changed. */
export const Party = z.object({
  t: z.literal("party"),
  id: TicketId,
  code: z.string(),
  /** The leader first. */
  members: z.array(PartyMember),
  /** To be shown on the next connection when this one is lost. */
  resume: PartyResume,
});

/** The leader of the party `id` plays, and a ticket is open for this member, too. */
export const PartyCall = z.object({ t: z.literal("party-call"), id: TicketId, ticket: TicketId, mode: z.string() });

/** The end of the ticket or the party `id`, or of what the last message asked for. */
export const Failed = z.object({
  t: z.literal("error"),
  id: TicketId.optional(),
  requestId: z.string(),
  ...RefusalWire.shape,
});

export const Down = z.discriminatedUnion("t", [
  Welcome,
  Probe,
  Distances,
  TicketState,
  Seated,
  Party,
  PartyCall,
  Failed,
]);
export type Down = z.infer<typeof Down>;
