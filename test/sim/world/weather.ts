/**
 * How bad a seed is: every tenth is calm, the others draw which faults they have and how often, so that some are a storm of one kind
 * and some have a little of everything. Times are milliseconds.
 */
import type { Dice } from "../engine/dice.ts";

export interface Carriage {
  /** Of every message, or of most. */
  readonly delayMs: readonly [number, number];
  readonly slow: number;
  readonly slowMs: readonly [number, number];
  readonly lose: number;
  readonly duplicate: number;
}

export const FAULTS = [
  "replica-crash",
  "replica-pause",
  "edge-crash",
  "edge-pause",
  "link-cut",
  "partition",
  "index-amnesia",
  "index-rollback",
  "index-absence",
  "index-clock",
  "index-drift",
  "process-clock",
  "server-crash",
  "mode-pause",
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Weather {
  link: Carriage;
  /** Links keep the order of what was said, as sockets do. */
  readonly inOrder: boolean;
  index: Carriage;
  /** Mean time between two faults of a kind; those that are absent never happen. */
  readonly faults: ReadonlyMap<FaultKind, number>;
}

export function createWeather(dice: Dice): Weather {
  if (dice.chance(0.1)) return { ...FAIR, inOrder: true, faults: new Map() };
  if (dice.chance(0.1)) return late(dice);
  const isLossy = dice.chance(0.6);
  const chosen = FAULTS.filter(() => dice.chance(0.3));
  return {
    link: carriage(dice, isLossy, [1, dice.pick([5, 30, 150])], [200, 3_000]),
    inOrder: dice.chance(0.4),
    index: carriage(dice, dice.chance(0.6), [0, dice.pick([2, 20, 120])], [100, 2_500]),
    faults: new Map(chosen.map((kind) => [kind, dice.between(3_000, 20_000)])),
  };
}

/**
 * An index that answers about when locks run out, on a clock that goes back and forth by less than anybody notices: reservations
 * arrive after the question how they ended, and are not too late by that clock.
 */
function late(dice: Dice): Weather {
  const index = { delayMs: [0, 5], slow: 0.4, slowMs: [1_150, 1_700], lose: 0, duplicate: 0 } as const;
  return { link: FAIR.link, inOrder: dice.chance(0.5), index, faults: new Map([["index-drift", 1_200]]) };
}

/** As it is once the faults are over. */
export const FAIR: Pick<Weather, "link" | "index"> = {
  link: { delayMs: [1, 20], slow: 0, slowMs: [0, 0], lose: 0, duplicate: 0 },
  index: { delayMs: [0, 2], slow: 0, slowMs: [0, 0], lose: 0, duplicate: 0 },
};

function carriage(
  dice: Dice,
  isLossy: boolean,
  delayMs: readonly [number, number],
  slowMs: readonly [number, number],
): Carriage {
  return {
    delayMs,
    slow: dice.pick([0, 0.02, 0.1]),
    slowMs,
    lose: isLossy ? dice.pick([0.01, 0.05, 0.2]) : 0,
    duplicate: isLossy ? dice.pick([0, 0.05, 0.3]) : 0,
  };
}

/** How long one copy is on its way; undefined: it is lost. One entry a copy. */
export function copiesOf(dice: Dice, { delayMs, slow, slowMs, lose, duplicate }: Carriage): (number | undefined)[] {
  const one = () =>
    dice.chance(lose) ? undefined : dice.between(...delayMs) + (dice.chance(slow) ? dice.between(...slowMs) : 0);
  return dice.chance(duplicate) ? [one(), one()] : [one()];
}
