/** What a simulation found, and what it was made from: the JSON that `frontrow simulate --json` prints. */
import type { AsPlayed } from "../games/tickets-of-games.ts";
import type { LeftOut } from "../left-out.ts";
import type { Report } from "../words.ts";

export interface SimulationInput {
  readonly kind: "games" | "log";
  /** Names without folders. */
  readonly files: readonly string[];
  /** Rows of a table, lines of a log. */
  readonly rows: number;
  readonly leftOut: readonly LeftOut[];
  /** How a table's columns were understood. */
  readonly understood: readonly string[];
  /** There was more than is read. */
  readonly cut: boolean;
  /** How many times as fast players came. */
  readonly rate: number;
  /** Of a table: within how long before their game players asked. */
  readonly spreadMs?: number;
  /** Of a table: the games as they were. */
  readonly asPlayed?: AsPlayed;
}

export interface SimulationResult extends Report {
  readonly input: SimulationInput;
}
