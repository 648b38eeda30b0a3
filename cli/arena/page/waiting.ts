/** What is waited for, while it is: who else is in the pool, how long others waited, why it takes, when bots come, the ready check. */
import type { TicketState } from "@frontrow/client";
import { list, type PaneElements, say } from "./elements.ts";
import type { ModeName, OfferedModes } from "./offered-modes.ts";

/** More would not be read in the time that there is. */
const REASONS_SHOWN = 3;

export interface Waiting {
  /** A ticket for `mode` was sent. */
  begin(mode: ModeName, nowMs: number): void;
  hear(state: TicketState, nowMs: number): void;
  /** Counts down. */
  tell(nowMs: number): void;
  answer(yes: boolean): void;
}

export function createWaiting(el: PaneElements, offered: OfferedModes): Waiting {
  let sinceMs = 0;
  let botsAfterMs: number | undefined;
  let askedUntilMs = 0;
  let ready: TicketState["ready"];

  return {
    begin(mode, nowMs) {
      sinceMs = nowMs;
      botsAfterMs = offered[mode]?.botsAfterMs;
      el.wait.hidden = true;
      el.botsWait.hidden = botsAfterMs === undefined;
      for (const element of [el.pool, el.usualWait]) say(element, "–");
      list(el.waitWhy, []);
    },
    hear({ state, players, waitMs, why, askMs, ready: answer }, nowMs) {
      ready = answer;
      el.wait.hidden = state !== "waiting";
      el.waitWhy.hidden = state !== "waiting";
      if (askMs !== undefined) askedUntilMs = nowMs + askMs;
      if (state !== "waiting") return;
      if (players !== undefined) say(el.pool, players === 1 ? "only you" : `${players} players`);
      if (waitMs !== undefined) say(el.usualWait, seconds(waitMs));
      if (why.length > 0) list(el.waitWhy, why.slice(0, REASONS_SHOWN));
    },
    tell(nowMs) {
      const botsInMs = sinceMs + (botsAfterMs ?? 0) - nowMs;
      say(el.botsIn, botsInMs > 0 ? `in ${seconds(botsInMs)}` : "any moment");
      say(el.askLeft, `${seconds(Math.max(0, askedUntilMs - nowMs))} left`);
    },
    answer: (yes) => ready?.(yes),
  };
}

const seconds = (ms: number) => `${Math.ceil(ms / 1_000)} s`;
