/** Rows -> games, in the order of time. */
import type { createLeftOut } from "../left-out.ts";
import { type Row, readRow } from "./row.ts";
import type { Columns, Game } from "./words.ts";

type LeftOuts = Pick<ReturnType<typeof createLeftOut>, "add">;

export function gatherGames(leftOut: LeftOuts) {
  const byGame = new Map<string, Row[]>();
  return {
    add(cells: readonly string[], columns: Columns, line: number): void {
      const row = readRow(cells, columns, line);
      if (typeof row === "string") return leftOut.add(row, line);
      const known = byGame.get(row.game);
      if (known) known.push(row);
      else byGame.set(row.game, [row]);
    },
    games(): Game[] {
      const games = [...byGame].flatMap(([id, rows]) => gameOf(id, rows, leftOut) ?? []);
      return games.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
    },
  };
}

/** Undefined, and counted, for a game that nobody can be rated by. */
function gameOf(id: string, rows: readonly Row[], leftOut: LeftOuts): Game | undefined {
  const players = rows.flatMap((row) => row.players);
  if (players.length < 2) return void leftOut.add("its game has no second player");
  if (new Set(players.map(({ playerId }) => playerId)).size < players.length) {
    return void leftOut.add("its game names a player twice");
  }
  return {
    id,
    // Rows that disagree: the game was over by the latest.
    atMs: Math.max(...rows.map(({ atMs }) => atMs)),
    players: players.map(({ worth, ...player }) => ({
      ...player,
      rank: worth === undefined ? undefined : 1 + players.filter((other) => other.worth! > worth).length,
    })),
  };
}
