/** What a leaderboard shows: the page's places, counted from 1, in whole rating points. */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import { LEADERBOARD_DEPTH, LEADERBOARD_PAGE_MAX, type LeaderboardQuery, type RatingStore } from "./rating-store.ts";

export interface LeaderboardEntry {
  readonly place: number;
  readonly playerId: string;
  readonly rating: number;
  readonly matches: number;
}

/** Rejects with FrontrowError UNKNOWN_MODE unless a match mode has the name, INVALID_ATTRIBUTES for a page that is none. */
export async function readLeaderboard(
  store: Pick<RatingStore, "leaderboard">,
  modes: Readonly<Record<string, { readonly kind: string }>>,
  query: LeaderboardQuery,
): Promise<LeaderboardEntry[]> {
  if (!Object.hasOwn(modes, query.mode) || modes[query.mode]!.kind !== "match") throw new FrontrowError("UNKNOWN_MODE");
  const problems = pageProblems(query);
  if (problems.length > 0) throw new FrontrowError("INVALID_ATTRIBUTES", undefined, { issues: problems });
  const standings = await store.leaderboard(query);
  return standings.map(({ playerId, rating, matches }, at) => ({
    place: query.offset + at + 1,
    playerId,
    rating: Math.round(rating),
    matches,
  }));
}

/** As `path: what is wrong`. */
function pageProblems({ limit, offset }: LeaderboardQuery): string[] {
  const problems: string[] = [];
  if (!isWithin(limit, 1, LEADERBOARD_PAGE_MAX)) problems.push(`limit: 1 to ${LEADERBOARD_PAGE_MAX}`);
  if (!isWithin(offset, 0, LEADERBOARD_DEPTH)) problems.push(`offset: 0 to ${LEADERBOARD_DEPTH}`);
  return problems;
}

/** For stores. */
export function checkPage(query: LeaderboardQuery): void {
  const problems = pageProblems(query);
  if (problems.length > 0) throw new RangeError(problems.join("; "));
}

const isWithin = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max;
