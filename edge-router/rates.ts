/** Limits keyed by who is asking: by address for strangers, by player for tickets. */
import type { Limits } from "@frontrow/shared/limits.ts";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";

/** Each answers how long to wait, ms; 0: go on. */
export interface Rates {
  request(address: string): Promise<number>;
  play(playerId: string): Promise<number>;
  /** Asked before a code is tried; wrong ones are counted by `wrongCode`. */
  mayTryCode(address: string): Promise<number>;
  wrongCode(address: string): void;
}

/** Rates are averaged over this, so that a burst at a page's load passes; seconds. */
const WINDOW_S = 10;

export function createRates(limits: Limits): Rates {
  const windowed = (perSecond: number) => new RateLimiterMemory({ points: perSecond * WINDOW_S, duration: WINDOW_S });
  const requests = windowed(limits.requestsPerAddressPerSecond);
  const plays = windowed(limits.playsPerPlayerPerSecond);
  const wrongCodes = new RateLimiterMemory({ points: limits.wrongCodesPerMinute, duration: 60 });

  const take = (limiter: RateLimiterMemory, key: string) =>
    limiter.consume(key).then(
      () => 0,
      (full: RateLimiterRes) => Math.max(1, full.msBeforeNext),
    );

  return {
    request: (address) => take(requests, address),
    play: (playerId) => take(plays, playerId),
    async mayTryCode(address) {
      const tried = await wrongCodes.get(address);
      return tried && tried.remainingPoints <= 0 ? Math.max(1, tried.msBeforeNext) : 0;
    },
    wrongCode: (address) => void take(wrongCodes, address),
  };
}
