/**
 * A rate limit that allocates nothing: a bucket of `burst` tokens that refills at `perSecond`. For what is checked on every
 * message of a connection; limits keyed by address or player use rate-limiter-flexible, which also forgets them.
 */
export interface TokenBucket {
  /** Whether one more fits now. */
  take(nowMs: number): boolean;
}

export function createTokenBucket(perSecond: number, burst: number, startMs: number): TokenBucket {
  let tokens = burst;
  let filledMs = startMs;
  return {
    take(nowMs) {
      if (nowMs > filledMs) {
        tokens = Math.min(burst, tokens + ((nowMs - filledMs) / 1_000) * perSecond);
        filledMs = nowMs;
      }
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
