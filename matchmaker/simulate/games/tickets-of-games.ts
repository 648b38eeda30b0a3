/**
 * Tickets of real games, with ratings as they were: games are gone through in order of time, and a ticket gets the rating that the
 * results before it had made. A table knows when a game was and not when its players began to look: each is taken to have asked at a
 * random moment of the `spreadMs` before it, so that two who played each other do not come at the same instant.
 */
import { rateMatch } from "../../rating/rate-match.ts";
import type { Skill } from "../../rating/rating-store.ts";
import { pointsOf, START_SKILL } from "../../rating/skill.ts";
import { distributionOf } from "../distribution.ts";
import { favouriteOf } from "../favourite.ts";
import { seeded } from "../seeded.ts";
import type { Distribution, ReplayPlayer, ReplayTicket } from "../words.ts";
import type { Game, PlayedBy } from "./words.ts";

export interface TicketsOfGamesOptions {
  readonly seed: number;
  readonly spreadMs: number;
}

/** The games as they were really played, by the same measures. */
export interface AsPlayed {
  readonly games: number;
  readonly spread: Distribution | undefined;
  readonly favourite: Distribution | undefined;
  /** Games with one best team and a favourite; and the share of them that he won: how much the ratings knew. */
  readonly decided: number;
  readonly favouriteWon: number;
}

interface Ask {
  readonly atMs: number;
  readonly key: string;
  readonly players: readonly PlayedBy[];
}

/** `games` by time. */
export function ticketsOfGames(games: readonly Game[], { seed, spreadMs }: TicketsOfGamesOptions) {
  const rng = seeded(seed);
  const skills = new Map<string, Skill>();
  const skillOf = (playerId: string) => skills.get(playerId) ?? START_SKILL;
  const rated = ({ playerId }: PlayedBy): ReplayPlayer => {
    const skill = skillOf(playerId);
    return { playerId, rating: pointsOf(skill), sigma: skill.sigma, roles: [] };
  };
  const asks = games.flatMap((game) =>
    partiesOf(game).map((players, at): Ask => {
      return { atMs: Math.round(game.atMs - rng() * spreadMs), key: `${game.id}/${at}`, players };
    }),
  );
  asks.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
  const tickets: ReplayTicket[] = [];
  const played = createPlayed();
  let next = 0;

  function ask({ atMs, key, players }: Ask): void {
    const { metros, attributes } = players[0]!;
    tickets.push({
      key,
      atMs,
      sinceMs: atMs,
      compat: "any",
      players: players.map(rated),
      metros: players.length === 1 ? metros : reachedByAll(players),
      attributes,
      avoid: [],
    });
  }

  for (const game of games) {
    for (; next < asks.length && asks[next]!.atMs <= game.atMs; next++) ask(asks[next]!);
    const teams = teamsOf(game);
    played.add(
      teams.map((team) => team.map(rated)),
      teams,
    );
    const ranks = Object.fromEntries(
      game.players.flatMap(({ playerId, rank }) => (rank === undefined ? [] : [[playerId, rank] as const])),
    );
    const ids = teams.map((team) => team.map(({ playerId }) => playerId));
    for (const [playerId, skill] of rateMatch({ teams: ids }, { ranks }, new Set(), skillOf))
      skills.set(playerId, skill);
  }
  return { tickets, asPlayed: played.report() };
}

function createPlayed() {
  const spreads: number[] = [];
  const favourites: number[] = [];
  let [decided, won] = [0, 0];
  return {
    add(teams: readonly (readonly ReplayPlayer[])[], places: readonly (readonly PlayedBy[])[]): void {
      const ratings = teams.flat().map(({ rating }) => rating);
      spreads.push(Math.max(...ratings) - Math.min(...ratings));
      const favourite = favouriteOf(teams);
      if (favourite !== undefined) favourites.push(favourite);
      const best = places.map((team) => Math.min(...team.map(({ rank }) => rank ?? Number.POSITIVE_INFINITY)));
      const first = Math.min(...best);
      if (teams.length !== 2 || best[0] === best[1] || first === Number.POSITIVE_INFINITY) return;
      const strength = teams.map((team) => team.reduce((sum, { rating }) => sum + rating, 0));
      if (strength[0] === strength[1]) return;
      decided++;
      if (best.indexOf(first) === strength.indexOf(Math.max(...strength))) won++;
    },
    report: (): AsPlayed => ({
      games: spreads.length,
      spread: distributionOf(spreads),
      favourite: distributionOf(favourites),
      decided,
      favouriteWon: decided === 0 ? 0 : won / decided,
    }),
  };
}

/** Players of a game by a key, in the order in which they stand in the table. */
function groups(players: readonly PlayedBy[], keyOf: (player: PlayedBy, at: number) => string): PlayedBy[][] {
  const byKey = new Map<string, PlayedBy[]>();
  players.forEach((player, at) => {
    const key = keyOf(player, at);
    byKey.set(key, [...(byKey.get(key) ?? []), player]);
  });
  return [...byKey.values()];
}

const teamsOf = ({ players }: Game) => groups(players, ({ team }) => team);
const partiesOf = ({ players }: Game) =>
  groups(players, ({ party }, at) => (party === undefined ? `${at}` : `party ${party}`));

function reachedByAll(players: readonly PlayedBy[]): PlayedBy["metros"] {
  return players[0]!.metros
    .flatMap(({ metro }) => {
      const trips = players.flatMap((player) => player.metros.find((each) => each.metro === metro)?.rttMs ?? []);
      return trips.length === players.length ? [{ metro, rttMs: Math.max(...trips) }] : [];
    })
    .sort((a, b) => a.rttMs - b.rttMs || (a.metro < b.metro ? -1 : 1));
}
