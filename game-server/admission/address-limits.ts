/**
 * What one address may ask of the door before anything is verified. An upgrade is judged synchronously, so an address over its
 * rate is remembered here until its window ends.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import { networkOf } from "@frontrow/shared/network.ts";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";

/** Rates are averaged over this, so that a room full of players behind one router gets in; seconds. */
const WINDOW_S = 10;

export interface AddressLimits {
  /** Counts an upgrade; false if the address has had too many. */
  mayAsk(address: string): boolean;
  /** Counts a token that nobody signed; false if the address has shown too many to be told more than 401. */
  mayErr(address: string): boolean;
}

export function createAddressLimits(limits: Limits): AddressLimits {
  const points = limits.requestsPerAddressPerSecond * WINDOW_S;
  return { mayAsk: createGate(points), mayErr: createGate(points) };
}

/** Admits `points` a window for a key. The one that goes over still passes, the next does not. */
function createGate(points: number): (key: string) => boolean {
  const limiter = new RateLimiterMemory({ points: points - 1, duration: WINDOW_S });
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
