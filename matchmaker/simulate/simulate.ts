/**
 * What would have happened: the tickets of a log, or of a table of real games, against a mode, and beside it against others. Virtual
 * time, the real pools and rounds. A match is seated the moment it is proposed: commits take milliseconds, waits take seconds.
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { replay } from "./replay.ts";
import { seeded } from "./seeded.ts";
import { createTally } from "./tally.ts";
import type { ModeReport, ReplayTicket, Report } from "./words.ts";

export interface Simulation {
  readonly mode: MatchMode;
  readonly tickets: readonly ReplayTicket[];
  /** A whole number; the same one gives the same report. */
  readonly seed: number;
  /** Other modes for the same tickets. */
  readonly against?: MatchMode | readonly MatchMode[];
  /** What the modes are called in the report, in order. */
  readonly names?: readonly string[];
}

/** Throws RangeError without a ticket: a report of nothing would look like one. */
export function simulate({ mode, tickets, seed, against = [], names = [] }: Simulation): Report {
  if (tickets.length === 0) throw new RangeError("simulate(): there are no tickets");
  const inOrder = [...tickets].sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
  const [firstMs, lastMs] = [inOrder[0]!.atMs, inOrder.at(-1)!.atMs];
  const run = (rules: MatchMode, index: number): ModeReport => {
    const name = names[index] ?? (index === 0 ? "mode" : index === 1 ? "against" : `against ${index}`);
    const tally = createTally({ name, seats: rules.seats, firstMs, lastMs });
    replay(rules, inOrder, seeded(seed), tally);
    return tally.report();
  };
  return { seed, spanMs: lastMs - firstMs, modes: [mode, ...[against].flat()].map(run) };
}
