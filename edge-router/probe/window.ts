/**
 * A sliding window of round-trip samples. The minimum is the distance (queues only add), jitter the mean absolute difference
 * of neighbours (RFC 3550 §6.4.1 without its smoothing), loss the share that never came back.
 */
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";

export interface SampleWindow {
  /** A sample in ms, or undefined for one that was lost. */
  add(sampleMs: number | undefined): void;
  summary(): RoundTrip;
}

export const NO_ROUND_TRIP: RoundTrip = { minMs: 0, jitterMs: 0, loss: 0, samples: 0, verified: false };

export function createSampleWindow(size: number, samplesVerified: number): SampleWindow {
  const samples: (number | undefined)[] = [];
  let summary = NO_ROUND_TRIP;

  function summarise(): RoundTrip {
    const arrived = samples.filter((sample) => sample !== undefined);
    if (arrived.length === 0) return { ...NO_ROUND_TRIP, loss: 1 };
    let steps = 0;
    for (let i = 1; i < arrived.length; i++) steps += Math.abs(arrived[i]! - arrived[i - 1]!);
    return {
      minMs: round(Math.min(...arrived)),
      jitterMs: round(arrived.length > 1 ? steps / (arrived.length - 1) : 0),
      loss: round(1 - arrived.length / samples.length),
      samples: arrived.length,
      verified: arrived.length >= samplesVerified,
    };
  }

  return {
    add(sampleMs) {
      samples.push(sampleMs);
      if (samples.length > size) samples.shift();
      summary = summarise();
    },
    summary: () => summary,
  };
}

/** To the microsecond: more digits would only be noise on the wire. */
const round = (value: number) => Math.round(value * 1_000) / 1_000;
