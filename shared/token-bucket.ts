/**
 * A rate limit that allocates nothing: a bucket of `burst` tokens that refills at `perSecond`. For what is checked on every
 * message of a connection; limits keyed by address or player use rate-limiter-flexible, which also forgets them. A class, because
 * numbers in a closure are allocated anew each time that they change.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledMs: number;

  constructor(perSecond: number, burst: number, startMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledMs = startMs;
  }

  /** Whether one more fits now. */
  take(nowMs: number): boolean {
    if (nowMs > this.#filledMs) {
      this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#filledMs) / 1_000) * this.#perSecond);
      this.#filledMs = nowMs;
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
