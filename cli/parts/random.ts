/** Random bytes out of a pool: asking OpenSSL costs 2 µs, however few are wanted, and each ticket wants some three times. */
import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4_096;

/** At most POOL_BYTES a call; every byte is given out once. */
export function createRandom(): (bytes: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (bytes) => {
    if (bytes > POOL_BYTES) throw new RangeError(`at most ${POOL_BYTES} random bytes at once`);
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytes;
    return pool.slice(used - bytes, used);
  };
}
