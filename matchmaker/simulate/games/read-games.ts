/**
 * A table of real games, read as a stream: one row a player and game, or one row a game with a winner and a loser. Rows that cannot be
 * used are left out and counted by why; only a table that cannot be understood at all is an error.
 */
import { pipeline } from "node:stream/promises";
import { type Info, type Parser, parse } from "csv-parse";
import { InputError } from "../input-error.ts";
import { openText } from "../open-text.ts";
import { type ColumnChoice, resolveColumns } from "./columns.ts";
import { type Row, readRow } from "./row.ts";
import type { Columns, Game, GamesRead, LeftOut } from "./words.ts";

/** About a gigabyte of memory; a table beyond that is read so far, and the report says so. */
export const ROWS_MAX = 4_000_000;
/** A line that is longer has lost its closing quote. */
const LINE_CHARACTERS_MAX = 65_536;
/** Where rows were left out is shown for so many. */
const LINES_SHOWN = 3;

export interface ReadGamesOptions {
  readonly columns?: ColumnChoice;
  /** Names that the modes' rules use: columns called so become attributes. */
  readonly attributes?: readonly string[];
  readonly rowsMax?: number;
}

/** Rejects with InputError. */
export async function readGames(path: string, options: ReadGamesOptions = {}): Promise<GamesRead> {
  const { columns: choice = {}, attributes = [], rowsMax = ROWS_MAX } = options;
  const { beginning, bytes } = await openText(path);
  if (beginning.trimStart().startsWith('{"')) {
    throw new InputError(`${path} holds JSON lines, not a table: is it a ticket log? Use --log`);
  }
  const skipped = createLeftOut();
  const games = new Map<string, Row[]>();
  let understood: readonly string[] = [];
  let [rows, cut] = [0, false];
  let refusal: Error | undefined;

  /** Kept for later: what is thrown into a pipeline may come out as its abort. */
  function understand(first: readonly string[]) {
    try {
      return resolveColumns(first, choice, attributes);
    } catch (error) {
      refusal = error as Error;
      return undefined;
    }
  }

  function keep(cells: readonly string[], columns: Columns, line: number): void {
    rows++;
    const row = readRow(cells, columns, line);
    if (typeof row === "string") return skipped.add(row, line);
    const known = games.get(row.game);
    if (known) known.push(row);
    else games.set(row.game, [row]);
  }

  const parser: Parser = parse({
    bom: true,
    delimiter: delimiterOf(beginning),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: () => void skipped.add("its quotes do not close", parser.info.lines),
    max_record_size: LINE_CHARACTERS_MAX,
    info: true,
  });
  try {
    await pipeline(bytes, parser, async (records: AsyncIterable<unknown>) => {
      let columns: Columns | undefined;
      for await (const { record, info } of records as AsyncIterable<{ record: string[]; info: Info }>) {
        if (!columns) {
          const resolved = understand(record);
          if (!resolved) return;
          ({ columns, understood } = resolved);
          if (resolved.hasNames) continue;
        }
        if (rows === rowsMax) {
          cut = true;
          return;
        }
        keep(record, columns, info.lines);
      }
    });
  } catch (error) {
    // Who stops reading early aborts what flows.
    if (!cut) refusal ??= error as Error;
  }
  if (refusal) throw new InputError(`${path}: ${refusal.message}`);
  const usable = [...games].flatMap(([id, of]) => gameOf(id, of, skipped) ?? []);
  usable.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  if (usable.length === 0) throw new InputError(`${path}: no game could be read. ${sentencesOf(skipped.list())}`);
  return { games: usable, rows, leftOut: skipped.list(), understood, cut };
}

/** The delimiter that is most frequent in the first line. */
function delimiterOf(beginning: string): string {
  const line = /^[^\r\n]*/.exec(beginning.replace(/^\uFEFF/, ""))![0];
  const count = (each: string) => line.split(each).length;
  return [",", ";", "\t", "|"].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Undefined, and counted, for a game that nobody can be rated by. */
function gameOf(id: string, rows: readonly Row[], skipped: { add(why: string): void }): Game | undefined {
  const players = rows.flatMap((row) => row.players);
  if (players.length < 2) return void skipped.add("its game has no second player");
  if (new Set(players.map(({ playerId }) => playerId)).size < players.length) {
    return void skipped.add("its game names a player twice");
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

function createLeftOut() {
  const byWhy = new Map<string, { count: number; lines: number[] }>();
  return {
    add(why: string, line?: number): void {
      const known = byWhy.get(why) ?? { count: 0, lines: [] };
      known.count++;
      if (line !== undefined && known.lines.length < LINES_SHOWN) known.lines.push(line);
      byWhy.set(why, known);
    },
    list: (): LeftOut[] => [...byWhy].map(([why, of]) => ({ why, ...of })).sort((a, b) => b.count - a.count),
  };
}

/** What was left out, for people. */
export function sentencesOf(leftOut: readonly LeftOut[]): string {
  return leftOut
    .map(({ why, count, lines }) => {
      const where = lines.length > 0 ? ` (line ${lines.join(", ")}${count > lines.length ? ", …" : ""})` : "";
      return `${count.toLocaleString("en")} left out: ${why}${where}.`;
    })
    .join(" ");
}
