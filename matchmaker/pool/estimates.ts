/**
 * How long a newcomer will wait, from those who were matched lately: an exponential mean of their waits (each new one counts a tenth),
 * overall and by bands of 200 rating points. A band speaks for itself once it has seen eight; until then everybody does.
 */
const BAND_POINTS = 200;
const BANDS = 32;
const WEIGHT = 0.1;
const BAND_SAMPLES_MIN = 8;

export interface Estimates {
  matched(rating: number, waitMs: number): void;
  waitMs(rating?: number): number | undefined;
}

export function createEstimates(): Estimates {
  const waits = new Float64Array(BANDS);
  const samples = new Int32Array(BANDS);
  let overallMs: number | undefined;
  const bandOf = (rating: number) => Math.min(BANDS - 1, Math.max(0, Math.floor(rating / BAND_POINTS)));
  return {
    matched(rating, waitMs) {
      const band = bandOf(rating);
      // The first few are a plain mean: an exponential one would remember its first sample for long.
      const nth = ++samples[band]!;
      waits[band]! += (waitMs - waits[band]!) * Math.max(WEIGHT, 1 / nth);
      overallMs = overallMs === undefined ? waitMs : overallMs + (waitMs - overallMs) * WEIGHT;
    },
    waitMs(rating) {
      const band = bandOf(rating ?? 0);
      return rating !== undefined && samples[band]! >= BAND_SAMPLES_MIN ? waits[band]! : overallMs;
    },
  };
}
