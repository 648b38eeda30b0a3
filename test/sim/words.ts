/** What the parts of the simulated world know of each other. */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { Dice } from "./engine/dice.ts";
import type { Scheduler } from "./engine/scheduler.ts";
import type { Mutant } from "./mutants/mutant.ts";
import type { Counts } from "./watch/counts.ts";
import type { Watch } from "./watch/watch.ts";
import type { Net } from "./world/net.ts";
import type { Store } from "./world/store.ts";
import type { Weather } from "./world/weather.ts";

export const METRO = "fra";

export interface World {
  readonly scheduler: Scheduler;
  /** To be forked, once by each part that is made. */
  readonly dice: Dice;
  readonly limits: Limits;
  readonly modes: Readonly<Record<string, MatchMode>>;
  readonly weather: Weather;
  readonly counts: Counts;
  readonly watch: Watch;
  readonly net: Net;
  readonly store: Store;
  readonly mutant: Mutant;
  /** A line of the operation log; made only when somebody reads it. */
  log(line: () => string): void;
}

/** One ticket, or one member's part of a party's, at the edge that holds it. */
export interface Wish {
  /** The edge's process; another one after a crash. */
  readonly edge: string;
  readonly n: number;
  readonly player: string;
  readonly ticket: string;
  readonly mode: string;
  readonly compat: string;
  readonly party: { readonly key: string; readonly part: number; readonly parts: number } | undefined;
  /** True time. */
  readonly openedMs: number;
  /** Since when its player waits, at earlier edges too. */
  readonly sinceMs: number;
  /** From an earlier edge, or forged. */
  readonly receipt: string | undefined;
  /** Its client hears nothing of it any more. */
  isDeaf: boolean;
  end: "seat" | "refused" | "cancelled" | "crashed" | undefined;
}

export const nameOf = ({ player, edge, n }: Wish) => `${player}@${edge}#${n}`;
