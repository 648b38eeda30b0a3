/**
 * Seats of matches that are asked for once more: the token went stale, or the game server let the player not in. Any replica of the
 * match's metro is asked how the match stands (`settle`), again and again until it knows: whether a match that was refused is placed
 * again is between its server and the index. What the player says only makes somebody look.
 */
import type { Clock } from "@frontrow/shared/clock.ts";
import { type ErrorCode, refusal } from "@frontrow/shared/errors.ts";
import type { Limits } from "@frontrow/shared/limits.ts";
import type { HolderMessage, OwnerMessage } from "@frontrow/shared/protocol/match-link.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { HeldOutcome } from "@frontrow/shared/ticket/holders.ts";

/** Numbers on the link from here on are ours, those below are the tickets' that wait. */
const FIRST_NUMBER = 2 ** 40;

export interface SeatWanted {
  readonly sid: string;
  readonly metro: string;
  readonly match: string;
  readonly options: Record<string, unknown>;
  /** Where the player was let not in. */
  readonly refusedIn: string | undefined;
  rtt(): RoundTrip;
}

export interface SeatsAgain {
  /** `ended` is told once, within `fillDeadlineMs`, unless it was cancelled. */
  ask(wanted: SeatWanted, ended: (outcome: HeldOutcome) => void): { cancel(): void };
  /** Whether the message was one of these. */
  hear(message: OwnerMessage): boolean;
  stop(): void;
}

export interface SeatsAgainOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "fillDeadlineMs" | "settleRetryMs">;
  /** To any replica of a metro; false: none can be reached. */
  readonly send: (metro: string, message: HolderMessage) => boolean;
}

interface Asked {
  readonly wanted: SeatWanted;
  readonly ended: (outcome: HeldOutcome) => void;
  readonly stopWaiting: () => void;
  stopRetrying: () => void;
}

export function createSeatsAgain({ clock, limits, send }: SeatsAgainOptions): SeatsAgain {
  const table = new Map<number, Asked>();
  let next = FIRST_NUMBER;

  function ask(n: number, asked: Asked): void {
    const { sid, metro, match, options, refusedIn, rtt } = asked.wanted;
    send(metro, {
      ...{ t: "settle", n, sid, match, rtt: rtt() },
      options: options as Extract<HolderMessage, { t: "settle" }>["options"],
      ...(refusedIn === undefined ? {} : { refusedIn }),
    });
    askIn(n, asked, limits.settleRetryMs);
  }

  function askIn(n: number, asked: Asked, ms: number): void {
    asked.stopRetrying();
    asked.stopRetrying = clock.after(ms, () => ask(n, asked));
  }

  function forget(n: number): Asked | undefined {
    const asked = table.get(n);
    table.delete(n);
    asked?.stopRetrying();
    asked?.stopWaiting();
    return asked;
  }

  const end = (n: number, outcome: HeldOutcome) => forget(n)?.ended(outcome);
  const fail = (n: number, code: ErrorCode) => end(n, { ok: false, refusal: refusal(code) });

  function answer(n: number, message: Exclude<OwnerMessage, { t: "unknown" }>): void {
    const asked = table.get(n);
    if (!asked) return;
    if (message.t === "unlisted") {
      const { t: _t, n: _n, issues, ...why } = message;
      return end(n, { ok: false, refusal: { ...why, ...(issues ? { issues } : {}) } });
    }
    if (!("match" in message) || message.match !== asked.wanted.match) return;
    if (message.t === "seated") return end(n, { ok: true, ...message });
    if (message.t === "released") return fail(n, "MATCH_GONE");
    if (message.t === "unsettled") askIn(n, asked, message.retryInMs);
  }

  return {
    ask(wanted, ended) {
      const n = next++;
      const asked: Asked = {
        wanted,
        ended,
        stopWaiting: clock.after(limits.fillDeadlineMs, () => fail(n, wanted.refusedIn ? "MATCH_STAYS" : "DEADLINE")),
        stopRetrying: () => {},
      };
      table.set(n, asked);
      ask(n, asked);
      return { cancel: () => void forget(n) };
    },
    hear(message) {
      // A session that its metro does not know yet is asked for again in time.
      if (message.t === "unknown") return message.ns.some((n) => n >= FIRST_NUMBER);
      if (message.n < FIRST_NUMBER) return false;
      answer(message.n, message);
      return true;
    },
    stop() {
      for (const n of table.keys()) forget(n);
    },
  };
}
