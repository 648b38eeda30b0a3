/** Time as the parts that wait for something are given it, so that a simulation can turn it: a clock that only goes forward, and one timer. */
export interface Clock {
  /** Milliseconds, of any beginning. */
  nowMs(): number;
  /** Calls `due` once after `ms`; the answer takes it back. */
  after(ms: number, due: () => void): () => void;
}

/** Calls `beat` every `ms`, until the answer is called. */
export function every(clock: Clock, ms: number, beat: () => void): () => void {
  let stop = clock.after(ms, again);
  function again(): void {
    stop = clock.after(ms, again);
    beat();
  }
  return () => stop();
}
