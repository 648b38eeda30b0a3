/**
 * The result of a match as it goes to the matchmaker: what room code said, checked, and who was there. Players of other matches that came
 * in later (backfill) are not part of it: their strength was never weighed against anybody's.
 */
import type { MatchReport } from "@frontrow/lobby/lobby.ts";
import type { RoomRecord } from "./room-record.ts";

/** By player id: 1 is the best, equal ranks are a draw. */
export type Ranks = Readonly<Record<string, number>>;

export interface Results {
  /** Of players, not of bots. Who is not named comes in with his team, or last. Without ranks nobody is rated. */
  readonly ranks?: Ranks | undefined;
  /** Player ids of who left too early. Unless given: everybody who is not there any more; a room whose players may go when they are out says `[]`. */
  readonly left?: readonly string[] | undefined;
}

/** Far above any number of places. */
const RANK_MAX = 1_000_000;
/** Enough to see what went wrong. */
const PROBLEMS_MAX = 5;

/** As `path: what is wrong`. Room code may hand on what a client sent it, so nothing is taken for granted. */
export function resultProblems({ ranks = {}, left = [] }: Results, record: RoomRecord): string[] {
  const known = (playerId: unknown) => typeof playerId === "string" && playersOf(record).has(playerId);
  const stranger = (playerId: unknown) =>
    `${JSON.stringify(playerId)} is no player of this room: it takes the \`playerId\` of plugins.match.player(client), and bots have none`;
  if (typeof ranks !== "object" || ranks === null || Array.isArray(ranks))
    return ["ranks: must be a rank by player id"];
  if (!Array.isArray(left)) return ["left: must be a list of player ids"];
  const problems: string[] = [];
  for (const [playerId, rank] of Object.entries(ranks)) {
    if (!known(playerId)) problems.push(`ranks: ${stranger(playerId)}`);
    else if (!Number.isInteger(rank) || rank < 1 || rank > RANK_MAX) {
      problems.push(`ranks.${playerId}: must be 1, 2, 3, …, not ${JSON.stringify(rank)}`);
    }
  }
  for (const playerId of left) if (!known(playerId)) problems.push(`left: ${stranger(playerId)}`);
  return problems.slice(0, PROBLEMS_MAX);
}

/** Who came and is not there any more. A player whose place the room keeps, or who is on the way back in, is there. */
export function goneFrom(record: RoomRecord): string[] {
  const there = new Set<string>();
  for (const place of record.seats()) if (place.state !== "vacant") there.add(place.claims.player);
  return [...record.cameIn.keys()].filter((playerId) => !there.has(playerId));
}

/** What the index is told. */
export function matchReportOf(
  record: RoomRecord,
  match: string,
  { ranks, left = goneFrom(record) }: Results,
): MatchReport {
  const players = [...playersOf(record)].flatMap(([playerId, came]) =>
    came.match === match ? [{ playerId, team: came.team }] : [],
  );
  const own = new Set(players.map(({ playerId }) => playerId));
  return {
    match,
    roomId: record.roomId,
    mode: record.origin.mode,
    ranks: ranks && Object.fromEntries(Object.entries(ranks).filter(([playerId]) => own.has(playerId))),
    left: left.filter((playerId) => own.has(playerId)),
    players,
  };
}

/** Who ever sat down, and who was sitting down as it ended. */
function playersOf(record: RoomRecord): ReadonlyMap<string, { team: number; match: string | undefined }> {
  const players = new Map(record.cameIn);
  for (const { state, claims } of record.seats()) {
    if (state === "arriving" && !players.has(claims.player)) {
      players.set(claims.player, { team: claims.team ?? 0, match: claims.match });
    }
  }
  return players;
}
