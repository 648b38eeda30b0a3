/**
 * Colyseus decides what a room runs and how often (`patchRate`, `setTimestep`, `setFixedTimestep`), and starts a `setInterval`
 * of its own for each: intervals that drift, fire apart from one another and cannot be flushed together. While such a setter
 * runs, which is synchronous, `setInterval` and `clearInterval` are ours: the callback and its period are handed to the room's
 * loops and no timer is started. Colyseus' own code for steps, catch-up and clocks stays as it is.
 */
export interface IntervalKeeper {
  /** What it returns stands for the timer in Colyseus' hands. */
  add(run: () => void, everyMs: number): object;
  /** False if `handle` is not one of this keeper's. */
  remove(handle: unknown): boolean;
}

export function capturingIntervals<T>(keeper: IntervalKeeper, act: () => T): T {
  const { setInterval: realSet, clearInterval: realClear } = globalThis;
  globalThis.setInterval = ((run: () => void, everyMs: number) => keeper.add(run, everyMs)) as typeof setInterval;
  globalThis.clearInterval = ((handle: Parameters<typeof clearInterval>[0]) => {
    if (!keeper.remove(handle)) realClear(handle);
  }) as typeof clearInterval;
  try {
    return act();
  } finally {
    globalThis.setInterval = realSet;
    globalThis.clearInterval = realClear;
  }
}
