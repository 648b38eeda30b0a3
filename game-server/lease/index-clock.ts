/**
 * The lobby index's clock as this process knows it. Tokens are made and expire on it, so a game server whose own clock is wrong,
 * or is being set, admits the same players. Between two answers it runs on our monotonic clock.
 */
export interface IndexClock {
  /** Unix milliseconds. */
  nowMs(): number;
  /** The index said `indexNowMs` in an answer to what was sent at `sentMs`. */
  learn(indexNowMs: number, sentMs: number): void;
}

/** `nowMs` is monotonic; until the index has answered the system's own clock is believed. */
export function createIndexClock(nowMs: () => number, systemNowMs: () => number = Date.now): IndexClock {
  let offsetMs = systemNowMs() - nowMs();
  return {
    nowMs: () => nowMs() + offsetMs,
    learn(indexNowMs, sentMs) {
      offsetMs = indexNowMs - (sentMs + nowMs()) / 2;
    },
  };
}
