/**
 * Who gains and who loses by a match's result.
 *
 * - A lone team is a free-for-all: everybody plays for himself. A team's rank is the best of its players'; without any it comes last.
 * - Who stayed is rated by his team's rank, in a team of those who stayed: short-handed teams are expected to lose, and lose less by it.
 * - Who left is rated as if his whole team had come last and alone, so leaving never gains, and never saves a loss.
 * - Where a whole team left, it counts for the others as it was seated, in the last place.
 * - Bots are in no team here. Where fewer than two teams have players nothing is rated.
 */
import { rate } from "./rate.ts";
import type { MatchResult, RecordedMatch, Skill } from "./rating-store.ts";

type Sides = readonly (readonly string[])[];

/** The skills that changed, by player id. `left`: those of the match's players who left or never sat down. */
export function rateMatch(
  { teams }: Pick<RecordedMatch, "teams">,
  { ranks }: Pick<MatchResult, "ranks">,
  left: ReadonlySet<string>,
  skillOf: (playerId: string) => Skill,
): Map<string, Skill> {
  const sides = sidesOf(teams);
  const rated = new Map<string, Skill>();
  if (sides.length < 2 || !isRanked({ teams }, { ranks })) return rated;

  const stayers = sides.map((side) => side.filter((playerId) => !left.has(playerId)));
  const last = lastPlace(sides, ranks);
  const given = sides.map((side, at) => (stayers[at]!.length > 0 ? bestRank(side, ranks, last) : last));
  const seated = sides.map((side, at) => (stayers[at]!.length > 0 ? stayers[at]! : side));

  const take = (of: Sides, places: readonly number[], wanted: (playerId: string) => boolean) => {
    const after = rate(
      of.map((side) => side.map(skillOf)),
      places,
    );
    of.forEach((side, at) => {
      side.forEach((playerId, place) => {
        if (wanted(playerId)) rated.set(playerId, after[at]![place]!);
      });
    });
  };

  take(seated, given, (playerId) => !left.has(playerId));
  sides.forEach((side, at) => {
    const gone = new Set(side.filter((playerId) => left.has(playerId)));
    if (gone.size > 0) take(sides, given.with(at, last + 1), (playerId) => gone.has(playerId));
  });
  return rated;
}

/** Whether the result says anything about anybody of the match. */
export function isRanked({ teams }: Pick<RecordedMatch, "teams">, { ranks }: Pick<MatchResult, "ranks">): boolean {
  return teams.some((team) => team.some((playerId) => Object.hasOwn(ranks, playerId)));
}

const sidesOf = (teams: Sides): Sides =>
  teams.length === 1 ? teams[0]!.map((playerId) => [playerId]) : teams.filter((team) => team.length > 0);

const bestRank = (side: readonly string[], ranks: MatchResult["ranks"], otherwise: number): number =>
  Math.min(otherwise, ...side.flatMap((playerId) => (Object.hasOwn(ranks, playerId) ? [ranks[playerId]!] : [])));

/** Behind everybody who has a rank. */
const lastPlace = (sides: Sides, ranks: MatchResult["ranks"]): number =>
  1 + Math.max(...sides.flat().map((playerId) => (Object.hasOwn(ranks, playerId) ? ranks[playerId]! : 0)));
