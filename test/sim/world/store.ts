/**
 * The lobby index: the real memory twin on a clock of its own, which steps, and with what happens to a Redis: it is away, frozen, loses
 * everything (FLUSHALL), or a replica of it that is some moments behind takes over. What it did is kept as a journal, so that such a
 * replica can be had.
 */
import type { Lobby } from "@frontrow/lobby/lobby.ts";
import { createMemoryLobby } from "@frontrow/lobby/memory/memory.ts";
import { createState, type LobbyState } from "@frontrow/lobby/memory/state.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import { START_MS } from "../engine/machine.ts";
import { METRO } from "../words.ts";

export type Ask<T> = (lobby: Lobby) => Promise<T>;

export interface Store {
  /** Its clock, Unix ms. */
  nowMs(): number;
  readonly state: LobbyState;
  /** Does it now; or when it is thawed; or, while it is away, never. */
  run<T>(ask: Ask<T>, answered: (answer: Promise<T>) => void): void;
  stepClock(ms: number): void;
  setAway(away: boolean): void;
  setFrozen(frozen: boolean): void;
  flush(): void;
  /** The state of `ms` ago. */
  rollBack(ms: number): void;
}

export interface StoreOptions {
  readonly limits: Limits;
  readonly trueMs: () => number;
  /** Its argument as an event of its own. */
  readonly soon: (work: () => void) => void;
  /** It knows less than before. */
  readonly forgot: () => void;
  /** Of a mutant. */
  readonly change: ((state: LobbyState) => void) | undefined;
}

export function createStore({ limits, trueMs, soon, forgot, change }: StoreOptions): Store {
  let offsetMs = 0;
  let isAway = false;
  let isFrozen = false;
  let waiting: (() => void)[] = [];
  let journal: { readonly trueMs: number; readonly nowMs: number; readonly ask: Ask<unknown> }[] = [];
  /** While the journal is read again: the time at which it was written. */
  let thenMs: number | undefined;
  const nowMs = () => thenMs ?? Math.floor(START_MS + offsetMs + trueMs());
  let made = make();

  function make() {
    const state = createState(METRO, limits, nowMs);
    change?.(state);
    return { state, lobby: createMemoryLobby({ metro: METRO, limits, nowMs, pulse: false, state }) };
  }

  function run<T>(ask: Ask<T>, answered: (answer: Promise<T>) => void): void {
    if (isAway) return;
    if (isFrozen) return void waiting.push(() => run(ask, answered));
    journal.push({ trueMs: trueMs(), nowMs: nowMs(), ask });
    answered(ask(made.lobby));
  }

  return {
    nowMs,
    get state() {
      return made.state;
    },
    run,
    stepClock(ms) {
      offsetMs += ms;
    },
    setAway(away) {
      isAway = away;
    },
    setFrozen(frozen) {
      isFrozen = frozen;
      if (frozen) return;
      const asks = waiting;
      waiting = [];
      for (const ask of asks) soon(ask);
    },
    flush() {
      journal = [];
      made = make();
      forgot();
    },
    rollBack(ms) {
      const known = journal.filter((entry) => entry.trueMs <= trueMs() - ms);
      thenMs = known[0]?.nowMs ?? nowMs();
      made = make();
      for (const { nowMs: atMs, ask } of known) {
        thenMs = atMs;
        ask(made.lobby).catch(() => {});
      }
      thenMs = undefined;
      journal = known;
      forgot();
    },
  };
}
