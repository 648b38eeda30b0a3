/** The ships of a room that nobody sits in. */
import { createPilot, type Pilot } from "./pilot.ts";
import { launch, type Newcomer } from "./ships.ts";
import type { ArenaState, Intent } from "./state.ts";

/** As many as the largest match has seats for. */
const NAMES = ["Iris", "Otto", "Vega", "Juno", "Rex", "Nova", "Pike", "Wren", "Lux", "Finn"] as const;

export interface Bots {
  readonly size: number;
  has(index: number): boolean;
  /** `index` is the bot's own, from 0. */
  add(index: number, looks: Pick<Newcomer, "look" | "team">): void;
  remove(index: number): void;
  /** What a bot does next; undefined for a player's ship. */
  intent(id: string): Intent | undefined;
}

export function createBots(state: ArenaState, rng: () => number): Bots {
  const pilots = new Map<string, Pilot>();
  const idOf = (index: number) => `bot-${index}`;
  return {
    get size() {
      return pilots.size;
    },
    has: (index) => pilots.has(idOf(index)),
    add(index, looks) {
      pilots.set(idOf(index), createPilot(rng));
      launch(state, idOf(index), { ...looks, name: NAMES[index % NAMES.length]!, bot: true });
    },
    remove(index) {
      pilots.delete(idOf(index));
      state.ships.delete(idOf(index));
    },
    intent(id) {
      const ship = state.ships.get(id);
      return ship && pilots.get(id)?.(ship, state);
    },
  };
}
