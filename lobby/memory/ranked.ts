/** Keys in order of their scores, and of their names where scores are equal: a Redis sorted set in memory. */
export interface Ranked {
  get(key: string): number | undefined;
  set(key: string, score: number): void;
  delete(key: string): void;
  size(): number;
  /** At most `limit` keys with scores from `min` on and up to `max`, the lowest first. */
  range(min: number, max: number, limit: number): string[];
}

export function createRanked(): Ranked {
  const scores = new Map<string, number>();
  const order: { key: string; score: number }[] = [];

  /** Where an entry stands or would stand. */
  function placeOf(score: number, key: string): number {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = order[middle]!;
      if (at.score < score || (at.score === score && at.key < key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function remove(key: string) {
    const score = scores.get(key);
    if (score === undefined) return;
    scores.delete(key);
    order.splice(placeOf(score, key), 1);
  }

  return {
    get: (key) => scores.get(key),
    set(key, score) {
      remove(key);
      scores.set(key, score);
      order.splice(placeOf(score, key), 0, { key, score });
    },
    delete: remove,
    size: () => order.length,
    range(min, max, limit) {
      const keys: string[] = [];
      for (let i = placeOf(min, ""); i < order.length && keys.length < limit && order[i]!.score <= max; i++) {
        keys.push(order[i]!.key);
      }
      return keys;
    },
  };
}
