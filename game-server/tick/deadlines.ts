/** A binary heap of things by deadline: the earliest is found at once, a new or moved one costs O(log n). */
export interface Deadlines<T> {
  push(atMs: number, item: T): void;
  /** Earliest deadline; Infinity when empty. */
  nextMs(): number;
  /** Takes the earliest item if its deadline is not after `atMs`. */
  pop(atMs: number): T | undefined;
}

export function createDeadlines<T>(): Deadlines<T> {
  const heap: Array<{ atMs: number; item: T }> = [];

  function swap(a: number, b: number): void {
    const kept = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = kept;
  }

  function rise(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (heap[parent]!.atMs <= heap[child]!.atMs) return;
      swap(child, parent);
      child = parent;
    }
  }

  function sink(): void {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && heap[right]!.atMs < heap[left]!.atMs ? right : left;
      if (heap[parent]!.atMs <= heap[least]!.atMs) return;
      swap(parent, least);
      parent = least;
    }
  }

  return {
    push(atMs, item) {
      heap.push({ atMs, item });
      rise(heap.length - 1);
    },
    nextMs: () => heap[0]?.atMs ?? Number.POSITIVE_INFINITY,
    pop(atMs) {
      const first = heap[0];
      if (!first || first.atMs > atMs) return undefined;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first.item;
    },
  };
}
