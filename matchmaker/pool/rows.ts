/**
 * Which row of the bins stands for a metro and a group. A group is everybody with the same values of what the mode's `same` names
 * (and with, or without, each of its ranges): tickets of different groups never meet, so each has rows of its own, given back when
 * they are empty. Their number is bounded, because players choose the values: beyond it the groups of a metro share one row, where
 * only looking past strangers costs more.
 */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import type { Bins } from "./bins.ts";

/** Metros of one pool; tickets are not listed in more. Every metro of a large fleet, and a bound on what a wrong edge may name. */
const METROS_MAX = 128;
/** Rows of groups; with six kinds of tickets a row has 12 kB. */
const GROUP_ROWS_MAX = 512;
const NONE = -1;

export interface Rows {
  /** Its number, or -1: the mode does not allow it, or there are too many. */
  metro(name: string): number;
  metroName(metro: number): string;
  /** The row of a metro and a group, made where it is not there. */
  row(metro: number, group: number): number;
  /** The same for who only looks. */
  find(metro: number, group: number): number;
  /** Whether rows come and go at all. */
  readonly isGrouped: boolean;
  /** A ticket was listed in the row, or is no longer. */
  enter(row: number): void;
  leave(row: number): void;
}

export function createRows(mode: MatchMode, bins: Bins): Rows {
  const metros = new Map<string, number>();
  const names: string[] = [];
  /** By metro: the row of whoever has none of their own. */
  const shared: number[] = [];
  const isGrouped = hasGroups(mode);
  const own = new Map<number, number>();
  /** By row: its key in `own`, and how many tickets are listed. */
  const keys: number[] = [];
  const counts: number[] = [];
  const empty: number[] = [];
  const addRow = (key: number) => {
    const row = empty.pop() ?? bins.addRow();
    keys[row] = key;
    counts[row] = 0;
    return row;
  };
  return {
    isGrouped,
    metro(name) {
      const known = metros.get(name);
      if (known !== undefined) return known;
      const isAllowed = metros.size < METROS_MAX && (mode.allowedMetros?.includes(name) ?? true);
      if (!isAllowed) return NONE;
      const metro = metros.size;
      metros.set(name, metro);
      names.push(name);
      shared.push(addRow(NONE));
      return metro;
    },
    metroName: (metro) => names[metro]!,
    row(metro, group) {
      if (!isGrouped) return shared[metro]!;
      const key = group * METROS_MAX + metro;
      const known = own.get(key);
      if (known !== undefined) return known;
      if (own.size >= GROUP_ROWS_MAX) return shared[metro]!;
      const row = addRow(key);
      own.set(key, row);
      return row;
    },
    find: (metro, group) => (isGrouped ? (own.get(group * METROS_MAX + metro) ?? shared[metro]!) : shared[metro]!),
    enter(row) {
      counts[row]!++;
    },
    leave(row) {
      counts[row]!--;
      if (counts[row] !== 0 || keys[row] === NONE) return;
      own.delete(keys[row]!);
      empty.push(row);
    },
  };
}

export const hasGroups = ({ same, ranges }: MatchMode) => (same?.length ?? 0) + (ranges?.length ?? 0) > 0;
