/**
 * A table of real games, read as a stream: one row a player and game, or one row a game with a winner and a loser. Rows that cannot be
 * used are left out and counted by why; only a table that cannot be understood at all is an error.
 */
import { pipeline } from "node:stream/promises";
import { type Info, type Parser, parse } from "csv-parse";
import { InputError } from "../input-error.ts";
import { createLeftOut, sentenceOf } from "../left-out.ts";
import { openText } from "../open-text.ts";
import { type ColumnChoice, resolveColumns } from "./columns.ts";
import { gatherGames } from "./gather-games.ts";
import type { Columns, GamesRead } from "./words.ts";

/** About a gigabyte of memory; a table beyond that is read so far, and the report says so. */
const ROWS_MAX = 4_000_000;
/** A line that is longer has lost its closing quote. */
const LINE_CHARACTERS_MAX = 65_536;

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
  const leftOut = createLeftOut();
  const gathered = gatherGames(leftOut);
  let understood: readonly string[] = [];
  let [rows, cut] = [0, false];
  let refusal: Error | undefined;

  async function take(records: AsyncIterable<{ record: string[]; info: Info }>): Promise<void> {
    let columns: Columns | undefined;
    for await (const { record, info } of records) {
      if (!columns) {
        const resolved = resolveColumns(record, choice, attributes);
        ({ columns, understood } = resolved);
        if (resolved.hasNames) continue;
      }
      cut = rows === rowsMax;
      if (cut) return;
      rows++;
      gathered.add(record, columns, info.lines);
    }
  }

  const parser = parserFor(beginning, (line) => leftOut.add("its quotes do not close", line));
  // What is thrown into a pipeline may come out as its abort.
  const taken = (records: AsyncIterable<unknown>) =>
    take(records as AsyncIterable<{ record: string[]; info: Info }>).catch((error: Error) => {
      refusal = error;
    });
  await pipeline(bytes, parser, taken).catch((error: Error) => {
    // Who stops reading early aborts what flows.
    if (!cut) refusal ??= error;
  });
  if (refusal) throw new InputError(`${path}: ${refusal.message}`);
  const games = gathered.games();
  if (games.length > 0) return { games, rows, leftOut: leftOut.list(), understood, cut };
  throw new InputError(`${path}: no game could be read. ${leftOut.list().map(sentenceOf).join(" ")}`);
}

function parserFor(beginning: string, skipped: (line: number) => void): Parser {
  const parser: Parser = parse({
    bom: true,
    delimiter: delimiterOf(beginning),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: () => void skipped(parser.info.lines),
    max_record_size: LINE_CHARACTERS_MAX,
    info: true,
  });
  return parser;
}

/** The delimiter that is most frequent in the first line. */
function delimiterOf(beginning: string): string {
  const line = /^[^\r\n]*/.exec(beginning.replace(/^\uFEFF/, ""))![0];
  const count = (each: string) => line.split(each).length;
  return [",", ";", "\t", "|"].reduce((best, each) => (count(each) > count(best) ? each : best));
}
