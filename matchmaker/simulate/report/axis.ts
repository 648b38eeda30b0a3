/** Where an axis has its ticks: at round values, at most six of them. */

export interface Axis {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  readonly word: (value: number) => string;
}

const TICKS_MAX = 6;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DURATIONS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 8, 12, 24, 48, 96, 168, 336, 720, 2_160, 8_760].map((hours) => hours * HOUR),
];
const NUMBERS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

function axis(name: string, max: number, steps: readonly number[], word: (value: number) => string, min = 0): Axis {
  const step = steps.find((each) => (max - min) / each <= TICKS_MAX - 1) ?? steps.at(-1)!;
  const count = Math.max(1, Math.ceil((max - min) / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, at) => min + at * step);
  return { name, min, max: ticks.at(-1)!, ticks, word };
}

export const numberAxis = (name: string, max: number): Axis =>
  axis(name, Math.max(max, 1), NUMBERS, (value) => value.toLocaleString("en"));

export const durationAxis = (name: string, max: number): Axis => axis(name, Math.max(max, 1), DURATIONS, tickWord);

export const percentAxis = (name: string, min: number, max: number): Axis =>
  axis(name, max, [0.01, 0.02, 0.05, 0.1, 0.2, 0.25], (value) => `${Math.round(value * 100)} %`, min);

/** From the beginning to the end of what was recorded, and no further. */
export function timeAxis(name: string, spanMs: number): Axis {
  const { ticks, ...rest } = durationAxis(name, spanMs);
  return { ...rest, max: spanMs, ticks: ticks.filter((tick) => tick <= spanMs) };
}

/** In the largest unit of which it is a whole number. */
function tickWord(ms: number): string {
  if (ms === 0) return "0";
  if (ms % HOUR === 0) return `${ms / HOUR} h`;
  if (ms % MINUTE === 0) return `${ms / MINUTE} min`;
  return ms % SECOND === 0 ? `${ms / SECOND} s` : `${ms} ms`;
}
