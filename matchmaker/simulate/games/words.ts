/** A table of real games, read. */
import type { LeftOut } from "../left-out.ts";

/** What a column may hold. `winner` and `loser` are for tables with one row a game; all others have one row a player. */
export const columnRoles = {
  time: "when the game was: ISO 8601, `06 August 2004 18:13:50`, or Unix seconds or milliseconds; without a zone it is UTC",
  game: "the game's id, the same in each of its rows",
  player: "who played",
  team: "his team; without it everybody plays for himself",
  party: "who came together: players of a game with the same one share a ticket",
  score: "higher is better",
  rank: "lower is better",
  result: "won, lost or drawn: win/loss/draw, w/l/d, 1/0/0.5, true/false",
  winner: "who won, in a table with one row a game",
  loser: "who lost it",
} as const;
export type ColumnRole = keyof typeof columnRoles;

/** Column numbers from 0, as far as they are known. */
export type Columns = Readonly<Partial<Record<ColumnRole, number>>> & {
  /** Round trips in ms, by metro: columns called `rtt_fra` or `ping_fra`. */
  readonly rtt: ReadonlyMap<string, number>;
  /** By the name that a mode's rules use. */
  readonly attributes: ReadonlyMap<string, number>;
};

export interface PlayedBy {
  readonly playerId: string;
  readonly team: string;
  readonly party: string | undefined;
  /** 1 is the best; undefined: the table does not say. */
  readonly rank: number | undefined;
  readonly metros: readonly { readonly metro: string; readonly rttMs: number }[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Game {
  readonly id: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly players: readonly PlayedBy[];
}

export interface GamesRead {
  readonly games: readonly Game[];
  readonly rows: number;
  readonly leftOut: readonly LeftOut[];
  /** How the columns were understood, such as `time = "played_at"`. */
  readonly understood: readonly string[];
  /** The table is longer than is read. */
  readonly cut: boolean;
}
