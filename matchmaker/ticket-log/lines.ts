/**
 * The ticket log: newline-delimited JSON, one line a ticket's beginning and one its end. It holds what rounds saw, so that a simulation
 * can ask what other rules would have made of it, and names nobody: players and tickets stand under pseudonyms.
 */
import * as z from "zod";

/** Of the log's lines; a reader refuses what is newer. */
export const TICKET_LOG_VERSION = 1;

const atMs = z.number();
const Id = z.string().min(1).max(64);

/** The first line of each file, and of each start of a process that goes on with one. */
const OpenLine = z.object({ t: z.literal("open"), version: z.int(), atMs });

/** A ticket came into its pool. */
export const BeginLine = z.object({
  t: z.literal("begin"),
  /** Unix milliseconds. */
  atMs,
  key: Id,
  mode: z.string().max(64),
  compat: z.string().max(64),
  /** How long it had waited already. */
  ageMs: z.number().nonnegative(),
  players: z
    .array(z.object({ id: Id, rating: z.number(), roles: z.array(z.string()).max(16) }))
    .min(1)
    .max(64),
  metros: z.array(z.object({ metro: z.string().max(16), rttMs: z.number().nonnegative() })).max(8),
  /** Only what the mode's rules name. */
  attributes: z.record(z.string(), z.unknown()),
  avoid: z.array(Id).max(16),
});

/** `timeout`: withdrawn at the mode's timeout. `moved`, `unknown`: it lives on and begins again, here or in another replica's log. */
const endings = ["seated", "withdrawn", "timeout", "gone", "superseded", "lapsed", "full", "moved", "unknown"] as const;

export const EndLine = z.object({
  t: z.literal("end"),
  atMs,
  key: Id,
  how: z.enum(endings),
  ageMs: z.number().nonnegative(),
  /** Of a ticket that was seated. */
  match: z.string().max(64).optional(),
  metro: z.string().max(16).optional(),
});

export const TicketLogLine = z.discriminatedUnion("t", [OpenLine, BeginLine, EndLine]);
export type BeginLine = z.infer<typeof BeginLine>;
export type EndLine = z.infer<typeof EndLine>;
export type TicketLogLine = z.infer<typeof TicketLogLine>;
