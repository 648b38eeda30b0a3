/** One row of a table of games -> who played, or why it cannot be used. */
import { parseTimestamp } from "./timestamp.ts";
import type { Columns, PlayedBy } from "./words.ts";

export interface Row {
  readonly game: string;
  readonly atMs: number;
  /** Players with what their result says: higher is better. */
  readonly players: readonly (Omit<PlayedBy, "rank"> & { readonly worth: number | undefined })[];
}

const WON = /^(win|wins|won|w|1|1\.0|true|yes|victory)$/i;
const LOST = /^(loss|lose|lost|l|0|0\.0|-1|false|no|defeat)$/i;
const DRAWN = /^(draw|drawn|d|tie|tied|0\.5|½)$/i;

/** A sentence for a row that cannot be used. `line` names a game that has no id of its own. */
export function readRow(cells: readonly string[], columns: Columns, line: number): Row | string {
  const cell = (at: number | undefined) => (at === undefined ? undefined : cells[at]?.trim() || undefined);
  const time = cell(columns.time);
  if (time === undefined) return "it has no time";
  const atMs = parseTimestamp(time);
  if (atMs === undefined) return "its time cannot be read";
  const { winner, loser } = columns;
  const isWide = winner !== undefined && loser !== undefined;
  const game = columns.game === undefined ? `line ${line}` : cell(columns.game);
  if (game === undefined) return "it names no game";
  const metros = [...columns.rtt].flatMap(([metro, at]) => {
    const rttMs = Number(cell(at) ?? Number.NaN);
    return rttMs >= 0 ? [{ metro, rttMs }] : [];
  });
  metros.sort((a, b) => a.rttMs - b.rttMs || (a.metro < b.metro ? -1 : 1));
  const attributes = Object.fromEntries(
    [...columns.attributes].flatMap(([name, at]) => {
      const value = cell(at);
      return value === undefined ? [] : [[name, attributeOf(value)] as const];
    }),
  );
  if (isWide) {
    const [won, lost] = [cell(winner), cell(loser)];
    if (!won || !lost) return "it names no winner, or no loser";
    const side = (playerId: string, worth: number) => ({
      playerId,
      team: playerId,
      party: undefined,
      worth,
      metros,
      attributes,
    });
    return { game, atMs, players: [side(won, 1), side(lost, 0)] };
  }
  const playerId = cell(columns.player);
  if (playerId === undefined) return "it names no player";
  const worth = worthOf(cell(columns.score), cell(columns.rank), cell(columns.result), columns);
  if (typeof worth === "string") return worth;
  const team = cell(columns.team) ?? playerId;
  return { game, atMs, players: [{ playerId, team, party: cell(columns.party), worth, metros, attributes }] };
}

/** How well somebody did, higher is better; undefined where the table has no results; a sentence where this row's cannot be read. */
function worthOf(
  score: string | undefined,
  rank: string | undefined,
  result: string | undefined,
  columns: Columns,
): number | undefined | string {
  if (columns.rank !== undefined) return finite(rank, -1) ?? "its rank is no number";
  if (columns.score !== undefined) return finite(score, 1) ?? "its score is no number";
  if (columns.result === undefined) return undefined;
  if (WON.test(result ?? "")) return 1;
  if (DRAWN.test(result ?? "")) return 0.5;
  return LOST.test(result ?? "") ? 0 : "its result is neither win, loss nor draw";
}

function finite(text: string | undefined, sign: 1 | -1): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? sign * value : undefined;
}

/** Numbers and truth as a mode's ranges and priority want them; all else stays text. */
function attributeOf(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
