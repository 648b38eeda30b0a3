/** Numbers as people read them. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const count = (value: number): string => Math.round(value).toLocaleString("en");

/** 1,234 of 2,000 is 61.7 %. */
export const share = (part: number, whole: number): string => (whole === 0 ? "–" : percent(part / whole));

/** Never rounds up to all, nor down to none. */
export function percent(value: number): string {
  if (value > 0 && value < 0.001) return "< 0.1 %";
  if (value < 1 && value >= 0.9995) return "> 99.9 %";
  return `${(value * 100).toFixed(value === 1 ? 0 : 1)} %`;
}

/** 325 ms, 25.5 s, 5 min 02 s, 3 h 20 min. */
export function duration(ms: number): string {
  if (Math.round(ms) < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  const [large, small, names] = ms < HOUR - 500 ? [MINUTE, SECOND, ["min", "s"]] : [HOUR, MINUTE, ["h", "min"]];
  const units = Math.round(ms / small);
  const per = large / small;
  return `${Math.floor(units / per)} ${names[0]} ${String(units % per).padStart(2, "0")} ${names[1]}`;
}
