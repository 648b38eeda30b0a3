/** The rows of the report, for the table on a terminal and the one on the page: a label, and a word for each mode. */
import { sentenceOf } from "../left-out.ts";
import { type Distribution, type ModeReport, type UnmatchedWhy, unmatchedWhys } from "../words.ts";
import type { SimulationResult } from "./result.ts";
import { count, duration, percent, share } from "./words-of.ts";

export interface ReportRow {
  readonly label: string;
  readonly cells: readonly string[];
  /** Begins a group of rows. */
  readonly opens: boolean;
}

const NOTHING = "–";
const points = (value: number) => count(value);
const milliseconds = (value: number) => `${Math.round(value)} ms`;

const unmatchedLabels: Readonly<Record<UnmatchedWhy, string>> = {
  timedOut: "unmatched: timed out",
  left: "unmatched: gave up",
  unreachable: "unmatched: no metro in reach",
};

/** Rows in which no mode has anything are left out. */
export function rowsOf({ modes }: SimulationResult): ReportRow[] {
  const row = (label: string, cell: (mode: ModeReport) => string, opens = false): ReportRow => ({
    label,
    cells: modes.map(cell),
    opens,
  });
  const quantiles = (
    label: string,
    of: (mode: ModeReport) => Distribution | undefined,
    word: (value: number) => string,
    which: readonly ("p50" | "p95" | "p99")[] = ["p50", "p95"],
  ) =>
    which.map((quantile, index) =>
      row(
        `${label} ${quantile}`,
        (mode) => {
          const distribution = of(mode);
          return distribution ? word(distribution[quantile]) : NOTHING;
        },
        index === 0,
      ),
    );
  const some = (rows: ReportRow[]) =>
    rows.filter(({ cells }) => cells.some((cell) => cell !== "0" && cell !== NOTHING));
  const rules = [...new Set(modes.flatMap(({ widened }) => Object.keys(widened)))].sort();
  const whys = Object.keys(unmatchedWhys) as UnmatchedWhy[];
  return [
    row("tickets", ({ tickets }) => count(tickets), true),
    ...some([row("not asked, still waiting", ({ repeated }) => count(repeated))]),
    row("matched", ({ matchedTickets, tickets }) => share(matchedTickets, tickets)),
    row("matches", ({ matches }) => count(matches)),
    ...some([
      row("with bots", ({ withBots }) => count(withBots)),
      row("short of players", ({ short }) => count(short)),
    ]),
    ...quantiles("wait", ({ waitMs }) => waitMs, duration, ["p50", "p95", "p99"]),
    ...quantiles("skill spread", ({ spread }) => spread, points),
    ...quantiles("favourite wins", ({ favourite }) => favourite, percent),
    ...some(quantiles("round trip", ({ rttMs }) => rttMs, milliseconds)),
    ...some(quantiles("beyond nearest metro", ({ deltaMs }) => deltaMs, milliseconds)),
    ...some(whys.map((why) => row(unmatchedLabels[why], ({ unmatched }) => count(unmatched[why])))).map(opening),
    ...rules
      .map((rule) =>
        row(`widened: ${rule}`, ({ widened, matches }) => {
          const times = widened[rule] ?? 0;
          return times === 0 ? "0" : `${count(times)} (${share(times, matches)})`;
        }),
      )
      .map(opening),
  ];
}

const opening = (row: ReportRow, index: number): ReportRow => ({ ...row, opens: index === 0 });

/** What the rows were made from, in sentences. */
export function preambleOf({ input, modes, spanMs, seed }: SimulationResult): string[] {
  const { kind, files, rows, leftOut, rate, spreadMs, asPlayed, cut } = input;
  const { tickets, repeated, players } = modes[0]!;
  const what = kind === "games" ? `${count(rows)} rows` : `${count(rows)} lines`;
  const faster = rate === 1 ? "" : `, coming ${rate} times as fast`;
  const lines = [
    `${count(tickets + repeated)} tickets of ${count(players)} players in ${duration(spanMs)}${faster}; from ${files.join(", ")} (${what}), seed ${seed}.`,
  ];
  if (spreadMs !== undefined) {
    lines.push(`Each ticket is taken to have been asked for within the ${duration(spreadMs)} before its game.`);
  }
  if (cut) lines.push("There is more in it than is read at once: this is its beginning.");
  lines.push(...leftOut.map(sentenceOf));
  if (asPlayed?.spread && asPlayed.favourite) {
    const { games, spread, favourite, decided, favouriteWon } = asPlayed;
    const knew = decided > 0 ? `; of ${count(decided)} with a favourite he won ${percent(favouriteWon)}` : "";
    lines.push(
      `As they were really played: ${count(games)} games, skill spread p50 ${points(spread.p50)}, p95 ${points(spread.p95)}, favourite wins p50 ${percent(favourite.p50)}${knew}.`,
    );
  }
  return lines;
}
