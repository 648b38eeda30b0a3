/**
 * Players that a running match asks for. Room code says how many seats of each team are free; whoever joins through it from then on
 * is taken off, so that room code need not count. Who is there already is told along, for the matchmaker to find fitting ones.
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Mode } from "@frontrow/shared/config/modes.ts";
import type { RoomRecord } from "./room-record.ts";

/** Free seats by team, in the mode's order; 0: nobody is wanted (any more). */
export type FreeSeats = readonly number[] | 0;

/** Of a player whose token says nothing; a new player's. */
const RATING = 1_500;

/** Throws where room code asks for what its mode cannot have. Does nothing for a room that is over. */
export function wantPlayers(record: RoomRecord, mode: Mode | undefined, free: FreeSeats): void {
  if (mode?.kind !== "match" || !mode.backfill) {
    throw new Error(`backfill(): the mode "${record.origin.mode}" is none that \`match({ backfill: true })\` made`);
  }
  if (record.isOver) return;
  const wanted = free === 0 ? [] : wantedOf(free, mode);
  record.wanted = wanted.some((seats) => seats > 0) ? wanted : [];
  record.isChanged = true;
}

/** Room code may hand on anything. */
function wantedOf(free: readonly number[], { teams }: MatchMode): number[] {
  if (!Array.isArray(free) || free.length !== teams.length) {
    throw new Error(`backfill(): it takes the free seats of each of the ${teams.length} teams, or 0`);
  }
  teams.forEach(({ seats }, team) => {
    const wanted: unknown = free[team];
    if (!Number.isInteger(wanted) || (wanted as number) < 0 || (wanted as number) > seats) {
      throw new Error(`backfill(): team ${team} has ${seats} seats, so it takes 0 to ${seats}, not ${String(wanted)}`);
    }
  });
  return [...free];
}

/** JSON: `rating` the mean of those who are there, `attributes` as the match was found by, `playerIds` of all. */
export function companyOf(record: RoomRecord): string {
  const there = record.seats().flatMap(({ state, claims }) => (state === "vacant" ? [] : [claims]));
  const ratings = there.map(({ rating = RATING }) => rating);
  const rating = ratings.length > 0 ? ratings.reduce((sum, one) => sum + one, 0) / ratings.length : RATING;
  return JSON.stringify({ rating, attributes: record.origin.options, playerIds: there.map(({ player }) => player) });
}
