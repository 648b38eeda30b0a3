/**
 * A map whose entries vanish when their time has come, as Redis keys do. An entry that nobody asks for again is dropped by
 * later writes, which look at a few entries each in turn, so that a map is never much larger than what lives in it.
 */
const SWEPT_PER_WRITE = 2;

export interface ExpiringMap<V> {
  get(key: string): V | undefined;
  /** Writes the value, or only moves its end when it is the one already there. */
  set(key: string, value: V, expiresAtMs: number): void;
  delete(key: string): void;
}

export function createExpiringMap<V>(nowMs: () => number): ExpiringMap<V> {
  const entries = new Map<string, { value: V; expiresAtMs: number }>();

  let round = entries.entries();

  /** Goes on where the last write left off: starting anew each time would walk over all that was deleted meanwhile. */
  function sweep() {
    for (let seen = 0; seen < SWEPT_PER_WRITE; seen++) {
      const { done, value } = round.next();
      if (done) {
        round = entries.entries();
        return;
      }
      if (value[1].expiresAtMs <= nowMs()) entries.delete(value[0]);
    }
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expiresAtMs > nowMs()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, expiresAtMs) {
      entries.set(key, { value, expiresAtMs });
      sweep();
    },
    delete: (key) => void entries.delete(key),
  };
}
