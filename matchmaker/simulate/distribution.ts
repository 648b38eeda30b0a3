/** Quantiles by nearest rank: the smallest value that at least so much of all is not above. */
import type { Distribution } from "./words.ts";

/** Undefined for no values. */
export function distributionOf(values: readonly number[]): Distribution | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  // A thousandth of whatever it is: enough for anybody, and a report that is no longer than it must be.
  const at = (share: number) => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]! * 1_000) / 1_000;
  return {
    count: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    curve: Array.from({ length: 101 }, (_, percent) => at(percent / 100)),
  };
}
