/**
 * Who has which seat of a match, as the index keeps it beside the hold: whoever settles the match later, on any replica, signs seats
 * for exactly these players.
 */
import * as z from "zod";

const Roster = z.object({
  compat: z.string(),
  bots: z.array(z.int().nonnegative()).max(32),
  /** By place: player id, whether a guest, team, and rating where the mode takes backfill. */
  seats: z.array(z.tuple([z.string(), z.boolean(), z.int().nonnegative(), z.int().optional()])).max(64),
});
export type Roster = z.infer<typeof Roster>;

export const rosterText = (roster: Roster) => JSON.stringify(roster);

/** Undefined: the index learned the match anew, from its server, and has no roster of it. */
export function readRoster(text: string): Roster | undefined {
  if (text === "") return undefined;
  const parsed = Roster.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
