/** Numbers for groups (see `rows.ts`), counted, so that a number is given back with its last ticket. */
import type { MatchMode } from "@frontrow/shared/config/match-mode.ts";
import { hasGroups } from "./rows.ts";

type Attributes = Readonly<Record<string, unknown>>;

export interface Groups {
  enter(attributes: Attributes): number;
  leave(group: number): void;
}

/** What must be the same, as one string; different values never give the same one. */
function groupKey({ same = [], ranges = [] }: MatchMode, attributes: Attributes): string {
  let key = "";
  for (const name of same) {
    const value = attributes[name];
    key += typeof value === "string" ? `"${value.length}"${value}` : `${JSON.stringify(value)}`;
    key += ",";
  }
  for (const { attribute } of ranges) key += isNumber(attributes[attribute]) ? "+" : "-";
  return key;
}

export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export function createGroups(mode: MatchMode): Groups {
  if (!hasGroups(mode)) return { enter: () => 0, leave: () => {} };
  const numbers = new Map<string, number>();
  const keys: string[] = [];
  const counts: number[] = [];
  const free: number[] = [];
  return {
    enter(attributes) {
      const key = groupKey(mode, attributes);
      let group = numbers.get(key);
      if (group === undefined) {
        group = free.pop() ?? keys.length;
        numbers.set(key, group);
        keys[group] = key;
        counts[group] = 0;
      }
      counts[group]!++;
      return group;
    },
    leave(group) {
      counts[group]!--;
      if (counts[group] !== 0) return;
      numbers.delete(keys[group]!);
      free.push(group);
    },
  };
}
