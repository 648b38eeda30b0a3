/**
 * Round trips that a peer cannot make look better than they are: each probe carries a fresh random nonce, counts once, and
 * only while it is in flight. An echo that nobody asked for (early, twice, somebody else's) changes nothing.
 */
import type { Limits } from "@frontrow/shared/limits.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import { createSampleWindow } from "./window.ts";

/** More probes than this are never in flight at once; the oldest counts as lost. */
const IN_FLIGHT_MAX = 8;

export interface Probe {
  /** The nonce to send now. */
  send(nowMs: number): string;
  /** Whether the echo counted. */
  answered(nonce: string, nowMs: number): boolean;
  roundTrip(): RoundTrip;
  /** The connection broke: what was in flight says nothing about the distance. */
  forgetInFlight(): void;
}

export function createProbe({
  limits,
  nonce,
}: {
  limits: Pick<Limits, "probeWindow" | "probeSamplesVerified" | "probeTimeoutMs">;
  nonce: () => string;
}): Probe {
  const samples = createSampleWindow(limits.probeWindow, limits.probeSamplesVerified);
  const sentAt = new Map<string, number>();

  function dropLost(nowMs: number): void {
    for (const [sent, at] of sentAt) {
      if (nowMs - at < limits.probeTimeoutMs && sentAt.size < IN_FLIGHT_MAX) return;
      sentAt.delete(sent);
      samples.add(undefined);
    }
  }

  return {
    send(nowMs) {
      dropLost(nowMs);
      const fresh = nonce();
      sentAt.set(fresh, nowMs);
      return fresh;
    },
    answered(echoed, nowMs) {
      const at = sentAt.get(echoed);
      if (at === undefined) return false;
      sentAt.delete(echoed);
      samples.add(nowMs - at > limits.probeTimeoutMs ? undefined : nowMs - at);
      return true;
    },
    roundTrip: () => samples.summary(),
    forgetInFlight: () => sentAt.clear(),
  };
}
