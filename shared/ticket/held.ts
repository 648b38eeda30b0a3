/**
 * One ticket of a match mode, as its holder keeps it: the serial point of its outcome. It is promised to one match at a time. A lock
 * that runs out does not free the ticket: the match may have its seats by then, so the holder asks the index of the match's metro
 * (`settle`) and waits for the answer, at most as long as seats are held for anybody.
 *
 *   waiting ──propose──▶ (asked ──yes──▶) locked ──seated──▶ ended
 *      ▲                                    │ └─runs out──▶ settling ──seated──▶ ended
 *      └──────────────released──────────────┴──────────────────┘
 *
 * Pure: each function says what the ticket becomes and what is to be said; nothing here waits or looks at a clock.
 */
import type { Limits } from "../limits.ts";

export type HeldState =
  | { readonly is: "waiting" }
  /** The player is looking at a ready check. No word was given yet. */
  | {
      readonly is: "asked";
      readonly match: string;
      readonly metro: string;
      readonly untilMs: number;
      readonly lockMs: number;
    }
  | { readonly is: "locked"; readonly match: string; readonly metro: string; readonly untilMs: number }
  | {
      readonly is: "settling";
      readonly match: string;
      readonly metro: string;
      readonly askAgainMs: number;
      /** Whatever was reserved has run out by then. */
      readonly giveUpMs: number;
    }
  | { readonly is: "ended" };

export const WAITING: HeldState = { is: "waiting" };
export const ENDED: HeldState = { is: "ended" };

export interface Proposal {
  readonly match: string;
  readonly metro: string;
  readonly epoch: number;
  readonly lockMs: number;
  readonly askMs?: number | undefined;
}

/** `reply` goes to who proposed. A proposal of an epoch that is over is declined: its owner no longer owns. */
export function onPropose(
  state: HeldState,
  proposal: Proposal,
  epochSeen: number,
  nowMs: number,
): { state: HeldState; reply: "locked" | "gone" | undefined } {
  const { match, metro, lockMs, askMs } = proposal;
  if ((state.is === "locked" || state.is === "asked") && state.match === match) {
    return { state, reply: state.is === "locked" ? "locked" : undefined };
  }
  if (state.is !== "waiting" || proposal.epoch < epochSeen) return { state, reply: "gone" };
  if (askMs) return { state: { is: "asked", match, metro, untilMs: nowMs + askMs, lockMs }, reply: undefined };
  return { state: { is: "locked", match, metro, untilMs: nowMs + lockMs }, reply: "locked" };
}

/** The player's word on a ready check. A decline ends the ticket. */
export function onReady(
  state: HeldState,
  yes: boolean,
  nowMs: number,
): { state: HeldState; reply: "locked" | "gone" | undefined } {
  if (state.is !== "asked") return { state, reply: undefined };
  if (!yes) return { state: ENDED, reply: "gone" };
  const { match, metro, untilMs, lockMs } = state;
  // Others may answer until the check is over, and seats are taken after the last of them.
  return { state: { is: "locked", match, metro, untilMs: Math.max(untilMs, nowMs) + lockMs }, reply: "locked" };
}

const isAbout = (state: HeldState, match: string) => "match" in state && state.match === match;

/** The owner, or the index, says that the match will never be. */
export const onReleased = (state: HeldState, match: string): HeldState => (isAbout(state, match) ? WAITING : state);

/** Whether these seats are the ticket's outcome: nobody else's word counts, and it counts once. */
export const onSeated = (state: HeldState, match: string): boolean =>
  (state.is === "locked" || state.is === "settling") && state.match === match;

/** Nobody knows yet; `settling` goes on. */
export function onUnsettled(state: HeldState, match: string, retryInMs: number, nowMs: number): HeldState {
  if (state.is !== "settling" || state.match !== match) return state;
  const askAgainMs = nowMs + retryInMs;
  // The index lives and says itself when it will know: that is worth waiting for.
  return { ...state, askAgainMs, giveUpMs: Math.max(state.giveUpMs, askAgainMs + 1) };
}

type Times = Pick<Limits, "settleRetryMs" | "seatHoldMs" | "ticketLockMs">;

/** What time does. `say` "settle": ask the match's metro how it ended; "declined": the player did not answer. */
export function onTime(
  state: HeldState,
  nowMs: number,
  { settleRetryMs, seatHoldMs, ticketLockMs }: Times,
): { state: HeldState; say: "settle" | "declined" | undefined } {
  switch (state.is) {
    case "asked":
      return nowMs < state.untilMs ? { state, say: undefined } : { state: ENDED, say: "declined" };
    case "locked": {
      if (nowMs < state.untilMs) return { state, say: undefined };
      const { match, metro } = state;
      const giveUpMs = nowMs + seatHoldMs + ticketLockMs;
      return { state: { is: "settling", match, metro, askAgainMs: nowMs + settleRetryMs, giveUpMs }, say: "settle" };
    }
    case "settling":
      if (nowMs >= state.giveUpMs) return { state: WAITING, say: undefined };
      if (nowMs < state.askAgainMs) return { state, say: undefined };
      return { state: { ...state, askAgainMs: nowMs + settleRetryMs }, say: "settle" };
    default:
      return { state, say: undefined };
  }
}
