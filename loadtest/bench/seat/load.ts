/**
 * Two ways to ask: a closed loop keeps a number of journeys in flight; an open loop starts them at a rate, whatever becomes of
 * the earlier ones, and counts each from the moment it was due, so that a stall is paid by all who would have come meanwhile
 * (no coordinated omission).
 */
import { build, type Histogram } from "hdr-histogram-js";

/** Somebody who takes a seat and gives it back, one journey at a time. */
export interface Seeker {
  /** Calls `seated` when the seat is there and `ended` when the journey is over. Never rejects. */
  journey(seated: () => void, ended: (ok: boolean) => void): void;
}

export interface Measured {
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Complete journeys a second. */
  readonly rate: number;
  readonly failed: number;
}

/** After a run's end its last journeys get this long; ms. */
const LAST_MS = 30_000;

const createMicroseconds = () =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });

const summary = (micros: Histogram, ended: number, failed: number, ms: number): Measured => ({
  p50_ms: micros.getValueAtPercentile(50) / 1_000,
  p99_ms: micros.getValueAtPercentile(99) / 1_000,
  rate: (ended * 1_000) / ms,
  failed,
});

/** Every seeker on its own, journey after journey, for `ms`. */
export function closedLoop(seekers: readonly Seeker[], ms: number): Promise<Measured> {
  const micros = createMicroseconds();
  const startMs = performance.now();
  const endMs = startMs + ms;
  let [inFlight, ended, failed] = [0, 0, 0];

  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${inFlight} journeys did not end`)), ms + LAST_MS);
    function go(seeker: Seeker): void {
      const askedMs = performance.now();
      inFlight++;
      const seated = () => micros.recordValue(Math.round((performance.now() - askedMs) * 1_000));
      seeker.journey(seated, (ok) => {
        inFlight--;
        const nowMs = performance.now();
        // What ends after the end is not part of the rate, for a rate is what fits into the time.
        if (nowMs < endMs) {
          if (ok) ended++;
          else failed++;
          go(seeker);
        } else if (inFlight === 0) {
          clearTimeout(late);
          resolve(summary(micros, ended, failed, ms));
        }
      });
    }
    seekers.forEach(go);
  });
}

/** `perSecond` journeys at even distances for `ms`; one that finds all seekers busy waits for the first that is free. */
export function openLoop(seekers: readonly Seeker[], perSecond: number, ms: number): Promise<Measured> {
  const micros = createMicroseconds();
  const free = [...seekers];
  const startMs = performance.now();
  const planned = Math.floor((perSecond * ms) / 1_000);
  let [due, begun, ended, failed] = [0, 0, 0, 0];

  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${begun - ended} journeys did not end`)), ms + LAST_MS);
    function begin(): void {
      while (begun < due && free.length > 0) {
        const dueMs = startMs + (begun++ * 1_000) / perSecond;
        const seeker = free.pop()!;
        const seated = () => micros.recordValue(Math.round((performance.now() - dueMs) * 1_000));
        seeker.journey(seated, (ok) => {
          free.push(seeker);
          if (!ok) failed++;
          if (++ended === planned) {
            clearTimeout(late);
            resolve(summary(micros, ended - failed, failed, performance.now() - startMs));
          } else begin();
        });
      }
    }
    function tick(): void {
      due = Math.min(planned, Math.ceil(((performance.now() - startMs) * perSecond) / 1_000));
      begin();
      if (due < planned) setTimeout(tick, 1);
    }
    tick();
  });
}
