/** Limits keyed by who is asking: by address for strangers, by player for tickets. */
import type { Limits } from "@frontrow/shared/limits.ts";
import { networkOf } from "@frontrow/shared/network.ts";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";

/** Each answers how long to wait, ms; 0: go on. */
export interface Rates {
  /**
   * Counts a socket that opens; false if the address has opened too many. Twice what `request` lets through: it is for those who
   * never say hello, the others are told RATE_LIMITED there, where a page can read it.
   */
  mayOpen(address: string): boolean;
  request(address: string): Promise<number>;
  play(playerId: string): Promise<number>;
  /** Counts the try, so that many at once are not more than one after another. */
  tryCode(address: string): Promise<number>;
  /** Takes a try back that was not wrong. */
  rightCode(address: string): void;
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
    mayOpen: createGate(windowed(2 * limits.requestsPerAddressPerSecond)),
    request: (address) => take(requests, networkOf(address)),
    play: (playerId) => take(plays, playerId),
    tryCode: (address) => take(wrongCodes, networkOf(address)),
    rightCode: (address) => void wrongCodes.reward(networkOf(address)),
  };
}

/** For an upgrade, which is judged at once: who went over is remembered here until the window ends. */
function createGate(limiter: RateLimiterMemory): (address: string) => boolean {
  const closed = new Set<string>();
  return (address) => {
    const key = networkOf(address);
    if (closed.has(key)) return false;
    limiter.consume(key).catch(({ msBeforeNext }: RateLimiterRes) => {
      closed.add(key);
      setTimeout(() => closed.delete(key), msBeforeNext).unref();
    });
    return true;
  };
}
